import { normalFrom, seededRandom } from "../../core/seeded-random.ts";

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

/** Random numbers from a seed and a name. */
export const createRandom = (seed: number, name = ""): Random => {
  const uniform = seededRandom((seed ^ hash(name)) >>> 0);
  return { uniform, logNormal: (median, sigma) => median * Math.exp(sigma * normalFrom(uniform)) };
};
