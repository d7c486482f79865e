import type { Arm } from "../../core/cohort.ts";
import { fixedPercent } from "../../core/percent.ts";
import type { CallCount } from "../../core/sample.ts";
import { binEvidence } from "./feature-evidence.ts";

/** Log e-value from which on a mix is taken to differ: 1 in 20, low because it only makes the judging more careful. */
const DIFFERS = Math.log(20);
/** Half the sum of the differences of shares, below which a mix differs in no way that matters. */
const MIN_SHIFT = 0.01;
/** The same, from which on people are told: a larger difference, on more canary calls, and no chance. */
const TOLD_SHIFT = 0.05;
const TOLD_EVIDENCE = Math.log(1000);
const TOLD_CALLS = 1000;
/** The calls of a conversation or user are mostly of one kind, whatever is known of how alike their answers are. */
const LEAST_CLUSTERING = 3;
const TOLD_OVER_TIME = 0.1;
const MIN_CALLS = 1000;
const HOURS_A_DAY = 24;
const TOLD_VALUES = 4;

type Counts = Map<string, Record<Arm, number>>;

/** Which calls the arms get, by the segments they are in. */
export interface TrafficMix {
  readonly step: (calls: readonly CallCount[], hour: number, isNewStage: boolean) => void;
  /** Segment names (`input_type`) whose mix differs between the arms of this stage. */
  readonly differing: (designEffect: number) => readonly string[];
  /** What people are told, one line each. */
  readonly notes: (designEffect: number) => readonly string[];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const sharesOf = (counts: readonly number[]): readonly number[] => {
  const total = sum(counts);
  return counts.map((count) => (total === 0 ? 0 : count / total));
};

const shiftBetween = (a: readonly number[], b: readonly number[]): number => {
  const [p, q] = [sharesOf(a), sharesOf(b)];
  return sum(p.map((share, j) => Math.abs(share - (q[j] ?? 0)))) / 2;
};

/** In whole thousandths: of two values that change places, rounding errors do not decide which is named first. */
const moved = ({ before, after }: { readonly before: number; readonly after: number }): number =>
  Math.round(1000 * Math.abs(after - before));

/** The values that moved the most, as `faq 40% to 55%`. */
const moves = (values: readonly string[], from: readonly number[], to: readonly number[]): string => {
  const [p, q] = [sharesOf(from), sharesOf(to)];
  return values
    .map((value, j) => ({ value, before: p[j] ?? 0, after: q[j] ?? 0 }))
    .sort((a, b) => moved(b) - moved(a))
    .slice(0, TOLD_VALUES)
    .map(({ value, before, after }) => `${value} ${fixedPercent(before)} to ${fixedPercent(after)}`)
    .join(", ");
};

const add = (counts: Counts, { segment, cohort, calls }: CallCount): void => {
  const known = counts.get(segment) ?? { canary: 0, baseline: 0 };
  known[cohort] += calls;
  counts.set(segment, known);
};

const nameOf = (segment: string): string => segment.slice(0, segment.indexOf("="));

/** Segments of the counts by their name; `=` never stands in a name. */
const byName = (counts: Counts): ReadonlyMap<string, readonly string[]> => {
  const segments = [...counts.keys()].filter((segment) => segment.includes("=")).sort();
  return Map.groupBy(segments, nameOf);
};

/** A mix of which nothing is known. Segments are compared inside their name, each arm's calls against the other's. */
export const createTrafficMix = (): TrafficMix => {
  let stage: Counts = new Map();
  let [today, firstDay, lastDay]: [Counts, Counts | null, Counts | null] = [new Map(), null, null];
  let day = 0;

  const endDay = (): void => {
    firstDay ??= today;
    lastDay = today;
    today = new Map();
  };
  const inStage = (segments: readonly string[], arm: Arm): readonly number[] =>
    segments.map((segment) => stage.get(segment)?.[arm] ?? 0);
  const evidence = (segments: readonly string[], designEffect: number): number =>
    binEvidence(inStage(segments, "canary"), inStage(segments, "baseline"), Math.max(LEAST_CLUSTERING, designEffect));
  const differs = (segments: readonly string[], designEffect: number): boolean =>
    shiftBetween(inStage(segments, "canary"), inStage(segments, "baseline")) >= MIN_SHIFT &&
    evidence(segments, designEffect) >= DIFFERS;
  const differing: TrafficMix["differing"] = (designEffect) =>
    [...byName(stage)].flatMap(([name, segments]) => (differs(segments, designEffect) ? [name] : []));

  const betweenArms = (name: string, designEffect: number): readonly string[] => {
    const segments = byName(stage).get(name) ?? [];
    const [baseline, canary] = [inStage(segments, "baseline"), inStage(segments, "canary")];
    const isTold =
      shiftBetween(canary, baseline) >= TOLD_SHIFT &&
      Math.min(sum(canary), sum(baseline)) >= TOLD_CALLS &&
      evidence(segments, designEffect) >= TOLD_EVIDENCE;
    if (!isTold) return [];
    const values = segments.map((segment) => segment.slice(name.length + 1));
    return [
      `the traffic mix differs between the arms: ${name} ${moves(values, baseline, canary)} (baseline to canary); answers are compared inside each ${name}, so this is not counted as drift`,
    ];
  };
  const overTime = (): readonly string[] => {
    if (firstDay === null || lastDay === null || firstDay === lastDay) return [];
    const [before, after] = [firstDay, lastDay];
    return [...byName(after)].flatMap(([name, segments]) => {
      const of = (counts: Counts): readonly number[] =>
        segments.map((segment) => sum(Object.values(counts.get(segment) ?? {})));
      const [p, q] = [of(before), of(after)];
      if (Math.min(sum(p), sum(q)) < MIN_CALLS || shiftBetween(p, q) < TOLD_OVER_TIME) return [];
      const values = segments.map((segment) => segment.slice(name.length + 1));
      return [
        `the traffic mix changed: ${name} ${moves(values, p, q)} (first day to last full day); the arms are compared at the same time, so this is not counted as drift`,
      ];
    });
  };

  return {
    step: (calls, hour, isNewStage) => {
      if (Math.floor(hour / HOURS_A_DAY) !== day) endDay();
      day = Math.floor(hour / HOURS_A_DAY);
      if (isNewStage) stage = new Map();
      for (const count of calls) {
        add(stage, count);
        add(today, count);
      }
    },
    differing,
    notes: (designEffect) => [
      ...differing(designEffect).flatMap((name) => betweenArms(name, designEffect)),
      ...overTime(),
    ],
  };
};
