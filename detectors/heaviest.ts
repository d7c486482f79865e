import type { Arm } from "../core/cohort.ts";
import type { Rule } from "../core/migration.ts";
import type { HeavySample } from "../core/sample.ts";
import { signalOf } from "../core/signals.ts";
import type { HeavyCluster } from "../core/verdict.ts";
import type { ArmPair, ArmSample } from "./tick-view.ts";

/** Part of an arm's calls of late, or of its bad events, from which on somebody is heavy, and calls it takes to be. */
const HEAVY_SHARE = 0.1;
const HEAVY_CALLS = 5;
/** What is of late: at twice as many calls of an arm all counts are halved. */
const RECENT_CALLS = 500;
/** Users and conversations of an arm whose counts are kept. */
const MAX_CLUSTERS = 20;

interface Counts {
  n: number;
  bad: number;
}

interface ArmCounts extends Counts {
  readonly clusters: Map<string, Counts>;
}

/** What the two arms are judged by without their heaviest user or conversation. */
export interface Heaviest {
  /** Takes in a tick's calls of one rule and segment; the result is the calls without the heaviest, null while nobody is. */
  readonly step: (pair: ArmPair, heavy: readonly HeavySample[]) => ArmPair | null;
  /** Who is heaviest, in the canary first; an arm in which nobody is heavy has none. */
  readonly removed: () => readonly HeavyCluster[];
}

const less = (sample: ArmSample, part: HeavySample | undefined): ArmSample => {
  if (part === undefined) return sample;
  const bins = Object.entries(sample.bins).map(([bin, count]) => [bin, count - (part.bins[bin] ?? 0)] as const);
  const n = Math.max(0, sample.n - part.n);
  return {
    n,
    sum: n === 0 ? 0 : Math.max(0, sample.sum - part.sum),
    bins: Object.fromEntries(bins.filter(([, count]) => count > 0)),
  };
};

const add = (to: Counts, n: number, bad: number): void => {
  to.n += n;
  to.bad += bad;
};

const halve = (arm: ArmCounts): void => {
  for (const each of [arm, ...arm.clusters.values()]) Object.assign(each, { n: each.n / 2, bad: each.bad / 2 });
};

/** Drops who has the least, so that memory is bounded whoever comes. */
const trim = ({ clusters }: ArmCounts): void => {
  if (clusters.size <= MAX_CLUSTERS) return;
  const order = [...clusters].sort(([a, x], [b, y]) => y.n + y.bad - x.n - x.bad || (a < b ? -1 : 1));
  for (const [cluster] of order.slice(MAX_CLUSTERS)) clusters.delete(cluster);
};

const part = (a: number, b: number): number => (b > 0 ? a / b : 0);

/**
 * Nobody known yet. The baseline's heaviest is chosen by calls alone: chosen by what went wrong it would make the baseline
 * look better than it is, and healthy canaries worse. The canary's is chosen by its part of either: that can only spare it.
 */
export const createHeaviest = ({ signal, direction }: Pick<Rule, "signal" | "direction">): Heaviest => {
  const kind = signal === "output_shape" ? "rate" : signalOf(signal).kind;
  const badOf = ({ n, sum }: Pick<ArmSample, "n" | "sum">): number => {
    if (direction === "drop") return kind === "rate" ? n - sum : n;
    return sum;
  };
  const arms: Readonly<Record<Arm, ArmCounts>> = {
    canary: { n: 0, bad: 0, clusters: new Map() },
    baseline: { n: 0, bad: 0, clusters: new Map() },
  };
  const heaviestOf = (name: Arm): HeavyCluster | null => {
    const arm = arms[name];
    let most: { readonly cluster: HeavyCluster; readonly weight: number } | null = null;
    for (const [cluster, { n, bad }] of arm.clusters) {
      const [calls, events] = [Math.min(1, part(n, arm.n)), Math.min(1, part(bad, arm.bad))];
      const weight = name === "canary" ? Math.max(calls, events) : calls;
      if (n < HEAVY_CALLS || weight < HEAVY_SHARE || weight <= (most?.weight ?? 0)) continue;
      most = { weight, cluster: { arm: name, cluster, calls, events: kind === "rate" ? events : null } };
    }
    return most?.cluster ?? null;
  };
  const removed = (): readonly HeavyCluster[] =>
    (["canary", "baseline"] as const).flatMap((arm) => heaviestOf(arm) ?? []);
  const count = (name: Arm, sample: ArmSample, heavy: readonly HeavySample[]): void => {
    const arm = arms[name];
    add(arm, sample.n, badOf(sample));
    for (const each of heavy) {
      const known = arm.clusters.get(each.cluster) ?? { n: 0, bad: 0 };
      arm.clusters.set(each.cluster, known);
      add(known, each.n, badOf(each));
    }
    if (arm.n > 2 * RECENT_CALLS) halve(arm);
    trim(arm);
  };
  return {
    removed,
    step: (pair, heavy) => {
      for (const arm of ["canary", "baseline"] as const)
        count(
          arm,
          pair[arm],
          heavy.filter(({ cohort }) => cohort === arm),
        );
      const chosen = removed();
      if (chosen.length === 0) return null;
      const rest = (arm: Arm): ArmSample => {
        const cluster = chosen.find((each) => each.arm === arm)?.cluster;
        return less(
          pair[arm],
          heavy.find((each) => each.cohort === arm && each.cluster === cluster),
        );
      };
      return { canary: rest("canary"), baseline: rest("baseline") };
    },
  };
};
