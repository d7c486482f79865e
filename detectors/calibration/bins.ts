import type { ConfidentAnswer } from "./confident-answer.ts";

/** Bins of the curve, where there is enough for so many. */
const MAX_BINS = 10;
/** Answers a bin has at least, but the one bin of a short file. */
const MIN_IN_BIN = 20;

/** Answers of equal confidence stand together, whatever that makes of the masses: they cannot be told apart. */
const tiesOf = (sorted: readonly ConfidentAnswer[]): readonly (readonly ConfidentAnswer[])[] => {
  const ties: ConfidentAnswer[][] = [];
  for (const answer of sorted) {
    const last = ties.at(-1);
    if (last?.[0]?.confidence === answer.confidence) last.push(answer);
    else ties.push([answer]);
  }
  return ties;
};

/** Bins of fewer answers go to the one before, the first to the one after. */
const withoutSmall = (bins: readonly (readonly ConfidentAnswer[])[]): readonly (readonly ConfidentAnswer[])[] => {
  const kept: (readonly ConfidentAnswer[])[] = [];
  for (const bin of bins) {
    const last = kept.at(-1);
    if (last !== undefined && Math.min(bin.length, last.length) < MIN_IN_BIN) kept.splice(-1, 1, [...last, ...bin]);
    else kept.push(bin);
  }
  return kept;
};

/**
 * Answers in bins of about equal mass, by rising confidence: ten, or fewer where a bin would have less than 20 answers; never two
 * bins for one confidence. No bin is empty; none for no answer.
 */
export const equalMassBins = (answers: readonly ConfidentAnswer[]): readonly (readonly ConfidentAnswer[])[] => {
  const count = Math.min(MAX_BINS, Math.max(1, Math.floor(answers.length / MIN_IN_BIN)));
  const bins = new Map<number, ConfidentAnswer[]>();
  let before = 0;
  for (const tie of tiesOf([...answers].sort((a, b) => a.confidence - b.confidence))) {
    const at = Math.floor(((before + tie.length / 2) / answers.length) * count);
    const bin = bins.get(at) ?? [];
    bins.set(at, bin);
    for (const answer of tie) bin.push(answer);
    before += tie.length;
  }
  return withoutSmall([...bins.values()]);
};
