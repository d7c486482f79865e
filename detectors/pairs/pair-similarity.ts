import type { PairRow } from "../../core/pair-row.ts";

/** How alike two answers are by each of two scales, as bins of two points: 0 to 50; null is unknown. */
export interface SimilarityBins {
  /** By words and characters. */
  readonly lexical: number | null;
  /** By an embedding model; what is below 0 counts as 0. */
  readonly semantic: number | null;
}

/** The scales. */
export type SimilarityScale = keyof SimilarityBins;

/** Bins of a scale: 0 to this; only what is entirely alike is in the last one. */
export const MOST_ALIKE = 50;

const binOf = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : Math.floor(Math.min(1, Math.max(0, value)) * MOST_ALIKE + 1e-9);

/** The similarities of a pair. Words and characters are averaged: either alone is unsure of short texts. */
export const similarityBins = ({ numbers }: Pick<PairRow, "numbers">): SimilarityBins => {
  const { similarity_tokens: tokens, similarity_chars: chars, similarity_semantic: semantic } = numbers;
  const lexical = tokens === undefined || chars === undefined ? (chars ?? tokens) : (tokens + chars) / 2;
  return { lexical: binOf(lexical), semantic: binOf(semantic) };
};

const UNKNOWN = MOST_ALIKE + 1;

/** Both bins as one number, 0 and up. */
export const cellOf = ({ lexical, semantic }: SimilarityBins): number =>
  (lexical ?? UNKNOWN) * (UNKNOWN + 1) + (semantic ?? UNKNOWN);

/** The bins of a cell. */
export const binsOfCell = (cell: number): SimilarityBins => {
  const [lexical, semantic] = [Math.floor(cell / (UNKNOWN + 1)), cell % (UNKNOWN + 1)];
  return { lexical: lexical === UNKNOWN ? null : lexical, semantic: semantic === UNKNOWN ? null : semantic };
};
