import type { Rule } from "../../core/migration.ts";
import { SIGNALS } from "../../core/signals.ts";
import { percentText } from "./percent-text.ts";

const round = (value: number): string => String(Number(value.toPrecision(6)));

const amountText = (rule: Rule, value: number): string => {
  if (rule.signal === "output_shape") return round(value);
  const { unit } = SIGNALS[rule.signal];
  return unit === "share" ? percentText(value) : `${round(value)} ${unit}`;
};

const subject = ({ signal, quantile, by }: Rule): string => {
  const quantileText = quantile === null ? "" : ` p${round(quantile * 100)}`;
  return `${signal}${quantileText}${by === null ? "" : ` in each ${by}`}`;
};

const DIRECTION = { increase: "above", drop: "below", either: "away from" } as const;

/** A rule in words: `error at most 5%`, `latency_ms p99 at most 200 ms above the baseline`. */
export const describeRule = (rule: Rule): string => {
  if (rule.signal === "output_shape") return "output shape like the baseline's";
  const limit = rule.limit ?? 0;
  if (rule.unit === "absolute") {
    return `${subject(rule)} at ${rule.direction === "drop" ? "least" : "most"} ${amountText(rule, limit)}`;
  }
  const reference =
    rule.reference === "projection" ? `the projected ${amountText(rule, rule.projection ?? 0)}` : "the baseline";
  const distance =
    rule.unit === "relative"
      ? percentText(limit)
      : rule.unit === "points"
        ? `${round(limit * 100)} points`
        : amountText(rule, limit);
  return limit === 0
    ? `${subject(rule)} not ${DIRECTION[rule.direction]} ${reference}`
    : `${subject(rule)} at most ${distance} ${DIRECTION[rule.direction]} ${reference}`;
};

/** Unit of a rule's value, interval and limit. */
export const unitOfRule = (rule: Rule): string =>
  rule.signal === "output_shape" ? "effect" : SIGNALS[rule.signal].unit;
