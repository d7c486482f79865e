import { unreachable } from "../core/exhaustive.ts";
import type { Rule, RuleDirection } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";
import { quantileText } from "../core/quantile-text.ts";
import { shortNumber } from "../core/short-number.ts";
import { SIGNALS } from "../core/signals.ts";

/** What somebody wrote down, without the noise of binary fractions. */
const round = (value: number): string => shortNumber(value, 6);

const amountText = (rule: Rule, value: number): string => {
  if (rule.signal === "output_shape") return round(value);
  const { unit } = SIGNALS[rule.signal];
  return unit === "share" ? exactPercent(value) : `${round(value)} ${unit}`;
};

const subject = ({ signal, quantile, by }: Rule): string => {
  const which = quantile === null ? "" : ` ${quantileText(quantile, 4)}`;
  return `${signal}${which}${by === null ? "" : ` in each ${by}`}`;
};

const DIRECTION: Readonly<Record<RuleDirection, string>> = { increase: "above", drop: "below", either: "away from" };
const BOUND: Readonly<Record<RuleDirection, string>> = { increase: "at most", drop: "at least", either: "at most" };

const referenceText = (rule: Rule): string => {
  switch (rule.reference) {
    case "projection":
      return `the projected ${amountText(rule, rule.projection ?? 0)}`;
    case "baseline":
    case "none":
      return "the baseline";
    default:
      return unreachable(rule.reference);
  }
};

/** How far from a reference; null for a limit that stands by itself. */
const distanceText = (rule: Rule, limit: number): string | null => {
  switch (rule.unit) {
    case "absolute":
      return null;
    case "relative":
      return exactPercent(limit);
    case "points":
      return `${round(limit * 100)} points`;
    case "absolute-increase":
    case null:
      return amountText(rule, limit);
    default:
      return unreachable(rule.unit);
  }
};

/** A rule in words: `error at most 5%`, `latency_ms p99 at most 200 ms above the baseline`. */
export const describeRule = (rule: Rule): string => {
  if (rule.signal === "output_shape") return "output shape like the baseline's";
  const limit = rule.limit ?? 0;
  const distance = distanceText(rule, limit);
  if (distance === null) return `${subject(rule)} ${BOUND[rule.direction]} ${amountText(rule, limit)}`;
  const reference = referenceText(rule);
  return limit === 0
    ? `${subject(rule)} not ${DIRECTION[rule.direction]} ${reference}`
    : `${subject(rule)} at most ${distance} ${DIRECTION[rule.direction]} ${reference}`;
};

/** Unit of a rule's value, interval and limit. */
export const unitOfRule = (rule: Rule): string =>
  rule.signal === "output_shape" ? "effect" : SIGNALS[rule.signal].unit;
