import type { Rule } from "../../../core/migration.ts";
import { cached, type Lumps, saidOfLumps, seconds, zeros } from "../../detection/streams/lumps.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const ruleOf = (fields: Pick<Rule, "signal" | "quantile" | "limit" | "unit">): Rule => ({
  id: "quantile",
  direction: "increase",
  reference: "baseline",
  projection: null,
  by: null,
  severity: "rollback",
  ...fields,
});

const lumpCase = (
  input: string,
  fields: Parameters<typeof ruleOf>[0],
  arms: Readonly<Record<"canary" | "baseline", Lumps>>,
  right: string,
  before: string,
  days = 2,
): DirtyCase => ({
  input,
  right,
  before,
  measure: () => saidOfLumps(ruleOf(fields), arms, days, 1),
  isRight: (said) => right.split(" or ").includes(said),
});

const latency = (quantile: number, limit = 200, unit: Rule["unit"] = "absolute-increase") =>
  ({ signal: "latency_ms", quantile, limit, unit }) as const;
const tokens = { signal: "output_tokens", quantile: 0.95, limit: 5, unit: "absolute-increase" } as const;
const capped = (share: number): Lumps => [
  [900, 1 - share],
  [30_000, share],
];
const classifier = (explained: number): Lumps => [
  [1, 0.4],
  [2, 0.6 - explained],
  [60, explained],
];

const both = (of: (share: number) => Lumps, canary: number, baseline: number) => ({
  canary: of(canary),
  baseline: of(baseline),
});

/** A quantile that lies on a lump has moved only when the lump gave way: more calls beyond it are not yet a move. */
export const quantileOnALump: DirtyKind = {
  kind: "quantiles on lumps",
  cases: [
    lumpCase("p50, 30% and 36% slow: both 40 ms", latency(0.5), both(cached, 0.36, 0.3), "clear", "breach"),
    lumpCase(
      "p95, 3% and 4.5% slow: both 40 ms",
      latency(0.95),
      both(cached, 0.045, 0.03),
      "undecided or clear",
      "breach",
    ),
    lumpCase("p95, 3% and 8% slow: 40 and 2500 ms", latency(0.95), both(cached, 0.08, 0.03), "breach", "breach"),
    lumpCase(
      "p99, 0.4% and 0.8% at a cap",
      latency(0.99),
      both(capped, 0.008, 0.004),
      "undecided or clear",
      "breach",
      4,
    ),
    lumpCase("p99, 2% of both at the cap", latency(0.99), both(capped, 0.02, 0.02), "clear", "undecided"),
    lumpCase(
      "p95, 4.9% of both slow: at the edge of the lump",
      latency(0.95),
      both(cached, 0.049, 0.049),
      "undecided or clear",
      "undecided",
    ),
    lumpCase(
      "p95 of tokens, 2% and 4% explained",
      tokens,
      both(classifier, 0.04, 0.02),
      "undecided or clear",
      "breach",
    ),
    lumpCase("p50, whole seconds, both 2 s", latency(0.5), both(seconds, 0.2, 0.15), "clear", "breach"),
    lumpCase("p50, whole seconds, 2 s and 3 s", latency(0.5), both(seconds, 0.58, 0.15), "breach", "breach"),
    lumpCase(
      "p99, one value in both arms",
      latency(0.99),
      both(() => [[700, 1]], 0, 0),
      "clear",
      "undecided",
    ),
    lumpCase(
      "p50 of reasoning tokens, 80% none",
      { ...tokens, signal: "reasoning_tokens", quantile: 0.5 },
      both(zeros, 0.3, 0.2),
      "clear",
      "breach",
    ),
    lumpCase(
      "p50 of reasoning tokens, relative, none in most",
      { ...tokens, signal: "reasoning_tokens", quantile: 0.5, limit: 0.4, unit: "relative" },
      both(zeros, 0.2, 0.2),
      "clear",
      "breach",
    ),
    lumpCase(
      "p50 of reasoning tokens, none to 300",
      { ...tokens, signal: "reasoning_tokens", quantile: 0.5 },
      both(zeros, 0.7, 0.2),
      "breach",
      "breach",
    ),
  ],
};
