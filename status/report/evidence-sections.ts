import { countText } from "../../core/count-text.ts";
import { evidenceLine } from "../../core/evidence-line.ts";
import { tableFigure } from "../../core/figure.ts";
import { isWeighed, logEText } from "../../core/log-e-text.ts";
import { utcMinute, utcSecond } from "../../core/utc-text.ts";
import type { Evidence } from "../../core/verdict.ts";
import type { PromotionRecord, Report, RuleRecord } from "./report.ts";
import { type Block, type Section, tableOf } from "./section.ts";

const intervalText = ({ last, unit }: RuleRecord): string => {
  const { interval } = last.evidence;
  return interval === null ? "–" : `${tableFigure(interval.lower, unit)} to ${tableFigure(interval.upper, unit)}`;
};

const firstText = (at: number | null): string => (at === null ? "never" : utcMinute(at));

const verdictRow = (record: RuleRecord): readonly string[] => {
  const { title, last, first, changes, severity } = record;
  return [
    title,
    severity,
    last.outcome,
    firstText(first.clear),
    firstText(first.breach),
    `${changes}`,
    isWeighed(last.evidence.logE) ? logEText(last.evidence) : "none yet",
  ];
};

/** True for a rule with something to look at: more than one moment, or evidence of a breach. */
const isPlotted = ({ points, first }: RuleRecord): boolean => points.length > 1 || first.breach !== null;

/** A rule on many features at once has no one value. */
const seenText = (evidence: Evidence, unit: string): string => {
  const { seen, value, n } = evidence;
  if (seen === undefined && value.canary === null && value.baseline === null)
    return `no one value: ${countText(n.canary)} canary and ${countText(n.baseline)} baseline calls were compared`;
  return seen ?? evidenceLine(evidence, unit);
};

const plotsOf = (record: RuleRecord): readonly Block[] => {
  const { rule, unit, points, last } = record;
  if (!isPlotted(record)) return [];
  return [
    { kind: "heading", text: rule },
    { kind: "text", text: seenText(last.evidence, unit) },
    { kind: "plot", title: rule, unit, points },
  ];
};

/** Breaches first: what acted is what is read. */
const byWeight = (a: RuleRecord, b: RuleRecord): number =>
  Number(b.first.breach !== null) - Number(a.first.breach !== null);

/** Every rule: what became of it, with its evidence over time. */
export const verdictSection = ({ rules }: Report): Section => ({
  id: "verdicts",
  title: "Verdicts and their evidence",
  blocks: [
    ...tableOf(
      ["rule", "does", "newest verdict", "first clear", "first breach", "changes", "log e-value of needed"],
      rules.map(verdictRow),
      "No rule has been judged: there is no verdict on record.",
    ),
    ...rules.toSorted(byWeight).flatMap(plotsOf),
  ],
});

/** What the output differs in, and what changed between the arms. */
export const findingSection = ({ findings, document }: Report): Section => ({
  id: "findings",
  title: "What the output differed in",
  blocks: tableOf(
    ["time (UTC)", "life", "finding, and what changed"],
    findings.map(({ at, life, text }) => [utcSecond(at), `${life}`, text]),
    document?.rules.some(({ signal }) => signal === "output_shape") === true
      ? "No finding is on record."
      : "No finding is on record. Without the rule output_shape nobody looks for one.",
  ),
});

/** What was seen is told once, at the promotion to the stage in which it was; the ones before name that stage. */
const brokenText = (
  { rule, at, text, stage }: PromotionRecord["breachedLater"][number],
  toStage: number,
  stages: number,
): string => {
  if (stage === toStage) return `${rule}, ${utcMinute(at)}: ${text}`;
  return `${rule}, ${stage < stages ? `in stage ${stage + 1}` : "after the last stage"}`;
};

/** What was not seen by the rules before a promotion, and what came out after it. */
export const promotionSection = ({ promotions, document }: Report): Section => ({
  id: "promotions",
  title: "Promotions, and what was known later",
  blocks: [
    {
      kind: "text",
      text: "Outcomes that come late (tickets, thumbs, scores) count when they arrive. What no rule names, and what came after the last verdict, is not measured.",
    },
    ...tableOf(
      ["time (UTC)", "to stage", "by", "why", "not clear by then", "broken later"],
      promotions.map(({ at, toStage, by, reason, unproven, breachedLater }) => [
        utcSecond(at),
        `${toStage + 1}`,
        by,
        reason,
        unproven.join(", ") || "none",
        breachedLater
          .map((each) => brokenText(each, toStage, document?.stages.length ?? Number.POSITIVE_INFINITY))
          .join("; ") || "none on record",
      ]),
      "There was no promotion.",
    ),
  ],
});

const reuseRow = ({ title, last, unit, ...record }: RuleRecord): readonly string[] => [
  title,
  tableFigure(last.evidence.limit, unit),
  tableFigure(last.evidence.value.canary, unit),
  intervalText({ title, last, unit, ...record }),
  tableFigure(last.evidence.value.baseline, unit),
  `${countText(last.evidence.n.canary)} / ${countText(last.evidence.n.baseline)}`,
];

/** The limits with what was observed beside them: where the next plan begins. */
export const reuseSection = ({ rules }: Report): Section => ({
  id: "reuse",
  title: "What to take along",
  blocks: [
    {
      kind: "text",
      text: "Limits as they stood, and what was observed by the newest verdict on record. A limit far from both arms finds nothing; one inside the baseline's own range cannot be met.",
    },
    ...tableOf(
      ["rule", "limit", "canary", "99% interval", "baseline", "calls, canary / base"],
      rules.map(reuseRow),
      "Not measured: no rule has been judged.",
    ),
  ],
});
