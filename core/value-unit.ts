import type { Rule } from "./migration.ts";
import { signalOf } from "./signals.ts";

/** True for "p99 at most 2 s": what is judged is the share of the calls above the limit. */
export const isExceedance = ({ quantile, unit }: Pick<Rule, "quantile" | "unit">): boolean =>
  quantile !== null && unit === "absolute";

/** Unit of a rule's value, interval and limit, as evidence has them: `share`, `ms`, `tokens`, `USD`, `effect`, … */
export const valueUnit = (rule: Pick<Rule, "signal" | "quantile" | "unit">): string => {
  if (rule.signal === "output_shape") return "effect";
  return isExceedance(rule) ? "share" : signalOf(rule.signal).unit;
};
