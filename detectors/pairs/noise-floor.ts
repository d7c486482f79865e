import { pairChangeOf } from "../../core/pair-measures.ts";
import { propUpper } from "../stats/one-sample.ts";
import { MOST_ALIKE, type SimilarityBins, type SimilarityScale } from "./pair-similarity.ts";

/** Reruns below which nothing is known of how far the baseline is from itself. */
export const MIN_RERUNS = 60;

/** Part of the reruns that lie below the floor. */
const FLOOR_QUANTILE = 0.01;

/** A change that so many reruns have, and this part of them, is the baseline's own unsteadiness. */
const NOISE_RERUNS = 3;
const NOISE_SHARE = 0.005;
/** Level of the bound of how many reruns have a change. */
const ALPHA = 0.05;

/** Pairs per bin of similarity, of each scale. */
export type SimilarityCounts = Readonly<Record<SimilarityScale, readonly number[]>>;

/** What reruns say of the baseline's own unsteadiness. */
export interface RerunCounts {
  readonly n: number;
  readonly similarities: SimilarityCounts;
  /** Reruns with each code, and with any code of each name. */
  readonly codes: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, number>;
}

/** How far the baseline is from itself, by its reruns. */
export interface NoiseFloor {
  readonly reruns: number;
  /** Bin below which a pair differs by more than all but 1% of the reruns do; null while too few say. */
  readonly lexical: number | null;
  readonly semantic: number | null;
  /** Whether a change is one that the baseline's own reruns have. */
  readonly isNoise: (code: string) => boolean;
  /** Proven at most this part of the reruns has the change, 0-1. */
  readonly atMost: (code: string) => number;
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** The bin that holds the lowest hundredth, or the lowest rerun of fewer than 100. */
const floorOf = (counts: readonly number[]): number | null => {
  const n = total(counts);
  if (n < MIN_RERUNS) return null;
  const rank = Math.max(1, Math.floor(FLOOR_QUANTILE * n));
  let below = 0;
  return counts.findIndex((count) => {
    below += count;
    return below >= rank;
  });
};

/** The floor that reruns make; of fewer than 60 both scales are unknown, and no change is known for noise. */
export const noiseFloor = ({ n, similarities, codes, names }: RerunCounts): NoiseFloor => {
  const known = new Map<number, number>();
  const upperOf = (count: number): number => {
    const upper = known.get(count) ?? propUpper(count, n, ALPHA);
    known.set(count, upper);
    return upper;
  };
  const countOf = (code: string): number => names.get(pairChangeOf(code) ?? code) ?? 0;
  return {
    reruns: n,
    lexical: floorOf(similarities.lexical),
    semantic: floorOf(similarities.semantic),
    isNoise: (code) => n >= MIN_RERUNS && countOf(code) >= Math.max(NOISE_RERUNS, NOISE_SHARE * n),
    atMost: (code) => upperOf(codes.get(code) ?? 0),
  };
};

/**
 * Whether a pair is less alike than the floor: by meaning where that is known of both, else by words. Null where the floor is
 * unknown; false where the pair has no similarity at all (tool calls without text): its changes speak for it.
 */
export const isBelowFloor = (
  { lexical, semantic }: SimilarityBins,
  floor: Pick<NoiseFloor, SimilarityScale | "reruns">,
): boolean | null => {
  if (floor.reruns < MIN_RERUNS) return null;
  if (semantic !== null && floor.semantic !== null) return semantic < floor.semantic;
  if (lexical !== null && floor.lexical !== null) return lexical < floor.lexical;
  return lexical === null && semantic === null ? false : null;
};

/** Least part of the pairs by which their similarities have to lie below those of reruns, to be told. */
const SHIFT_SHARE = 0.1;
const SHIFT_ALPHA = 0.01;

/** Half-width of the band around a distribution of n draws (Dvoretzky, Kiefer and Wolfowitz, with Massart's constant). */
const radius = (n: number): number => Math.sqrt(Math.log(2 / SHIFT_ALPHA) / (2 * n));

/** That pairs as a whole are less alike than reruns, though each of them may be within the floor. */
export interface Shift {
  /** The bin up to which pairs are most in excess. */
  readonly bin: number;
  /** Part of the pairs that is in excess there, at least, 0-1. */
  readonly share: number;
}

/**
 * Looks for a shift of one scale: a tenth of the pairs more than of the reruns lies below some bin, beyond what chance makes of
 * it at 1%. A wide floor would otherwise hide a candidate whose every answer is at its edge. Null without.
 */
export const shiftOf = (pairs: readonly number[], reruns: readonly number[]): Shift | null => {
  const [n, m] = [total(pairs), total(reruns)];
  if (m < MIN_RERUNS || n < MIN_RERUNS) return null;
  let best: Shift = { bin: 0, share: 0 };
  let [below, rerunsBelow] = [0, 0];
  for (let bin = 0; bin < MOST_ALIKE; bin++) {
    below += pairs[bin] ?? 0;
    rerunsBelow += reruns[bin] ?? 0;
    const share = below / n - rerunsBelow / m - radius(n) - radius(m);
    if (share > best.share) best = { bin, share };
  }
  return best.share >= SHIFT_SHARE ? best : null;
};
