import type { Arm } from "../../../core/cohort.ts";
import type { Rule } from "../../../core/migration.ts";
import type { Sample } from "../../../core/sample.ts";
import { measuredKind, type SignalName, signalOf } from "../../../core/signals.ts";
import { rate, rule, values } from "../tick-builder.ts";

/** One kind of judge: a rule, where a healthy call is, and where one is that breaks the limit tenfold. */
export interface Judge {
  readonly rule: Rule;
  readonly healthy: number;
  readonly broken: number;
}

const judge = (healthy: number, broken: number, fields: Parameters<typeof rule>[0]): Judge => ({
  rule: rule({ id: `${fields.signal} ${fields.direction ?? "increase"} ${fields.unit ?? "absolute"}`, ...fields }),
  healthy,
  broken,
});

const projected = { reference: "projection" } as const;
const free = { reference: "none" } as const;

/** Every unit, kind, reference and direction that a rule about a mean or a rate can have. */
export const JUDGES: readonly Judge[] = [
  judge(0.01, 0.5, { signal: "error", unit: "absolute", ...free, limit: 0.05 }),
  judge(0.02, 0.52, { signal: "refusal", unit: "points", limit: 0.05 }),
  judge(0.02, 0.52, { signal: "refusal", unit: "points", direction: "either", limit: 0.05 }),
  judge(0.05, 0.6, { signal: "support_tickets", unit: "relative", limit: 0.2 }),
  judge(0.95, 0.1, { signal: "tool_call_valid", unit: "absolute", direction: "drop", ...free, limit: 0.9 }),
  judge(0.95, 0.45, { signal: "tool_call_valid", unit: "points", direction: "drop", limit: 0.05 }),
  judge(0.95, 0.1, { signal: "tool_call_valid", unit: "relative", direction: "drop", limit: 0.1 }),
  judge(0.9, 0.09, { signal: "quality", unit: "absolute", direction: "drop", ...free, limit: 0.8 }),
  judge(0.9, 0.4, { signal: "quality", unit: "points", direction: "drop", limit: 0.05 }),
  judge(0.9, 0.09, { signal: "quality", unit: "relative", direction: "drop", limit: 0.1 }),
  judge(0.9, 0.09, {
    signal: "quality",
    unit: "relative",
    direction: "drop",
    limit: 0.1,
    projection: 0.88,
    ...projected,
  }),
  judge(0.05, 0.6, { signal: "error", unit: "relative", limit: 0.2, projection: 0.05, ...projected }),
  judge(0.004, 0.05, { signal: "cost_usd", unit: "absolute", ...free, limit: 0.005 }),
  judge(0.004, 0.0004, { signal: "cost_usd", unit: "absolute", direction: "drop", ...free, limit: 0.003 }),
  judge(1000, 11_000, { signal: "tokens_total", unit: "absolute-increase", limit: 1000 }),
  judge(1000, 10_000, { signal: "tokens_total", unit: "relative", limit: 0.2 }),
  judge(1000, 10_000, { signal: "tokens_total", unit: "relative", direction: "either", limit: 0.2 }),
  judge(1000, 100, { signal: "tokens_total", unit: "relative", direction: "drop", limit: 0.2 }),
  judge(0, 900, { signal: "reasoning_tokens", unit: "relative", limit: 0.2 }),
  judge(0, 0.05, { signal: "cost_usd", unit: "absolute", ...free, limit: 0.005 }),
  judge(0, 0.05, { signal: "cost_usd", unit: "absolute-increase", limit: 0.005 }),
  judge(0.004, 0.04, { signal: "cost_usd", unit: "relative", limit: 0.2, projection: 0.004, ...projected }),
  judge(0.004, 0.02, { signal: "cost_usd", unit: "relative", limit: 0.2, projection: 0.002, ...projected }),
  judge(0.004, 0.05, { signal: "cost_usd", unit: "absolute-increase", limit: 0.001, projection: 0.004, ...projected }),
  judge(0.004, 0.0004, {
    signal: "cost_usd",
    unit: "relative",
    direction: "drop",
    limit: 0.2,
    projection: 0.004,
    ...projected,
  }),
];

const scores = (signal: SignalName, arm: Arm, n: number, score: number, segment: string): Sample => ({
  signal,
  cohort: arm,
  segment,
  n,
  sum: n * score,
  bins: n === 0 ? {} : { [Math.round(100 * score)]: n },
});

/** `n` calls of an arm at `level`: as many events as there are on average, or values around it. */
export const callsAt = ({ signal }: Rule, arm: Arm, n: number, level: number, segment = ""): Sample => {
  const kind = measuredKind(signalOf(signal as SignalName).kind);
  const name = signal as SignalName;
  if (kind === "rate") return rate(name, arm, n, Math.round(n * level), segment);
  if (kind === "score") return scores(name, arm, n, level, segment);
  const spread = [0.7, 0.85, 1, 1.15, 1.3];
  const numbers = Array.from({ length: n }, (_, i) => level * (spread[i % spread.length] ?? 1));
  return values(name, arm, numbers, segment);
};
