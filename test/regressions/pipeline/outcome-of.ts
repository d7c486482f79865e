import type { Expected, RegressionCase } from "../inject/cases.ts";
import type { Course } from "./course.ts";

/** What became of one injected regression. */
export interface Outcome {
  /** The rule or the finding that had to come; null = it did not. */
  readonly foundBy: string | null;
  /** Canary calls until then; null = not found. */
  readonly canaryCalls: number | null;
  /** It says what changed, which way and where. */
  readonly isNamed: boolean;
  /** It is put down to what differs between the arms, and to nothing else. */
  readonly isAttributed: boolean;
}

type Found = Pick<Outcome, "foundBy" | "canaryCalls" | "isNamed">;

const NOT_FOUND: Found = { foundBy: null, canaryCalls: null, isNamed: false };

const inSegment = (text: string, segment: string): string => (segment === "" ? text : `${text} in ${segment}`);

const byRule = (expected: Expected & { by: "rule" }, { breaches }: Course): Found => {
  const { rule, kind, segment } = expected;
  const found = breaches.find((breach) => breach.rule === rule && breach.severity === kind);
  if (found === undefined) return NOT_FOUND;
  const isNamed = segment === null || segment === found.segment;
  return { foundBy: inSegment(`${kind}: ${rule}`, found.segment), canaryCalls: found.canaryCalls, isNamed };
};

const byFinding = (expected: Expected & { by: "finding" }, { findings }: Course): Found => {
  const { family, feature, direction, segment } = expected;
  const ofFamily = findings.filter(
    ({ finding }) => family.includes(finding.family) && (segment === null || segment.includes(finding.segment)),
  );
  const naming = ofFamily.find(
    ({ finding }) =>
      [finding.feature, ...finding.also].some((name) => feature.includes(name)) &&
      (direction === null || direction === finding.direction || !feature.includes(finding.feature)),
  );
  const found = naming ?? ofFamily[0];
  if (found === undefined) return NOT_FOUND;
  const { family: name, feature: strongest, direction: way, segment: where } = found.finding;
  return {
    foundBy: inSegment(`${name}: ${strongest} ${way}`, where),
    canaryCalls: found.canaryCalls,
    isNamed: naming !== undefined,
  };
};

/** Whether a case came out as it has to. */
export const outcomeOf = ({ live, cause }: Pick<RegressionCase, "live" | "cause">, course: Course): Outcome => {
  const found = live.by === "rule" ? byRule(live, course) : byFinding(live, course);
  const blamed = course.shape?.attribution.changed ?? [];
  return { ...found, isAttributed: [...blamed].sort().join() === [...cause].sort().join() };
};

/** Everything a migration was stopped for or told about, in words; empty for one that passed in silence. */
export const alarmsOf = ({ decisions, findings, notes }: Course): readonly string[] => [
  ...decisions.map(({ decision }) => `${decision.kind}: ${"reason" in decision ? decision.reason : ""}`),
  ...findings.map(({ finding }) => inSegment(`finding: ${finding.family}, ${finding.feature}`, finding.segment)),
  ...notes.map((note) => `note: ${note}`),
];
