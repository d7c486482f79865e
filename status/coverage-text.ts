import { countText } from "../core/count-text.ts";
import { PAIR_OUTCOMES, type PairOutcome } from "../core/pair-row.ts";
import { percent } from "../core/percent.ts";
import { printableLine } from "../core/printable.ts";
import type { Coverage, SegmentCoverage } from "../detectors/pairs/pair-report.ts";

/** What became of served calls, most first: `1,310: 1,291 paired, 14 failed`; null where there was none. */
export const coverageText = (coverage: Coverage): string | null => {
  const counts = Object.entries(coverage).toSorted(([, a], [, b]) => b - a);
  const all = counts.reduce((sum, [, calls]) => sum + calls, 0);
  return all === 0
    ? null
    : `${countText(all)}: ${counts.map(([outcome, calls]) => `${countText(calls)} ${outcome}`).join(", ")}`;
};

/** One value of a segment, in words. */
export interface CoverageLine {
  /** `input_type=order`; `input_type: other values` for no value of its own. Values come from the app. */
  readonly label: string;
  readonly calls: string;
  /** Part that became pairs. */
  readonly shadowed: string;
  /** Why the others did not, most first: `412 sampled-out, 3 failed`. */
  readonly unpaired: string;
}

const lineOf = (label: string, { calls, shadowed, coverage }: SegmentCoverage["others"]): CoverageLine => ({
  ...{ label: printableLine(label), calls: countText(calls), shadowed: percent(shadowed) },
  unpaired: Object.entries(coverage)
    .filter(([outcome]) => outcome !== "paired")
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${countText(count)} ${outcome}`)
    .join(", "),
});

/** Values that have no line of their own, as one; none where there is no such call. */
const restOf = (
  hidden: SegmentCoverage["values"],
  others: SegmentCoverage["others"],
): readonly SegmentCoverage["others"][] => {
  const all = [...hidden, others].filter(({ calls }) => calls > 0);
  if (all.length === 0) return [];
  const coverage: Partial<Record<PairOutcome, number>> = {};
  for (const each of all)
    for (const outcome of PAIR_OUTCOMES)
      if (each.coverage[outcome] !== undefined) coverage[outcome] = (coverage[outcome] ?? 0) + each.coverage[outcome];
  const calls = all.reduce((sum, each) => sum + each.calls, 0);
  return [{ value: null, calls, shadowed: (coverage.paired ?? 0) / calls, coverage: coverage as Coverage }];
};

/** What became of served calls by the values of their segments, at most `most` values of each; the others together. */
export const coverageLines = (segments: readonly SegmentCoverage[], most: number): readonly CoverageLine[] =>
  segments.flatMap(({ name, values, others, unknown }) => [
    ...values.slice(0, most).map((each) => lineOf(`${name}=${each.value}`, each)),
    ...restOf(values.slice(most), others).map((each) => lineOf(`${name}: other values`, each)),
    ...(unknown.calls === 0 ? [] : [lineOf(`${name}: no value is known`, unknown)]),
  ]);
