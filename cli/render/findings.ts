import type { Finding, ShapeReport } from "../../core/finding.ts";
import { attributionText, findingText } from "../../core/finding-text.ts";
import { formatTime } from "../../status/format-age.ts";
import { formatValue } from "../../status/format-value.ts";

const exampleText = ({ exampleSpans }: Finding): string => {
  const [first] = exampleSpans;
  return first === undefined ? "" : `, e.g. trace ${first.trace_id}`;
};

/** One line per finding, what they can be blamed on, and the notes; empty where there is nothing to say. */
export const renderFindings = ({ findings, notes, attribution }: ShapeReport): readonly string[] => [
  ...findings.map(
    (finding) => `FINDING ${findingText(finding)}, since ${formatTime(finding.since)} UTC${exampleText(finding)}`,
  ),
  ...(findings.length === 0 ? [] : [`what changed between the arms: ${attributionText(attribution)}`]),
  ...notes.map((note) => `note: ${note}`),
];

const intervalText = ({ interval, unit }: Finding): string =>
  interval === null ? "" : `, 99% ${formatValue(interval.lower, unit)} to ${formatValue(interval.upper, unit)}`;

const explainOne = (finding: Finding): readonly string[] => {
  const { baseline, canary, unit, n, evidence, exampleSpans, since } = finding;
  return [
    `  finding    ${findingText(finding)}`,
    `    values   canary ${formatValue(canary, unit)}${intervalText(finding)}, baseline ${formatValue(baseline, unit)}`,
    `    answers  canary ${n.canary}, baseline ${n.baseline}; since ${formatTime(since)} UTC`,
    `    log e    ${evidence.logE.toFixed(4)}, needs ${evidence.threshold.toFixed(4)}: this family in this segment`,
    ...exampleSpans.map(({ trace_id, span_id }) => `    example  trace ${trace_id}, span ${span_id}`),
  ];
};

/** Every finding with its evidence, for `leeway explain`. */
export const explainFindings = ({ findings, notes, attribution }: ShapeReport): readonly string[] => [
  ...(findings.length === 0 ? ["  finding    none stands"] : findings.flatMap(explainOne)),
  `  changed    ${attributionText(attribution)}`,
  ...notes.map((note) => `  note       ${note}`),
  "",
];
