/** A reproducible source of uniform numbers in [0, 1): mulberry32. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A binomial count by inversion; meant for n * p of at most some hundreds. */
export const binomial = (random: () => number, n: number, p: number): number => {
  if (n === 0 || p <= 0) return 0;
  const odds = p / (1 - p);
  let probability = (1 - p) ** n;
  let [count, left] = [0, random()];
  while (left > probability && count < n) {
    left -= probability;
    probability *= ((n - count) / (count + 1)) * odds;
    count++;
  }
  return count;
};
