import type { Finding, ShapeReport } from "../../../core/finding.ts";
import type { Decision, Judgement } from "../../../core/verdict.ts";

/** Something that was said for the first time, and how many canary calls had ended by then. */
export type Noted<T> = T & { readonly canaryCalls: number };

/** A rule that was breached. */
export interface Breach {
  readonly rule: string;
  readonly severity: "rollback" | "pause";
  readonly segment: string;
}

/** Everything a migration came to. */
export interface Course {
  readonly decisions: readonly Noted<{ readonly decision: Decision }>[];
  /** Each rule once, as it was first breached. */
  readonly breaches: readonly Noted<Breach>[];
  /** Each family and segment once, as it first stood. */
  readonly findings: readonly Noted<{ readonly finding: Finding }>[];
  /** What people were told beside findings, each line once. */
  readonly notes: readonly string[];
  /** At the end. */
  readonly shape: ShapeReport | null;
}

/** A course while it goes on. */
export interface GrowingCourse {
  readonly take: (judgement: Judgement, decision: Decision, canaryCalls: number) => void;
  readonly course: () => Course;
}

const breachesOf = ({ verdicts }: Judgement): readonly Breach[] =>
  verdicts.flatMap(({ outcome, rule, severity, evidence }) =>
    outcome === "breach" ? [{ rule, severity, segment: evidence.segment }] : [],
  );

/** Lets everything through once, by its key. */
const onlyOnce = <T>(keyOf: (each: T) => string): ((all: readonly T[]) => readonly T[]) => {
  const seen = new Set<string>();
  return (all) =>
    all.filter((each) => {
      const isNew = !seen.has(keyOf(each));
      seen.add(keyOf(each));
      return isNew;
    });
};

/** A course in which nothing has happened. */
export const createCourse = (): GrowingCourse => {
  const decisions: Noted<{ readonly decision: Decision }>[] = [];
  const breaches: Noted<Breach>[] = [];
  const findings: Noted<{ readonly finding: Finding }>[] = [];
  const notes: string[] = [];
  let shape: ShapeReport | null = null;
  const newBreaches = onlyOnce<Breach>(({ rule }) => rule);
  const newFindings = onlyOnce<Finding>(({ family, segment }) => `${family} ${segment}`);
  const newNotes = onlyOnce<string>((note) => note);
  return {
    take: (judgement, decision, canaryCalls) => {
      shape = judgement.shape ?? null;
      if (decision.kind !== "continue") decisions.push({ decision, canaryCalls });
      breaches.push(...newBreaches(breachesOf(judgement)).map((breach) => ({ ...breach, canaryCalls })));
      findings.push(...newFindings(shape?.findings ?? []).map((finding) => ({ finding, canaryCalls })));
      notes.push(...newNotes(shape?.notes ?? []));
    },
    course: () => ({ decisions, breaches, findings, notes, shape }),
  };
};
