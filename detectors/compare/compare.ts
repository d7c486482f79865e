import type { Arm } from "../../core/cohort.ts";
import { countText } from "../../core/count-text.ts";
import { percent } from "../../core/percent.ts";
import { zOfLogTwoSided } from "../stats/normal-tail.ts";
import { type Analysis, analyse } from "./analyse.ts";
import { MANY_BLOCKS } from "./design.ts";
import { type Detectable, detectable, type Size, timesNeeded } from "./detectable.ts";
import { type Finding, findingsOf } from "./findings.ts";
import { mixNote } from "./mix-note.ts";
import { answersOf, type Measure, type Observation } from "./observation.ts";

/** What two sets of answers differ in. */
export interface Comparison {
  readonly verdict: "drift" | "none" | "undecided";
  /** Rarest first, one per family. */
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  /** What would have been found by as many answers as these. */
  readonly would_have_found: Detectable;
}

/** At most this chance of any false finding, over all families and strata, if nothing changed. */
export const COMPARE_ALPHA = 0.05;

/** "none" has to mean that a rise of so many points would have been found. */
const MAX_RISE = 0.3;

/** Questions of a measure, roughly, where enough answers tell them apart. */
const QUESTIONS_A_MEASURE = 1.5;

/** Of clusters whose answers tell nothing of their likeness, each counts as one answer. */
const plainEffect = ({ design }: Analysis, observations: readonly Observation[]): number => {
  const units = design.groups.reduce((sum, { canary, baseline }) => sum + canary.length + baseline.length, 0);
  return Math.max(1, units === 0 ? observations.length : observations.length / units);
};

/** Answers of one arm that have any of the other's to be exchanged with. */
const comparable = ({ design }: Analysis, observations: readonly Observation[], arm: Arm): number =>
  design.groups.flatMap((group) => group[arm].flat()).filter((i) => observations[i]?.isAbsent !== true).length;

const sizeOf = (measures: readonly Measure[], observations: readonly Observation[], analysis: Analysis): Size => {
  // Few answers ask few questions; more of them would ask all.
  const planned = zOfLogTwoSided(Math.log(COMPARE_ALPHA / (QUESTIONS_A_MEASURE * Math.max(1, measures.length))));
  return {
    canary: comparable(analysis, observations, "canary"),
    baseline: comparable(analysis, observations, "baseline"),
    effect: analysis.effect ?? plainEffect(analysis, observations),
    critical: Math.max(analysis.critical, planned),
  };
};

const points = (share: number): string => `${Math.round(100 * share)} points`;

/** Standard deviations that make a finding, as long as there are too few answers to tell. */
const FEW_CRITICAL = 3.6;

/** A tenth more than computed: what varies, and how much, is known of few answers only. */
const MARGIN = 1.1;

const neededNote = (size: Size, { design }: Analysis): string => {
  const smaller = Math.min(size.canary, size.baseline);
  if (smaller === 0)
    return "no task, prompt or conversation has answers of both cohorts, so that nothing can be compared";
  if (!Number.isFinite(size.critical) && smaller >= MANY_BLOCKS) {
    return `the answers hang together in too few pieces (prompts or conversations) to tell chance from change; ${MANY_BLOCKS} of each cohort are enough to begin with`;
  }
  const planned = Number.isFinite(size.critical) ? size : { ...size, critical: FEW_CRITICAL };
  const needed = Math.ceil((timesNeeded(planned, MAX_RISE) * MARGIN * smaller) / 10) * 10;
  const prompts =
    design.needsAgreement && design.blocks.length < MANY_BLOCKS ? ` of ${MANY_BLOCKS} prompts or more` : "";
  return `only ${countText(smaller)} ${smaller === 1 ? "answer" : "answers"} on the smaller side; to find a rise of ${points(MAX_RISE)} in 9 of 10 cases takes about ${countText(needed)} of each cohort${prompts}, gathered as these are: ${countText(Math.max(0, needed - smaller))} more`;
};

/** Said where so much of the smaller arm has no counterpart. */
const MAX_ALONE = 0.1;

const aloneNote = (size: Size, observations: readonly Observation[]): readonly string[] =>
  (["baseline", "canary"] as const).flatMap((arm) => {
    const all = answersOf(observations, arm).length;
    if (size[arm] >= (1 - MAX_ALONE) * all) return [];
    return [
      `only ${countText(size[arm])} of ${countText(all)} ${arm} answers have a counterpart of the same task or prompt to be compared with`,
    ];
  });

const foundNote = ({ from, rise, shift }: Detectable): string =>
  `would have found, in 9 of 10 cases, a rise of ${points(rise ?? 1)} from ${percent(from)}, or a number's shift by ${(shift ?? Number.POSITIVE_INFINITY).toFixed(2)} standard deviations`;

/**
 * Compares two sets of answers, once. One finding per family of features, at most COMPARE_ALPHA for any false one over families
 * and strata, and a floor on the effect. "none" says what would have been found; where that is not enough the verdict is
 * "undecided", with how many answers would do. Pure, seeded.
 */
export const compare = (measures: readonly Measure[], observations: readonly Observation[]): Comparison => {
  const analysis = analyse(measures, observations, COMPARE_ALPHA);
  const findings = findingsOf(analysis.found, COMPARE_ALPHA);
  const size = sizeOf(measures, observations, analysis);
  const would = detectable(size);
  const notes = [...mixNote(observations, COMPARE_ALPHA), ...aloneNote(size, observations)];
  const common = { findings, would_have_found: would };
  if (findings.length > 0) return { verdict: "drift", ...common, notes };
  if (would.rise !== null && would.rise <= MAX_RISE) {
    return { verdict: "none", ...common, notes: [...notes, foundNote(would)] };
  }
  return { verdict: "undecided", ...common, notes: [...notes, neededNote(size, analysis)] };
};
