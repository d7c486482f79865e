import type { Arm } from "../../core/cohort.ts";
import { lse } from "../stats/log-space.ts";
import type { Effect } from "./effect.ts";
import { type MeasureEvidence, measureEvidence } from "./measure-evidence.ts";
import type { Measure, Observation } from "./observation.ts";

/** One thing that changed: a family of features, in all answers ("") or in one stratum. */
export interface Finding {
  readonly family: string;
  /** The strongest feature of the family. */
  readonly feature: string;
  readonly segment: string;
  readonly direction: Effect["direction"];
  /** The label or bin that moved the most, whose shares `baseline` and `canary` are; null for other features. */
  readonly label: string | null;
  /** Share of the answers, or median of a number. */
  readonly baseline: number | null;
  readonly canary: number | null;
  readonly effect: number;
  readonly evidence: { readonly log_e: number; readonly threshold: number };
  readonly n: Readonly<Record<Arm, number>>;
  /** Other features of the family that changed with it, strongest first. */
  readonly also: readonly string[];
}

/** What two sets of answers differ in. */
export interface Comparison {
  readonly verdict: "drift" | "none" | "undecided";
  /** Strongest first, one per family. */
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** At most this chance of any false finding, over all families and strata, if nothing changed. E-values keep far below it. */
export const COMPARE_ALPHA = 0.05;

/** Answers a side for "nothing changed" to mean something; half of it when prompts are paired. */
const MIN_FOR_NONE = 100;

const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), group);
    group.push(item);
  }
  return groups;
};

const byStratum = (observations: readonly Observation[]): ReadonlyMap<string, readonly Observation[]> =>
  groupBy(observations, ({ stratum }) => stratum);

/** Evidence of one measure over all strata: they share no answer, so their e-values multiply. */
const overStrata = (parts: readonly MeasureEvidence[], pooled: MeasureEvidence): MeasureEvidence => ({
  ...pooled,
  logE: parts.reduce((sum, { logE }) => sum + logE, 0),
});

interface Scope {
  readonly segment: string;
  readonly evidence: readonly MeasureEvidence[];
}

const scopesOf = (measures: readonly Measure[], observations: readonly Observation[]): readonly Scope[] => {
  const strata = byStratum(observations);
  const perStratum = [...strata].map(([segment, group]) => ({
    segment,
    evidence: measures.flatMap((measure) => measureEvidence(measure, group) ?? []),
  }));
  const [only] = perStratum;
  if (perStratum.length === 1 && only !== undefined) return [{ ...only, segment: "" }];
  const all = measures.flatMap((measure) => {
    const parts = perStratum.flatMap(({ evidence }) => evidence.filter((each) => each.measure === measure));
    const pooled = parts.length > 0 ? measureEvidence(measure, observations) : null;
    return pooled === null ? [] : [overStrata(parts, pooled)];
  });
  return [{ segment: "", evidence: all }, ...perStratum];
};

/** The finding of one family in one scope, if there is one: the mean of its e-values, its strongest feature. */
const findingOf = (
  family: string,
  segment: string,
  evidence: readonly MeasureEvidence[],
  threshold: number,
): Finding | null => {
  const logE = lse(evidence.map((each) => each.logE)) - Math.log(evidence.length);
  const changed = evidence
    .filter(({ effect, logE: own }) => effect.matters && own >= threshold)
    .sort((a, b) => b.logE - a.logE);
  const [strongest, ...others] = changed;
  if (strongest === undefined || logE < threshold) return null;
  const { direction, label, baseline, canary, size } = strongest.effect;
  return {
    ...{ family, feature: strongest.measure.name, segment, direction, label, baseline, canary, effect: size },
    evidence: { log_e: logE, threshold },
    n: strongest.n,
    also: others.map(({ measure }) => measure.name),
  };
};

