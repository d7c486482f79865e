import { shortNumber } from "../../core/short-number.ts";
import type { Comparison } from "../../detectors/compare/compare.ts";
import type { Finding } from "../../detectors/compare/findings.ts";
import { answersOf, type Observation } from "../../detectors/compare/observation.ts";
import { renderTable } from "./table.ts";

const VERDICT = {
  drift: "drift: the candidate's answers differ",
  none: "none: no difference found that matters",
  undecided: "undecided: too little to say that nothing changed",
} as const;

/** A chance in two digits; below one in a thousand that is all that is said. */
export const pText = (p: number): string => (p < 0.001 ? "below 0.001" : shortNumber(p));

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
  `${feature}${label === null ? "" : `: ${label}`}${segment === "" ? "" : ` in ${segment}`}`,
  direction,
  shortNumber(baseline),
  shortNumber(canary),
  shortNumber(effect),
  pText(evidence.p),
  `${n.baseline} / ${n.canary}`,
  also.slice(0, 4).join(", "),
];

/** How many answers each cohort has, in words. */
export const countText = (observations: readonly Observation[]): string => {
  const count = (arm: Observation["arm"]): number => answersOf(observations, arm).length;
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
            ["family", "feature", "direction", "baseline", "canary", "effect", "p", "n b / c", "also"],
            comparison.findings.map(row),
          ),
        ]),
  ].join("\n");
