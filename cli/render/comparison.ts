import { logEText } from "../../core/log-e-text.ts";
import { shortNumber } from "../../core/short-number.ts";
import type { Comparison, Finding } from "../../detectors/compare/compare.ts";
import type { Observation } from "../../detectors/compare/observation.ts";
import { renderTable } from "./table.ts";

const VERDICT = {
  drift: "drift: the candidate's answers differ",
  none: "none: no difference found that matters",
  undecided: "undecided: too few answers to say that nothing changed",
} as const;

const short = (value: number | null): string => (value === null ? "–" : shortNumber(value));

const row = ({
  family,
  feature,
  segment,
  direction,
  label,
  baseline,
  canary,
  effect,
  evidence,
  n,
  also,
}: Finding): readonly string[] => [
  family,
  `${feature}${label === null ? "" : ` = ${label}`}${segment === "" ? "" : ` in ${segment}`}`,
  direction,
  short(baseline),
  short(canary),
  short(effect),
  logEText({ logE: evidence.log_e, threshold: evidence.threshold }),
  `${n.baseline} / ${n.canary}`,
  also.slice(0, 4).join(", "),
];

/** How many answers each cohort has, in words. */
export const countText = (observations: readonly Observation[]): string => {
  const count = (arm: Observation["arm"]): number =>
    observations.filter((observation) => observation.arm === arm).length;
  return `${count("baseline")} baseline and ${count("canary")} canary answers`;
};

/** `leeway compare` for people: shares and medians of each cohort, strongest finding first. */
export const renderComparison = (comparison: Comparison, observations: readonly Observation[]): string =>
  [
    `${VERDICT[comparison.verdict]} (${countText(observations)})`,
    ...comparison.notes.map((note) => `note: ${note}`),
    ...(comparison.findings.length === 0
      ? []
      : [
          "",
          ...renderTable(
            ["family", "feature", "direction", "baseline", "canary", "effect", "log e", "n b / c", "also"],
            comparison.findings.map(row),
          ),
        ]),
  ].join("\n");
