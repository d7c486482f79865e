import { unreachable } from "../core/exhaustive.ts";
import type { Rule, RuleDirection } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";
import { quantileText } from "../core/quantile-text.ts";
import { RULE_UNITS } from "../core/rule-units/rule-units.ts";
import { exactNumber } from "../core/short-number.ts";
import { signalOf } from "../core/signals.ts";

const amountText = (rule: Rule, value: number): string => {
  if (rule.signal === "output_shape") return exactNumber(value);
  const { unit } = signalOf(rule.signal);
  return unit === "share" ? exactPercent(value) : `${exactNumber(value)} ${unit}`;
};

const subject = ({ signal, quantile, by }: Rule): string => {
  const which = quantile === null ? "" : ` ${quantileText(quantile)}`;
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
  const amount = (value: number): string => amountText(rule, value);
  const distance = rule.unit === null ? amount(limit) : RULE_UNITS[rule.unit].words(limit, amount);
  return rule.orRelative === undefined || distance === null
    ? distance
    : `${distance} (or ${exactPercent(rule.orRelative)}, where that is more)`;
};

/** A rule in words: `error at most 5%`, `latency_ms p99 at most 200 ms above the baseline`. */
export const describeRule = (rule: Rule): string => {
  if (rule.signal === "output_shape") return "output shape like the baseline's";
  const limit = rule.limit ?? 0;
  const distance = distanceText(rule, limit);
  if (distance === null) return `${subject(rule)} ${BOUND[rule.direction]} ${amountText(rule, limit)}`;
  const reference = referenceText(rule);
  return limit === 0 && rule.orRelative === undefined
    ? `${subject(rule)} not ${DIRECTION[rule.direction]} ${reference}`
    : `${subject(rule)} at most ${distance} ${DIRECTION[rule.direction]} ${reference}`;
};

/** Which calls or answers a rule counts, in words: its n, and what its share is of. */
export const countedBy = ({ signal }: Rule): string =>
  signal === "output_shape" ? "answers, feature by feature" : signalOf(signal).of;
