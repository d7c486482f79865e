/** A source of random numbers that repeats for the same seed. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  /** Log-normal with this median; `sigma` is the standard deviation of the logarithm, 0 = always the median. */
  readonly logNormal: (median: number, sigma: number) => number;
}

/** FNV-1a over the text, so that every model draws from a sequence of its own. */
const hash = (text: string): number => {
  let state = 0x811c9dc5;
  for (const char of text) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return state >>> 0;
};

/** Random numbers from a seed and a name: mulberry32, normal deviates by Box and Muller. */
export const createRandom = (seed: number, name = ""): Random => {
  let state = (seed ^ hash(name)) >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, logNormal: (median, sigma) => median * Math.exp(sigma * normal()) };
};
