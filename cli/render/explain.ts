import { countText } from "../../core/count-text.ts";
import { momentText, onsetOf } from "../../core/evidence-line.ts";
import { tableFigure } from "../../core/figure.ts";
import { logEPartText, logEText } from "../../core/log-e-text.ts";
import { reasonText } from "../../core/undecided-reasons.ts";
import { type UndecidedVerdict, undecidedText } from "../../core/undecided-text.ts";
import type { Doubt, Evidence, Verdict } from "../../core/verdict.ts";
import type { Explanation } from "../../status/explanation.ts";
import { plural } from "../plural.ts";
import { explainFindings } from "./findings.ts";

/** How each method's number can be worked out again; the letters are those of docs/statistics.md. */
const DERIVATION: readonly (readonly [method: RegExp, text: string])[] = [
  [
    /^one-sample/,
    "smaller of two: S canary events of n against the limit L, and the canary's share of all events against its share w of the calls (docs/statistics.md 1-3)",
  ],
  [/^event-share/, "the canary's share of all events against rho w / (rho w + 1 - w) (docs/statistics.md 3)"],
  [/^two-arm/, "two-arm centred betting around the baseline's mean (docs/statistics.md 4)"],
  [/^one-arm/, "betting against the projected number (docs/statistics.md 4)"],
  [
    /^tail-share/,
    "canary calls above the baseline's quantile plus the margin, against baseline calls above the quantile (docs/statistics.md 5)",
  ],
  [/^arm-label/, "does the output tell which arm made it? (docs/statistics.md 6)"],
];

const derivationOf = (method: string): string => DERIVATION.find(([pattern]) => pattern.test(method))?.[1] ?? method;

const arms = (record: Readonly<Record<"canary" | "baseline", number>>): string =>
  `canary ${countText(record.canary)}, baseline ${countText(record.baseline)}`;

/** With what a person can do, also where waiting is enough. */
const becauseOf = (verdict: UndecidedVerdict, unit: string): string => {
  const { advice, passes } = reasonText(verdict.why);
  return `${undecidedText(verdict, unit)}${passes ? `; ${advice}` : ""}`;
};

/** The stretch that speaks loudest, where that is not all of the stage. */
const sinceLines = (evidence: Evidence, unit: string): readonly string[] => {
  const onset = onsetOf(evidence);
  if (onset === null) return [];
  const { since, n, value, limit, events } = onset;
  const figures = `canary ${tableFigure(value.canary, unit)}, baseline ${tableFigure(value.baseline, unit)}, limit ${tableFigure(limit, unit)}`;
  const counted = events === null ? "" : `; events ${arms(events)}`;
  return [`  onset      since ${momentText(since)}, where it looks worst: ${figures}; calls ${arms(n)}${counted}`];
};

const segmentText = ({ segment, segments }: Evidence): string => {
  const which = segment === "" ? "all calls" : segment;
  return segments === undefined ? which : `${which}; ${segments.clear} of ${plural(segments.all, "segment")} clear`;
};

const countedSince = ({ since }: Evidence): string => (since === undefined ? "" : `, ${momentText(since)}`);

const renderDoubt = ({ reason, detail, since }: Doubt): string =>
  `in doubt since ${new Date(since).toISOString()}: ${reasonText(reason).meaning}: ${detail} (docs/statistics.md 9)`;

/** A rule in words. */
type RuleText = Omit<Explanation["rules"][number], "id">;

const renderVerdict = (verdict: Verdict, { title, unit, counted }: RuleText): readonly string[] => {
  const { evidence: e } = verdict;
  const why = verdict.outcome === "undecided" ? ` (${verdict.why.replaceAll("-", " ")})` : "";
  const reason = verdict.outcome === "undecided" ? [`  because    ${becauseOf(verdict, unit)}`] : [];
  return [
    `${verdict.rule}: ${verdict.outcome}${why}`,
    ...reason,
    `  rule       ${title}; severity ${verdict.severity}`,
    `  segment    ${segmentText(e)}`,
    ...(counted === undefined ? [] : [`  counted    ${counted}`]),
    `  calls      ${arms(e.n)} since the stage began${countedSince(e)}; canary share w = ${e.share.toFixed(4)}${e.designEffect === 1 ? "" : `; each counts as 1/${e.designEffect.toFixed(2)}, because calls of one conversation resemble one another`}`,
    ...(e.events === null ? [] : [`  events     ${arms(e.events)}`]),
    `  value      canary ${tableFigure(e.value.canary, unit)}, baseline ${tableFigure(e.value.baseline, unit)}, limit ${tableFigure(e.limit, unit)}`,
    ...(e.interval === null
      ? []
      : [
          `  interval   ${tableFigure(e.interval.lower, unit)} to ${tableFigure(e.interval.upper, unit)} for the canary, 99%, valid at every look`,
        ]),
    ...(verdict.outcome === "clear" ? [] : sinceLines(e, unit)),
    ...(e.parts.length > 1
      ? [
          `  parts      ${e.parts.map(({ segment, logE }) => `${segment === "" ? "all calls" : segment} ${logEPartText(logE, 4)}`).join(", ")}`,
        ]
      : []),
    `  breach     log e-value ${logEText(e, 4, ", needs ")}`,
    `  clear      log e-value ${logEText({ logE: e.logEPass, threshold: e.passThreshold }, 4, ", needs ")}`,
    `  method     ${e.method}: ${derivationOf(e.method)}`,
    "",
  ];
};

/** `leeway explain` for people: the newest judgement, or the one a rollback was decided on. */
export const renderExplanation = (explanation: Explanation): string => {
  const judgement = explanation.decidedOn ?? explanation.judgement;
  if (judgement === null) return `${explanation.migration.name}: nothing is judged yet`;
  const what = explanation.decidedOn === null ? "newest judgement" : "the judgement the rollback was decided on";
  return [
    `${explanation.migration.name}: ${what}, ticks up to ${new Date(judgement.at).toISOString()}, stage ${judgement.stage + 1}`,
    ...(judgement.doubts ?? []).map(renderDoubt),
    ...(explanation.hold == null ? [] : [`HELD: ${explanation.hold}`]),
    ...(judgement.notes ?? []).map((note) => `not known: ${note}`),
    "",
    ...judgement.verdicts.flatMap((verdict) => {
      const text = explanation.rules.find(({ id }) => id === verdict.rule);
      const lines = renderVerdict(verdict, text ?? { title: verdict.rule, unit: verdict.evidence.unit ?? "" });
      const { shape } = judgement;
      return /^arm-label/.test(verdict.evidence.method) && shape !== undefined
        ? [...lines.slice(0, -1), ...explainFindings(shape)]
        : lines;
    }),
  ].join("\n");
};
