import type { Arm } from "../core/cohort.ts";
import { countText } from "../core/count-text.ts";
import { figure } from "../core/figure.ts";
import { logEText } from "../core/log-e-text.ts";
import type { Migration, Rule } from "../core/migration.ts";
import { percent } from "../core/percent.ts";
import { quantileText } from "../core/quantile-text.ts";
import { signalOf } from "../core/signals.ts";
import type { Evidence, Verdict } from "../core/verdict.ts";
import { oddsOf } from "./odds-of.ts";

/** A verdict in words. */
export interface EvidenceText {
  /** For a title: `error 19.7%, limit 5%`. */
  readonly headline: string;
  /** One paragraph: what was seen, what was allowed, how sure it is. */
  readonly sentences: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

const unitOf = (rule: Rule | undefined): string =>
  rule && rule.signal !== "output_shape" ? signalOf(rule.signal).unit : "";

const nameOf = (rule: Rule | undefined, verdict: Verdict): string => {
  if (!rule) return verdict.rule;
  return rule.quantile === null ? rule.signal : `${quantileText(rule.quantile, 2)} of ${rule.signal}`;
};

const inSegment = (segment: string): string => (segment === "" ? "" : ` in ${segment}`);

/** `19.7% (31 of 157 calls)`, `1.52 s (157 calls)`, `unknown (0 calls)`. */
const armText = (arm: Arm, { value, n, events }: Evidence, unit: string): string => {
  const calls =
    events === null ? `${countText(n[arm])} calls` : `${countText(events[arm])} of ${countText(n[arm])} calls`;
  return unit === "" && value[arm] === null ? calls : `${figure(value[arm], unit)} (${calls})`;
};

const limitText = (evidence: Evidence, unit: string): string =>
  evidence.limit === null ? "none that can be stated as a number" : figure(evidence.limit, unit);

const intervalText = (evidence: Evidence, unit: string): string | null =>
  evidence.interval && `${figure(evidence.interval.lower, unit)} to ${figure(evidence.interval.upper, unit)}`;

const sentencesOf = (name: string, evidence: Evidence, unit: string): string => {
  const interval = intervalText(evidence, unit);
  return [
    `${name}${inSegment(evidence.segment)}: canary ${armText("canary", evidence, unit)},`,
    `baseline ${armText("baseline", evidence, unit)}, limit ${limitText(evidence, unit)}.`,
    ...(interval === null
      ? []
      : [`The canary's true value lies between ${interval.replace(" to ", " and ")} (99%, at all times).`]),
    `A candidate that keeps the limit shows evidence this strong with probability ${oddsOf(evidence.logE)}.`,
  ].join(" ");
};

/** Of a rule without a limit of its own: what was seen, in words. */
const inWords = (verdict: Verdict, name: string, seen: string): EvidenceText => {
  const { evidence, rule } = verdict;
  return {
    headline: `${name}: ${seen}`,
    sentences: `${name}: ${seen}. A candidate whose output is like the baseline's shows evidence this strong with probability ${oddsOf(evidence.logE)}.`,
    facts: [
      ["Rule", rule],
      ["Seen", seen],
      ["Answers", `${countText(evidence.n.canary)} canary, ${countText(evidence.n.baseline)} baseline`],
      ["Log e-value", `${logEText(evidence, 2, " (threshold ")})`],
      ["Method", evidence.method],
    ],
  };
};

/**
 * Puts a verdict into words and figures from which it can be re-derived. A rule the migration does not have (any
 * more) keeps its id and has no unit.
 */
export const evidenceText = (migration: Migration, verdict: Verdict): EvidenceText => {
  const { evidence } = verdict;
  const rule = migration.rules.find((candidate) => candidate.id === verdict.rule);
  const [unit, name] = [unitOf(rule), nameOf(rule, verdict)];
  if (evidence.seen !== undefined) return inWords(verdict, name, evidence.seen);
  const interval = intervalText(evidence, unit);
  const seen = evidence.value.canary === null ? "" : ` ${figure(evidence.value.canary, unit)}`;
  const limit = evidence.limit === null ? "" : `, limit ${figure(evidence.limit, unit)}`;
  return {
    headline: `${name}${inSegment(evidence.segment)}${seen}${limit}`,
    sentences: sentencesOf(name, evidence, unit),
    facts: [
      ["Rule", verdict.rule],
      ...(evidence.segment === "" ? [] : [["Segment", evidence.segment] as const]),
      ["Canary", armText("canary", evidence, unit)],
      ["Baseline", armText("baseline", evidence, unit)],
      ["Limit on the canary", limitText(evidence, unit)],
      ...(interval === null ? [] : [["99% interval", interval] as const]),
      ["Log e-value", `${logEText(evidence, 2, " (threshold ")})`],
      ["Method", `${evidence.method}, canary share ${percent(evidence.share)}`],
    ],
  };
};
