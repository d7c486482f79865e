import { countText } from "../core/count-text.ts";
import { armText, evidenceLine, harmSince, intervalText, momentText, onsetOf } from "../core/evidence-line.ts";
import { figure } from "../core/figure.ts";
import { logEText } from "../core/log-e-text.ts";
import type { Migration, Rule } from "../core/migration.ts";
import { percent } from "../core/percent.ts";
import { quantileText } from "../core/quantile-text.ts";
import { signalOf } from "../core/signals.ts";
import { isExceedance, valueUnit } from "../core/value-unit.ts";
import type { Evidence, Verdict } from "../core/verdict.ts";
import { oddsOf } from "./odds-of.ts";

/** A verdict in words. */
export interface EvidenceText {
  /** For a title: `error 19.7%, limit 5%`. */
  readonly headline: string;
  /** What was seen and what was allowed: one sentence without its end. */
  readonly seen: string;
  /** How sure that is: one sentence without its end, in lower case. */
  readonly odds: string;
  /** Both, as one paragraph. */
  readonly sentences: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

/** What the value is of: a limit that every call may be held against is told as the calls beyond it. */
const nameOf = (rule: Rule | undefined, verdict: Verdict): string => {
  if (rule === undefined) return verdict.rule;
  if (rule.quantile === null || rule.signal === "output_shape") return rule.signal;
  return isExceedance(rule)
    ? `calls above ${figure(rule.limit, signalOf(rule.signal).unit)} of ${rule.signal}`
    : `${quantileText(rule.quantile)} of ${rule.signal}`;
};

const countedFacts = (rule: Rule | undefined): EvidenceText["facts"] =>
  rule === undefined || rule.signal === "output_shape" ? [] : [["Counted", signalOf(rule.signal).of]];

const inSegment = (segment: string): string => (segment === "" ? "" : ` in ${segment}`);

const limitText = (evidence: Pick<Evidence, "limit">, unit: string): string =>
  evidence.limit === null ? "none that can be stated as a number" : figure(evidence.limit, unit);

const oddsText = (candidate: string, { logE }: Evidence): string =>
  `a candidate ${candidate} shows evidence this strong with probability ${oddsOf(logE)}, however often one looks`;

const saying = (seen: string, odds: string): Pick<EvidenceText, "seen" | "odds" | "sentences"> => {
  const sentence = `${odds[0]?.toUpperCase() ?? ""}${odds.slice(1)}.`;
  return { seen, odds, sentences: `${seen}. ${sentence}` };
};

/** What the stage as a whole shows, where the figures are those of a stretch of it. */
const stageFacts = (evidence: Evidence, unit: string): EvidenceText["facts"] =>
  onsetOf(evidence) === null
    ? []
    : [["Whole stage", `${armText("canary", evidence, unit)}, limit ${limitText(evidence, unit)}`]];

/** Of a rule without a limit of its own: what was seen, in words. */
const inWords = (verdict: Verdict, name: string, seen: string): EvidenceText => {
  const { evidence, rule } = verdict;
  return {
    headline: `${name}: ${seen}`,
    ...saying(`${name}: ${seen}`, oddsText("whose output is like the baseline's", evidence)),
    facts: [
      ["Rule", rule],
      ["Seen", seen],
      ["Answers", `${countText(evidence.n.canary)} canary, ${countText(evidence.n.baseline)} baseline`],
      ["Log e-value", logEText(evidence, 2, " (threshold ", ")")],
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
  const [unit, name] = [rule === undefined ? (evidence.unit ?? "") : valueUnit(rule), nameOf(rule, verdict)];
  if (evidence.seen !== undefined) return inWords(verdict, name, evidence.seen);
  const [interval, since] = [intervalText(evidence, unit), harmSince(evidence)];
  const figures = onsetOf(evidence) ?? evidence;
  const seen = figures.value.canary === null ? "" : ` ${figure(figures.value.canary, unit)}`;
  const limit = figures.limit === null ? "" : `, limit ${figure(figures.limit, unit)}`;
  return {
    headline: `${name}${inSegment(evidence.segment)}${seen}${limit}`,
    ...saying(
      `${name}${inSegment(evidence.segment)}: ${evidenceLine(evidence, unit)}`,
      oddsText("that keeps the limit", evidence),
    ),
    facts: [
      ["Rule", verdict.rule],
      ...(evidence.segment === "" ? [] : [["Segment", evidence.segment] as const]),
      ...(since === null ? [] : [["Since", momentText(since)] as const]),
      ["Canary", armText("canary", figures, unit)],
      ["Baseline", armText("baseline", figures, unit)],
      ["Limit on the canary", limitText(figures, unit)],
      ...countedFacts(rule),
      ...stageFacts(evidence, unit),
      ...(interval === null ? [] : [["99% interval", interval] as const]),
      ["Log e-value", logEText(evidence, 2, " (threshold ", ")")],
      ["Method", `${evidence.method}, canary share ${percent(evidence.share)}`],
    ],
  };
};