const findingsOf = (scopes: readonly Scope[]): readonly Finding[] => {
  const families = new Set(scopes.flatMap(({ evidence }) => evidence.map(({ measure }) => measure.family)));
  const threshold = Math.log((families.size * scopes.length) / COMPARE_ALPHA);
  return [...families].flatMap((family) => {
    const found = scopes.flatMap(({ segment, evidence }) => {
      const own = evidence.filter(({ measure }) => measure.family === family);
      return own.length === 0 ? [] : (findingOf(family, segment, own, threshold) ?? []);
    });
    // Seen in all answers together is the plainer statement; a single stratum is named where only it shows.
    return (
      found.find(({ segment }) => segment === "") ?? found.sort((a, b) => b.evidence.log_e - a.evidence.log_e)[0] ?? []
    );
  });
};

const share = (part: number, whole: number): string => `${Math.round((100 * part) / whole)}%`;

/**
 * Total variation from which on another mix is worth a note. Answers of one conversation are about one task, so that
 * unchanged traffic easily differs by half of this.
 */
const MIX_FLOOR = 0.1;
/** Tasks a note names: those that moved the most. */
const MIX_TASKS = 3;

const mixText = (observations: readonly Observation[], n: Readonly<Record<Arm, number>>): string => {
  const tasks = [...byStratum(observations)].map(([stratum, group]) => {
    const of = (arm: Arm): number => group.filter((each) => each.arm === arm).length;
    const moved = Math.abs(of("canary") / n.canary - of("baseline") / n.baseline);
    const text = `${stratum || "no task"} ${share(of("baseline"), n.baseline)} to ${share(of("canary"), n.canary)}`;
    return { moved, text };
  });
  const named = tasks.sort((a, b) => b.moved - a.moved).slice(0, MIX_TASKS);
  return named.map(({ text }) => text).join(", ");
};

/** Says so when the arms answered different mixes of tasks; they are compared inside tasks, so it is no drift. */
const mixNote = (observations: readonly Observation[]): readonly string[] => {
  const labelled = observations.map(({ arm, stratum, conversation }) => ({
    arm,
    conversation,
    stratum: "",
    pair: null,
    values: new Map([["task", stratum]]),
  }));
  const mix = measureEvidence({ name: "task", family: "mix", kind: "label" }, labelled);
  if (mix === null || mix.effect.size < MIX_FLOOR || mix.logE < Math.log(1 / COMPARE_ALPHA)) return [];
  return [
    `the traffic mix changed (${mixText(observations, mix.n)}); answers are compared inside each task, so this is not counted as drift`,
  ];
};

const isPaired = (observations: readonly Observation[]): boolean => {
  const pairs = groupBy(
    observations.filter(({ pair }) => pair !== null),
    ({ pair }) => pair ?? "",
  );
  const both = [...pairs.values()].filter(
    (group) => group.some(({ arm }) => arm === "canary") && group.some(({ arm }) => arm === "baseline"),
  );
  return 2 * both.length >= 0.9 * observations.length;
};

/**
 * Compares two sets of answers. One finding per family of features, family-wise error control over families and
 * strata (COMPARE_ALPHA, by e-values), and a floor on the effect. "none" needs enough answers to have seen a change;
 * with fewer the verdict is "undecided". Pure.
 */
export const compare = (measures: readonly Measure[], observations: readonly Observation[]): Comparison => {
  const count = (arm: Arm): number => observations.filter((observation) => observation.arm === arm).length;
  const smaller = Math.min(count("canary"), count("baseline"));
  const needed = isPaired(observations) ? MIN_FOR_NONE / 2 : MIN_FOR_NONE;
  const findings = [...findingsOf(scopesOf(measures, observations))].sort(
    (a, b) => b.evidence.log_e - a.evidence.log_e,
  );
  const notes = mixNote(observations);
  if (findings.length > 0) return { verdict: "drift", findings, notes };
  if (smaller >= needed) return { verdict: "none", findings, notes };
  const few = `only ${smaller} answers on the smaller side; a change that is not extreme needs ${needed}: ${needed - smaller} more of each cohort`;
  return { verdict: "undecided", findings, notes: [...notes, few] };
};
