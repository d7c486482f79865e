import { unreachable } from "../core/exhaustive.ts";
import { bucketOf } from "../core/histogram.ts";
import type { Rule, RuleDirection, RuleUnit } from "../core/migration.ts";
import type { Distance, Unsupported } from "../core/rule-units/rule-unit.ts";
import { RULE_UNITS } from "../core/rule-units/rule-units.ts";
import { type MeasuredKind, measuredKind, type SignalName, signalOf } from "../core/signals.ts";
import { createAbsoluteDetector } from "./rules/absolute-detector.ts";
import { histogramOf } from "./rules/bins.ts";
import { createMeanDetector, type MeanSettings } from "./rules/mean-detector.ts";
import { createProjectionDetector } from "./rules/projection-detector.ts";
import { createRatioDetector } from "./rules/ratio-detector.ts";
import type { SegmentDetector } from "./rules/segment-detector.ts";
import { createTailShareDetector } from "./rules/tail-share-detector.ts";
import { countAbove } from "./stats/quantile.ts";

type Factory = (segment: string) => SegmentDetector;

/** A rule with everything that judging its signal takes. */
interface JudgedRule extends Pick<Rule, "direction" | "reference" | "projection" | "orRelative"> {
  readonly signal: SignalName;
  readonly kind: MeasuredKind;
  readonly limit: number;
  readonly unit: RuleUnit;
}

const absoluteRate =
  (signal: SignalName, limit: number, drop: boolean): Factory =>
  () =>
    createAbsoluteDetector({
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
    createAbsoluteDetector({
      signal,
      events: (sample) => countAbove(histogramOf(sample), bucket),
      limit: 1 - quantile,
      toValue: (share) => share,
      method: "one-sample exceedance and event-share",
    });
};

/** The sides of a difference or ratio of means: how far the canary may be from g(baseline), in which direction. */
const sidesOf = (direction: RuleDirection, { ratio, delta }: Distance): MeanSettings["sides"] => {
  const up = { harm: "up", ratio: 1 + ratio, delta } as const;
  const down = { harm: "down", ratio: 1 - ratio, delta: -delta } as const;
  switch (direction) {
    case "increase":
      return [up];
    case "drop":
      return [down];
    case "either":
      return [up, down];
    default:
      return unreachable(direction);
  }
};

/** The one harm of a rule that has one side; what `unsupported` refuses counts as upwards. */
const harmOf = (direction: RuleDirection): "up" | "down" => {
  switch (direction) {
    case "drop":
      return "down";
    case "increase":
    case "either":
      return "up";
    default:
      return unreachable(direction);
  }
};

const quantileFactory = (rule: JudgedRule, quantile: number): Factory => {
  const { signal, limit, unit, orRelative = 0 } = rule;
  const distance = RULE_UNITS[unit].distance(limit);
  if (distance === null) return absoluteQuantile(signal, limit, quantile);
  const margin = (x: number): number => Math.max(distance.ratio * x + distance.delta, orRelative * x);
  return () => createTailShareDetector({ signal, quantile, margin });
};

const projectionFactory = (rule: JudgedRule): Factory => {
  const { signal, kind, limit, unit, direction } = rule;
  const projection = rule.projection ?? 0;
  const harm = harmOf(direction);
  const sign = harm === "up" ? 1 : -1;
  const { ratio, delta } = RULE_UNITS[unit].distance(limit) ?? { ratio: 0, delta: limit };
  const bound = projection * (1 + sign * ratio) + sign * delta;
  return () => createProjectionDetector({ signal, kind, limit: bound, harm, projection });
};

const absoluteFactory = ({ signal, kind, limit, direction }: JudgedRule): Factory => {
  const harm = harmOf(direction);
  switch (kind) {
    case "rate":
      return absoluteRate(signal, limit, harm === "down");
    case "value":
    case "score":
      return () => createProjectionDetector({ signal, kind, limit, harm, projection: null });
    default:
      return unreachable(kind);
  }
};

const baselineFactory = (rule: JudgedRule): Factory => {
  const { signal, kind, limit, unit, direction } = rule;
  const distance = RULE_UNITS[unit].distance(limit);
  if (distance === null) return absoluteFactory(rule);
  // The one combination with a sharper judge of its own.
  if (kind === "rate" && unit === "relative" && direction === "increase") {
    return () => createRatioDetector({ signal, rho: 1 + limit });
  }
  return () => createMeanDetector({ signal, kind, sides: sidesOf(direction, distance) });
};

const meanFactory = (rule: JudgedRule): Factory => {
  switch (rule.reference) {
    case "projection":
      return projectionFactory(rule);
    case "baseline":
    case "none":
      return baselineFactory(rule);
    default:
      return unreachable(rule.reference);
  }
};

/** Why the engine cannot judge `rule`, or null when it can. Configuration is refused with this text. */
export const unsupported = (rule: Rule): Unsupported | null => {
  if (rule.signal === "output_shape") return null;
  const kind = measuredKind(signalOf(rule.signal).kind);
  if (kind === null) {
    return { problem: `${rule.signal} is a label and has no limit`, expected: "signal: output_shape, which judges it" };
  }
  if (rule.limit === null || rule.unit === null) return { problem: "no limit", expected: "limit and unit" };
  if (rule.quantile !== null && kind !== "value") {
    return {
      problem: `${rule.signal} has no quantiles`,
      expected: "no quantile, or a signal measured in ms, tokens or USD",
    };
  }
  if (rule.orRelative !== undefined && (rule.quantile === null || rule.unit !== "absolute-increase")) {
    return {
      problem: "orRelative is for the increase of a quantile",
      expected: "a quantile and unit: absolute-increase, or no orRelative",
    };
  }
  if (rule.quantile !== null && rule.direction !== "increase") {
    return { problem: "a quantile is judged upwards only", expected: "direction: increase" };
  }
  const unfit = RULE_UNITS[rule.unit].refuse(rule.signal, signalOf(rule.signal), rule.direction);
  if (unfit !== null) return unfit;
  if (rule.quantile !== null && rule.reference === "projection") {
    return { problem: "a quantile cannot refer to a projection", expected: "reference: baseline" };
  }
  if (rule.reference === "projection" && rule.direction === "either") {
    return { problem: "a projection has one side", expected: "direction: increase or drop" };
  }
  return null;
};

/** How `rule` is judged in one segment. Call only for rules that `unsupported` accepts. */
export const segmentDetectorFactory = (rule: Rule): Factory => {
  const { signal, unit } = rule;
  if (signal === "output_shape") throw new TypeError("output_shape is judged by createShapeDetector");
  const kind = measuredKind(signalOf(signal).kind);
  if (kind === null || unit === null) throw new TypeError(`rule ${rule.id} was refused: it is not to be judged`);
  const judged: JudgedRule = { ...rule, signal, kind, unit, limit: rule.limit ?? 0 };
  return rule.quantile === null ? meanFactory(judged) : quantileFactory(judged, rule.quantile);
};
