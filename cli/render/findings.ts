import { tableFigure } from "../../core/figure.ts";
import type { Finding, ShapeReport } from "../../core/finding.ts";
import { attributionText, findingText } from "../../core/finding-text.ts";
import { logEText } from "../../core/log-e-text.ts";
import { utcSecond } from "../../core/utc-text.ts";

const exampleText = ({ exampleSpans }: Finding): string => {
  const [first] = exampleSpans;
  return first === undefined ? "" : `, e.g. trace ${first.trace_id}`;
};

/** One line per finding, what they can be blamed on, and the notes; empty where there is nothing to say. */
export const renderFindings = ({ findings, notes, attribution }: ShapeReport): readonly string[] => [
  ...findings.map(
    (finding) => `FINDING ${findingText(finding)}, since ${utcSecond(finding.since)} UTC${exampleText(finding)}`,
  ),
  ...(findings.length === 0 ? [] : [`what changed between the arms: ${attributionText(attribution)}`]),
  ...notes.map((note) => `note: ${note}`),
];

const intervalText = ({ interval, unit }: Finding): string =>
  interval === null ? "" : `, 99% ${tableFigure(interval.lower, unit)} to ${tableFigure(interval.upper, unit)}`;

const explainOne = (finding: Finding): readonly string[] => {
  const { baseline, canary, unit, n, evidence, exampleSpans, since } = finding;
  return [
    `  finding    ${findingText(finding)}`,
    `    values   canary ${tableFigure(canary, unit)}${intervalText(finding)}, baseline ${tableFigure(baseline, unit)}`,
    `    answers  canary ${n.canary}, baseline ${n.baseline}; since ${utcSecond(since)} UTC`,
    `    log e    ${logEText(evidence, 4, ", needs ")}: this family in this segment`,
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
