import type { Rule, RuleDirection } from "../../core/migration.ts";
import { RULE_UNITS } from "../../core/rule-units/rule-units.ts";
import { healthyShares } from "./assumed-calls.ts";

/** A healthy canary is called clear in so many cases, and a violating one by mistake. */
const [POWER, ALPHA] = [0.9, 0.05] as const;

/** Divergence of two chances, in nats: how much a call tells. Infinite where what happens was ruled out. */
const divergence = (p: number, q: number): number => {
  const part = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b));
  return part(p, q) + part(1 - p, 1 - q);
};

/** What a test must have been told, whichever it is (data processing inequality), nats. */
const NEEDED = divergence(POWER, ALPHA);

const EDGE = 1e-9;
/** What a call tells at the limit itself, but for rounding, nats. */
const NOTHING = 1e-9;
const STEPS = 200;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Smallest value of a function on (0, 1) that falls and then rises. */
const minimum = (of: (x: number) => number): number => {
  let [a, b] = [EDGE, 1 - EDGE];
  for (let i = 0; i < STEPS; i++) {
    const [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
    if (of(c) < of(d)) b = d;
    else a = c;
  }
  return of((a + b) / 2);
};

const SIGNS: Readonly<Record<RuleDirection, readonly (1 | -1)[]>> = { increase: [1], drop: [-1], either: [1, -1] };

/** What a canary call and the baseline's with it tell against the likeliest violation of a limit that refers to the baseline. */
const toldBeside = (rule: Rule, rate: number, share: number, sign: 1 | -1): number => {
  const { ratio, delta } = RULE_UNITS[rule.unit ?? "points"].distance(rule.limit ?? 0) ?? { ratio: 0, delta: 0 };
  const limit = (b: number): number => Math.min(1 - EDGE, Math.max(EDGE, b * (1 + sign * ratio) + sign * delta));
  return minimum((b) => divergence(rate, limit(b)) + ((1 - share) / share) * divergence(rate, b));
};

/**
 * Canary calls before which no test whatever is clear in nine of ten healthy cases, and in at most one of twenty that
 * violate the rule, as calls are assumed and nothing else is known of them. Null for means, whose answer depends on
 * what is known of their tails, and for a limit that nothing keeps apart from health.
 */
export const leastCalls = (rule: Rule, share: number): number | null => {
  if (rule.signal === "output_shape" || rule.limit === null) return null;
  const healthy = healthyShares(rule, rule.signal);
  if (healthy === null) return null;
  const isBeside = rule.quantile === null && rule.unit !== "absolute" && rule.reference === "baseline";
  const limit = rule.quantile === null ? rule.limit : 1 - rule.quantile;
  const told = isBeside
    ? Math.min(...SIGNS[rule.direction].map((sign) => toldBeside(rule, healthy.canary, share, sign)))
    : divergence(healthy.canary, limit);
  return told > NOTHING && Number.isFinite(told) ? Math.ceil(NEEDED / told) : null;
};
