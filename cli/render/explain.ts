import { tableFigure } from "../../core/figure.ts";
import { logEText } from "../../core/log-e-text.ts";
import { reasonText } from "../../core/undecided-reasons.ts";
import type { Doubt, Verdict } from "../../core/verdict.ts";
import type { Explanation } from "../../status/explanation.ts";
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
  `canary ${record.canary}, baseline ${record.baseline}`;

const becauseOf = ({ why, detail }: Extract<Verdict, { readonly outcome: "undecided" }>): string => {
  const { meaning, advice } = reasonText(why);
  return `${meaning}${detail === undefined ? "" : ` (${detail})`}; ${advice}`;
};

const renderDoubt = ({ reason, detail, since }: Doubt): string =>
  `in doubt since ${new Date(since).toISOString()}: ${reasonText(reason).meaning}: ${detail} (docs/statistics.md 9)`;

const renderVerdict = (verdict: Verdict, title: string, unit: string): readonly string[] => {
  const { evidence: e } = verdict;
  const why = verdict.outcome === "undecided" ? ` (${verdict.why.replaceAll("-", " ")})` : "";
  const reason = verdict.outcome === "undecided" ? [`  because    ${becauseOf(verdict)}`] : [];
  return [
    `${verdict.rule}: ${verdict.outcome}${why}`,
    ...reason,
    `  rule       ${title}; severity ${verdict.severity}`,
    `  segment    ${e.segment === "" ? "all calls" : e.segment}`,
    `  calls      ${arms(e.n)} since the stage began; canary share w = ${e.share.toFixed(4)}${e.designEffect === 1 ? "" : `; each counts as 1/${e.designEffect.toFixed(2)}, because calls of one conversation resemble one another`}`,
    ...(e.events === null ? [] : [`  events     ${arms(e.events)}`]),
    `  value      canary ${tableFigure(e.value.canary, unit)}, baseline ${tableFigure(e.value.baseline, unit)}, limit ${tableFigure(e.limit, unit)}`,
    ...(e.interval === null
      ? []
      : [
          `  interval   ${tableFigure(e.interval.lower, unit)} to ${tableFigure(e.interval.upper, unit)} for the canary, 99%, valid at every look`,
        ]),
    ...(e.parts.length > 1
      ? [
          `  parts      ${e.parts.map(({ segment, logE }) => `${segment === "" ? "all calls" : segment} ${logE.toFixed(4)}`).join(", ")}`,
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
    "",
    ...judgement.verdicts.flatMap((verdict) => {
      const text = explanation.rules.find(({ id }) => id === verdict.rule);
      const lines = renderVerdict(verdict, text?.title ?? verdict.rule, text?.unit ?? "");
      const { shape } = judgement;
      return /^arm-label/.test(verdict.evidence.method) && shape !== undefined
        ? [...lines.slice(0, -1), ...explainFindings(shape)]
        : lines;
    }),
  ].join("\n");
};
