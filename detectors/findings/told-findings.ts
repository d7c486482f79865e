import { OVERALL } from "../../core/sample.ts";
import type { Found } from "./findings-of.ts";

/** A segment is named beside all calls where it shows the change this much more clearly. */
const CLEARER = 1.5;
/** Segments named per family where all calls together do not show it. Segments overlap: two names, two views. */
const MAX_SEGMENTS = 3;
const MAX_FINDINGS = 24;

const strength = ({ effect }: Found): number => Math.abs(effect);

const excess = ({ evidence }: Found): number => evidence.logE - evidence.threshold;

const ofFamily = <T extends Found>(findings: readonly T[]): readonly T[] => {
  const overall = findings.find(({ segment }) => segment === OVERALL);
  const segments = findings.filter(({ segment }) => segment !== OVERALL).sort((a, b) => strength(b) - strength(a));
  if (overall === undefined) return segments.slice(0, MAX_SEGMENTS);
  return [overall, ...segments.slice(0, 1).filter((each) => strength(each) >= CLEARER * strength(overall))];
};

/**
 * The findings people are told: of those a family has, that of all calls, and the segment that shows it much more
 * clearly; the clearest segments where all calls together do not show it. Strongest evidence first.
 */
export const toldFindings = <T extends Found>(standing: readonly T[]): readonly T[] =>
  [...Map.groupBy(standing, ({ family }) => family).values()]
    .flatMap(ofFamily)
    .sort((a, b) => excess(b) - excess(a))
    .slice(0, MAX_FINDINGS);
