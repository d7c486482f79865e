import { countText } from "../../core/count-text.ts";
import { PAIR_CHANGES, pairChangeOf } from "../../core/pair-measures.ts";
import type { PairRow } from "../../core/pair-row.ts";
import { percent } from "../../core/percent.ts";
import { printableValues } from "../../core/printable-values.ts";
import { shortNumber } from "../../core/short-number.ts";
import type { PairCluster, SegmentReading } from "../../detectors/pairs/pair-report.ts";
import { PAIR_CLASSES, type PairClass } from "../../detectors/pairs/triage.ts";
import { coverageText, coverageLines as linesOfSegments } from "../../status/coverage-text.ts";
import { labelsText } from "../../status/judge-text.ts";
import type { PairsView } from "../../status/pairs-view.ts";
import { spendInAllText, spendText } from "../../status/spend-text.ts";
import { renderTable } from "./table.ts";

/** What of the pairs is shown. */
export interface PairsFilter {
  /** `name=value`; clusters of this segment. Default: of all pairs. */
  readonly segment?: string;
  /** Clusters most of whose pairs are of this class. */
  readonly class?: PairClass;
}

const OUTCOMES = { clear: "CLEAR", undecided: "UNDECIDED", breach: "BREACH" } as const;

const segmentRow = (segment: SegmentReading): readonly string[] => [
  segment.segment === "" ? "all" : `${segment.segment}${segment.isCritical ? " (critical)" : ""}`,
  countText(segment.pairs),
  ...PAIR_CLASSES.map((each) => countText(segment.classes[each])),
  percent(segment.upper),
  percent(segment.limit),
  segment.outcome,
];

const SEGMENT_HEAD = ["segment", "pairs", ...PAIR_CLASSES, "at most", "limit", "gate"];

/** One code, in words where it has a meaning that is known. */
export const codeText = (code: string): string => {
  const name = pairChangeOf(code);
  const value = code.includes(":") ? ` (${code.slice(code.indexOf(":") + 1)})` : "";
  if (code === "unlike") return "less alike than the baseline's own reruns";
  if (code.startsWith("novel:")) return `never seen from the baseline: ${code.slice("novel:".length)}`;
  return name === null ? code : `${PAIR_CHANGES[name].about}${value}`;
};

const clusterLines = ({ id, codes, pairs, class: own, share, examples }: PairCluster): readonly string[] => [
  `${id}  ${own}, ${countText(pairs)} pairs, ${percent(share.value)} (${percent(share.lower)} to ${percent(share.upper)})`,
  ...codes.map((code) => `    ${code}: ${codeText(code)}`),
  `    for example ${examples.join(", ")}`,
];

const coverageLines = ({ coverage, spend, spendInAll }: PairsView): readonly string[] => {
  const [candidate, rerun] = [coverageText(coverage.candidate), coverageText(coverage.rerun)];
  const inAll = spendInAllText(spendInAll);
  return [
    candidate === null ? "no call was to be shadowed yet" : `calls to be shadowed: ${candidate}`,
    ...(rerun === null ? [] : [`baseline asked again: ${rerun}`]),
    ...(spend === null ? [] : [spendText(spend)]),
    ...(inAll === null ? [] : [inAll]),
  ];
};

/** Values of a segment that a terminal shows; `--json` has 50. */
const MAX_VALUES = 12;

const COVERAGE_HEAD = ["segment", "calls", "shadowed", "not shadowed, by reason"];

const segmentCoverage = ({ coverage: { segments } }: PairsView): readonly string[] =>
  segments.length === 0
    ? []
    : [
        "",
        ...renderTable(
          COVERAGE_HEAD,
          linesOfSegments(segments, MAX_VALUES).map(({ label, calls, shadowed, unpaired }) => [
            ...[label, calls, shadowed, unpaired],
          ]),
        ),
      ];

const floorLine = ({ reruns, similarity }: SegmentReading): string => {
  const floor = similarity.semantic.floor ?? similarity.lexical.floor;
  return floor === null
    ? `noise floor: unknown, ${countText(reruns.pairs)} reruns of the baseline so far`
    : `noise floor: ${percent(floor)} alike, by ${countText(reruns.pairs)} reruns of the baseline`;
};

const judgeLine = ({ judge }: PairsView): string => {
  if (judge === null) return "no judge: what no fact and no rule of the app decides counts as a regression";
  const { version, fitness, reason, pairs, reruns } = judge;
  const why = fitness === "fit" ? "" : `, and its word counts for nothing: ${reason}`;
  return `judge ${version}: read ${countText(pairs)} pairs and ${countText(reruns)} reruns, ${fitness}${why}`;
};

/** The pairs of a migration for a terminal: the gate, each segment, coverage, and clusters of what differs. */
export const renderPairs = (given: PairsView, filter: PairsFilter): readonly string[] => {
  const view = printableValues(given);
  const { migration, baseline, candidate, evidence, segments } = view;
  const shown = segments.find(({ segment }) => segment === (filter.segment ?? ""));
  const clusters = (shown?.clusters ?? []).filter(
    ({ class: own }) => filter.class === undefined || own === filter.class,
  );
  const where = filter.segment === undefined ? "" : ` of ${filter.segment}`;
  return [
    `${migration}: ${candidate} in the shadow of ${baseline}${view.isShadowed ? "" : ", which is over"}`,
    `gate: ${OUTCOMES[evidence.outcome]}: ${evidence.reason}`,
    "",
    ...renderTable(SEGMENT_HEAD, segments.map(segmentRow)),
    "",
    ...coverageLines(view),
    ...(segments[0] === undefined ? [] : [floorLine(segments[0])]),
    judgeLine(view),
    ...(labelsText(view) === null ? [] : [labelsText(view) ?? ""]),
    ...(view.untracked === 0 ? [] : [`${countText(view.untracked)} segment values are not looked into: too many`]),
    ...segmentCoverage(view),
    "",
    ...(shown === undefined
      ? [`no segment ${filter.segment}`]
      : clusters.length === 0
        ? [`no differences${where}${filter.class === undefined ? "" : ` that are ${filter.class}`}`]
        : [`what differs${where}, the largest first:`, ...clusters.flatMap(clusterLines)]),
  ];
};

const numberText = (value: number): string => shortNumber(value, 4);

/** One pair for a terminal. */
export const renderPair = (given: PairRow): readonly string[] => {
  const row = printableValues(given);
  const segments = Object.entries(row.segments).map(([name, value]) => `${name}=${value}`);
  const only = (values: readonly string[], others: readonly string[]): string =>
    values.filter((value) => !others.includes(value)).join(", ") || "nothing";
  return [
    `${row.id}  ${row.kind} of ${row.migration}, ${new Date(row.at_ms).toISOString()}`,
    `  served: ${row.served_model}, trace ${row.trace_id}, span ${row.span_id}`,
    `  second: ${row.other_model}, trace ${row.other_trace_id}, span ${row.other_span_id}`,
    `  segments: ${segments.join(", ") || "none"}`,
    "  what differs:",
    ...(row.changed.length === 0 ? ["    nothing"] : row.changed.map((code) => `    ${code}: ${codeText(code)}`)),
    `  only the served answer has: ${only(row.served_values, row.other_values)}`,
    `  only the second answer has: ${only(row.other_values, row.served_values)}`,
    ...Object.entries(row.numbers).map(([name, value]) => `  ${name}: ${numberText(value)}`),
    ...Object.entries(row.labels).map(([name, value]) => `  ${name}: ${value}`),
  ];
};
