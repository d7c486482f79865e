import type { ToldCalibration } from "../../agent/calibration/told-calibration.ts";
import { countText } from "../../core/count-text.ts";
import { exactPercent, percent } from "../../core/percent.ts";
import type { ArmCalibration, CalibrationChange, JudgedMeasure } from "../../detectors/calibration/calibrate.ts";
import type { Estimate } from "../../detectors/calibration/confident-answer.ts";
import type { KeptThreshold } from "../../detectors/calibration/kept-thresholds.ts";
import { renderTable } from "./table.ts";

const VERDICT = {
  drift: "drift: the candidate's confidence means something else",
  none: "none: both models' confidence means the same",
  undecided: "undecided: too little to say that the confidence means the same",
} as const;

/** The measures that are judged, as people call them. */
export const MEASURE_NAMES: Readonly<Record<JudgedMeasure, string>> = {
  ece: "expected calibration error",
  brier: "Brier score",
  overconfidence: "overconfidence",
};

const three = (value: number): string => {
  const text = value.toFixed(3);
  return text === "-0.000" ? "0.000" : text;
};

/** A figure with its interval: `0.142 (0.130 to 0.155)`. */
export const estimateText = (estimate: Estimate | null): string =>
  estimate === null ? "unknown" : `${three(estimate.value)} (${three(estimate.lower)} to ${three(estimate.upper)})`;

const shareText = (estimate: Estimate | null): string =>
  estimate === null
    ? "unknown"
    : `${percent(estimate.value)} (${percent(estimate.lower)} to ${percent(estimate.upper)})`;

const two = (value: number): string => value.toFixed(2);

/** `0.78 (0.74 to 0.83)`; what no threshold reaches, or lies beyond what was seen, is said. */
export const thresholdText = ({ canary }: KeptThreshold): string => {
  if (canary === null) return "unknown";
  const { value, lower, upper } = canary;
  const ends = `${lower === null ? "any" : two(lower)} to ${upper === null ? "none" : two(upper)}`;
  return `${value === null ? "none reaches it" : two(value)} (${ends})`;
};

/** What narrows a threshold's interval, in words. */
export const neededText = ({ kept, needed }: KeptThreshold, answers: number): string => {
  if (kept === null) return "no answer of the baseline tells";
  if (needed !== null && needed <= answers) return "these do";
  return needed === null ? "cannot be told from these" : `${countText(needed)} each`;
};

/** How many answers there are, in words. */
export const calibrationCounts = ({ baseline, canary }: ToldCalibration): string =>
  `${countText(baseline?.n ?? 0)} baseline and ${countText(canary?.n ?? 0)} canary answers with confidence and outcome`;

const KIND = {
  stated: "the confidence that was stated",
  logprob: "the mean probability of a token (exp of mean_logprob)",
} as const;

/** What was judged by what, and what would decide it: lines for people. */
export const calibrationNotes = (told: ToldCalibration): readonly string[] => [
  `confidence: ${KIND[told.confidence]}; right: ${told.outcome}; a difference matters from ${exactPercent(told.margin)} on`,
  ...told.notes,
  ...(told.verdict === "drift" ? [`differs: ${told.differs.map((each) => MEASURE_NAMES[each]).join(", ")}`] : []),
  ...(told.needed === null
    ? []
    : [`takes about ${countText(told.needed)} answers of each to decide, if the differences stay what they are`]),
  ...(["baseline", "canary"] as const).flatMap((arm) => {
    const ece = told[arm]?.ece;
    return ece === undefined
      ? []
      : [
          `${arm}: the plain expected calibration error is ${three(ece.plain)}, about ${three(ece.bias)} of it by chance; confidences that are all right would show ${three(ece.byChance)}`,
        ];
  }),
];

type ArmFigure = (arm: ArmCalibration) => string;

const figureRows = (
  baseline: ArmCalibration | null,
  canary: ArmCalibration | null,
  change: CalibrationChange | null,
): readonly (readonly string[])[] => {
  const row = (name: string, of: ArmFigure, difference: string): readonly string[] => [
    name,
    baseline === null ? "unknown" : of(baseline),
    canary === null ? "unknown" : of(canary),
    difference,
  ];
  return [
    row("right", ({ right }) => shareText(right), ""),
    row("Brier score", ({ brier }) => estimateText(brier), estimateText(change?.brier ?? null)),
    row("expected calibration error", ({ ece }) => estimateText(ece.error), estimateText(change?.ece ?? null)),
    row(
      "overconfidence",
      ({ overconfidence }) => estimateText(overconfidence),
      estimateText(change?.overconfidence ?? null),
    ),
    row("resolution", ({ resolution }) => estimateText(resolution), estimateText(change?.resolution ?? null)),
  ];
};

/** Header and rows of the figures of both arms. */
export const figureTable = (told: ToldCalibration): readonly [readonly string[], readonly (readonly string[])[]] => [
  ["95% intervals", "baseline", "canary", "canary - baseline"],
  figureRows(told.baseline, told.canary, told.change),
];

/** Header and rows of the thresholds. */
export const thresholdTable = ({
  thresholds,
  baseline,
  canary,
}: ToldCalibration): readonly [readonly string[], readonly (readonly string[])[]] => [
  ["baseline's", "keeps", "there", "is on the canary", "answers for ±0.05"],
  thresholds.map((each) => [
    ...[
      two(each.baseline),
      each.keeps,
      shareText(each.kept),
      thresholdText(each),
      neededText(each, Math.min(baseline?.n ?? 0, canary?.n ?? 0)),
    ],
  ]),
];

const curveRows = (name: string, arm: ArmCalibration | null): readonly (readonly string[])[] =>
  (arm?.bins ?? []).map(({ from, to, confidence, right, n }) => [
    ...[name, `${two(from)}..${two(to)}`, two(confidence), shareText(right), String(n)],
  ]);

/** `leeway calibration` for people. */
export const renderCalibration = (told: ToldCalibration): string =>
  [
    `${VERDICT[told.verdict]} (${calibrationCounts(told)})`,
    ...calibrationNotes(told).map((note) => `note: ${note}`),
    "",
    ...renderTable(...figureTable(told)),
    ...(told.thresholds.length === 0 ? [] : ["", ...renderTable(...thresholdTable(told))]),
    "",
    ...renderTable(
      ["curve", "confidence", "mean", "right", "n"],
      [...curveRows("baseline", told.baseline), ...curveRows("canary", told.canary)],
    ),
  ].join("\n");
