/** A reproducible source of uniform numbers in [0, 1): mulberry32. The same seed gives the same sequence. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A standard normal number, by Box and Muller, from two uniform ones. */
export const normalFrom = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A binomial count by inversion; meant for n * p of at most some hundreds. */
export const binomialFrom = (random: () => number, n: number, p: number): number => {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
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
