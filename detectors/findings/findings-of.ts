import type { Finding, FindingFamily } from "../../core/finding.ts";
import { OVERALL } from "../../core/sample.ts";
import { SHAPE_FAMILIES, SHAPE_FEATURES } from "../../core/shape-features.ts";
import { lse } from "../stats/log-space.ts";
import type { Candidate } from "./candidate.ts";

/** The candidates of one segment. */
export interface Scope {
  readonly segment: string;
  readonly candidates: readonly Candidate[];
}

/** Features of a family that wealth is split over; all key paths together are one more of the structure. */
const FEATURES_IN: ReadonlyMap<FindingFamily, number> = new Map(
  SHAPE_FAMILIES.map((family) => [
    family,
    SHAPE_FEATURES.filter((feature) => feature.family === family).length + (family === "structure" ? 1 : 0),
  ]),
);

/** Log e-value of a family in one segment: the mean of its features'; what is not far enough apart counts as zero. */
const familyLogE = (family: FindingFamily, candidates: readonly Candidate[]): number =>
  lse(candidates.map(({ logE }) => logE)) - Math.log(FEATURES_IN.get(family) ?? 1);

/** Log of the part of the wealth that rides on one family in one segment: half on all calls, half on the segments. */
const logWeight = (segment: string, segments: number): number => {
  const ofSegment = segments === 0 ? 0 : Math.log(segment === OVERALL ? 0.5 : 0.5 / segments);
  return ofSegment - Math.log(SHAPE_FAMILIES.length);
};

const textOf = ({ feature, label }: Candidate): string => (label === null ? feature : `${feature} ${label}`);

/** A finding that stands; its interval is worked out for those that people are told of. */
export interface Found extends Omit<Finding, "since" | "interval"> {
  readonly interval: () => Finding["interval"];
}

/** `also` names a feature once, and few of many key paths. */
const MAX_ALSO = 6;

const findingOf = ({ segment, candidates }: Scope, family: FindingFamily, threshold: number): Found | null => {
  const own = candidates.filter((candidate) => candidate.family === family);
  const logE = familyLogE(family, own);
  const changed = own.filter((candidate) => candidate.logE >= threshold).sort((a, b) => b.logE - a.logE);
  const [strongest, ...others] = changed;
  if (strongest === undefined || logE < threshold) return null;
  const { feature, label, unit, effect } = strongest;
  const { direction, baseline, canary, size, n } = effect;
  return {
    ...{ family, feature, segment, direction, label, baseline, canary, unit, effect: size, n },
    interval: strongest.interval,
    evidence: { logE, threshold },
    also: others.slice(0, MAX_ALSO).map(textOf),
    exampleSpans: [],
  };
};

/**
 * One finding per family and segment whose evidence reaches `threshold` plus the part of the wealth that rides on it:
 * over all families and segments, the chance of any false one is e^-threshold at most.
 */
export const findingsOf = (scopes: readonly Scope[], threshold: number): readonly Found[] => {
  const segments = scopes.filter(({ segment }) => segment !== OVERALL).length;
  return scopes.flatMap((scope) =>
    SHAPE_FAMILIES.flatMap((family) => findingOf(scope, family, threshold - logWeight(scope.segment, segments)) ?? []),
  );
};

/** Log e-value of one segment: the mean over `families`. */
export const scopeLogE = ({ candidates }: Scope, families: readonly FindingFamily[]): number =>
  lse(
    families.map((family) =>
      familyLogE(
        family,
        candidates.filter((candidate) => candidate.family === family),
      ),
    ),
  ) - Math.log(SHAPE_FAMILIES.length);
