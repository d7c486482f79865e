import { bucketOf } from "../core/histogram.ts";
import type { Rule } from "../core/migration.ts";
import { SIGNALS, type SignalKind, type SignalName } from "../core/signals.ts";
import { createAbsoluteJudge } from "./judges/absolute-judge.ts";
import { histogramOf } from "./judges/bins.ts";
import { createMeanJudge, type MeanSettings } from "./judges/mean-judge.ts";
import { createProjectionJudge } from "./judges/projection-judge.ts";
import { createRatioJudge } from "./judges/ratio-judge.ts";
import type { SegmentJudge } from "./judges/segment-judge.ts";
import { createTailShareJudge } from "./judges/tail-share-judge.ts";
import { countAbove } from "./stats/quantile.ts";

type Factory = (segment: string) => SegmentJudge;

/** A rule the engine cannot judge, and why; one line for the person who wrote it. */
export interface Unsupported {
  readonly problem: string;
  readonly expected: string;
}

const absoluteRate =
  (signal: SignalName, limit: number, drop: boolean): Factory =>
  () =>
    createAbsoluteJudge({
      signal,
      events: drop ? (sample) => sample.n - sample.sum : (sample) => sample.sum,
      limit: drop ? 1 - limit : limit,
      toValue: drop ? (share) => 1 - share : (share) => share,
      method: "one-sample and event-share",
    });

/** "p99 at most 2 s" = at most 1% of calls above 2 s; events are the calls above. */
const absoluteQuantile = (signal: SignalName, limit: number, quantile: number): Factory => {
  const bucket = bucketOf(limit);
  return () =>
    createAbsoluteJudge({
      signal,
      events: (sample) => countAbove(histogramOf(sample), bucket),
      limit: 1 - quantile,
      toValue: (share) => share,
      method: "one-sample exceedance and event-share",
    });
};

/** The sides of a difference or ratio of means: how far the canary may be from g(baseline), in which direction. */
const sidesOf = (rule: Rule, limit: number): MeanSettings["sides"] => {
  const relative = rule.unit === "relative";
  const up = relative ? { ratio: 1 + limit, delta: 0 } : { ratio: 1, delta: limit };
  const down = relative ? { ratio: 1 - limit, delta: 0 } : { ratio: 1, delta: -limit };
  if (rule.direction === "increase") return [{ harm: "up", ...up }];
  if (rule.direction === "drop") return [{ harm: "down", ...down }];
  return [
    { harm: "up", ...up },
    { harm: "down", ...down },
  ];
};

const quantileFactory = (rule: Rule, signal: SignalName, limit: number, quantile: number): Factory => {
  if (rule.unit === "absolute") return absoluteQuantile(signal, limit, quantile);
  const margin = rule.unit === "relative" ? (x: number) => limit * x : () => limit;
  return () => createTailShareJudge({ signal, quantile, margin });
};

const projectionFactory = (rule: Rule, signal: SignalName, kind: SignalKind, limit: number): Factory => {
  const projection = rule.projection ?? 0;
  const harm = rule.direction === "drop" ? "down" : "up";
  const sign = harm === "up" ? 1 : -1;
  const bound = rule.unit === "relative" ? projection * (1 + sign * limit) : projection + sign * limit;
  return () => createProjectionJudge({ signal, kind, limit: bound, harm, projection });
};

const meanFactory = (rule: Rule, signal: SignalName, kind: SignalKind, limit: number): Factory => {
  if (rule.reference === "projection") return projectionFactory(rule, signal, kind, limit);
  if (rule.unit === "absolute") {
    if (kind === "rate") return absoluteRate(signal, limit, rule.direction === "drop");
    const harm = rule.direction === "drop" ? "down" : "up";
    return () => createProjectionJudge({ signal, kind, limit, harm, projection: null });
  }
  if (kind === "rate" && rule.unit === "relative" && rule.direction === "increase") {
    return () => createRatioJudge({ signal, rho: 1 + limit });
  }
  return () => createMeanJudge({ signal, kind, sides: sidesOf(rule, limit) });
};

/** Why the engine cannot judge `rule`, or null when it can. Configuration is refused with this text. */
export const unsupported = (rule: Rule): Unsupported | null => {
  if (rule.signal === "output_shape") return null;
  const { kind } = SIGNALS[rule.signal];
  if (kind === "category" || kind === "labels") {
    return { problem: `${rule.signal} is a label and has no limit`, expected: "signal: output_shape, which judges it" };
  }
  if (rule.limit === null || rule.unit === null) return { problem: "no limit", expected: "limit and unit" };
  if (rule.quantile !== null && kind !== "value") {
    return {
      problem: `${rule.signal} has no quantiles`,
      expected: "no quantile, or a signal measured in ms, tokens or USD",
    };
  }
  if (rule.quantile !== null && rule.direction !== "increase") {
    return { problem: "a quantile is judged upwards only", expected: "direction: increase" };
  }
  if (rule.unit === "points" && kind === "value") {
    return {
      problem: `points are for shares and scores; ${rule.signal} is in ${SIGNALS[rule.signal].unit}`,
      expected: "unit: relative or absolute-increase",
    };
  }
  if (rule.unit === "absolute" && rule.direction === "either") {
    return { problem: "an absolute limit has one side", expected: "direction: increase or drop" };
  }
  if (rule.quantile !== null && rule.reference === "projection") {
    return { problem: "a quantile cannot refer to a projection", expected: "reference: baseline" };
  }
  if (rule.reference === "projection" && rule.direction === "either") {
    return { problem: "a projection has one side", expected: "direction: increase or drop" };
  }
  return null;
};

/** How `rule` is judged in one segment. Call only for rules that `unsupported` accepts. */
export const segmentJudgeFactory = (rule: Rule): Factory => {
  if (rule.signal === "output_shape") throw new TypeError("output_shape is judged by createShapeJudge");
  const limit = rule.limit ?? 0;
  if (rule.quantile !== null) return quantileFactory(rule, rule.signal, limit, rule.quantile);
  return meanFactory(rule, rule.signal, SIGNALS[rule.signal].kind, limit);
};
