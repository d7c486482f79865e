import { always, around, judgeMeans, type Limit, mixed, type Nature } from "../../../test/detectors/mean-world.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

/** What is said in the end, or at the breach, of some minutes of 400 calls with 5% canary. */
const said = (limit: Limit, canary: Nature, baseline: Nature, minutes: number): string => {
  const { verdict, calls } = judgeMeans(limit, { canary, baseline }, { minutes });
  return verdict.outcome === "breach" ? `breach after ${calls} calls` : verdict.outcome;
};

interface Sibling {
  readonly input: string;
  readonly limit: Limit;
  readonly canary: Nature;
  readonly baseline: Nature;
  readonly minutes?: number;
  readonly before: string;
}

const sibling =
  (right: DirtyCase["right"], isRight: DirtyCase["isRight"]) =>
  (each: Sibling): DirtyCase => ({
    input: each.input,
    right,
    before: each.before,
    measure: () => said(each.limit, each.canary, each.baseline, each.minutes ?? 100),
    isRight,
  });

const breach = sibling("breach", (now) => now.startsWith("breach"));
const clear = sibling("clear", (now) => now === "clear");
const notClear = sibling("not clear", (now) => now !== "clear");

const more = (limit: number): Partial<Limit> => ({ unit: "absolute-increase", limit });
const number = (limit: number): Partial<Limit> => ({ unit: "absolute", reference: "none", limit });
const BODY = around(1000, 0.4);
const loops = (share: number, tokens: number): Nature => mixed(share, always(tokens), BODY);

/** A limit that no clipped value could break, and a tail that clipping hid. */
export const clippedMeans: DirtyKind = {
  kind: "means: limits beyond the clip, tails that run away",
  cases: [
    breach({
      input: "800 tokens, +50%, canary 4000",
      limit: { signal: "input_tokens", limit: 0.5 },
      canary: around(4000, 0.01),
      baseline: around(800, 0.01),
      before: "clear",
    }),
    breach({
      input: "300 ms, +1 s, canary 30 s",
      limit: { signal: "latency_ms", ...more(1000) },
      canary: always(30_000),
      baseline: around(300, 0.2),
      before: "clear",
    }),
    breach({
      input: "constant cost, +100%, canary x3",
      limit: { signal: "cost_usd", limit: 1 },
      canary: always(0.0126),
      baseline: always(0.0042),
      before: "clear",
    }),
    breach({
      input: "0.5% of answers 128k tokens, +20%",
      limit: { signal: "tokens_total" },
      canary: loops(0.005, 128_000),
      baseline: BODY,
      minutes: 1500,
      before: "clear",
    }),
    breach({
      input: "the same against a projection",
      limit: { signal: "tokens_total", reference: "projection", projection: 1100 },
      canary: loops(0.005, 128_000),
      baseline: BODY,
      minutes: 1500,
      before: "clear",
    }),
    breach({
      input: "the same against a number",
      limit: { signal: "tokens_total", ...number(1320) },
      canary: loops(0.005, 128_000),
      baseline: BODY,
      minutes: 1500,
      before: "clear",
    }),
    breach({
      input: "0.5% of calls 120 s, +200 ms",
      limit: { signal: "latency_ms", ...more(200) },
      canary: loops(0.005, 120_000),
      baseline: BODY,
      minutes: 1500,
      before: "clear",
    }),
    notClear({
      input: "0.17% of 128k: just beyond +20%",
      limit: { signal: "tokens_total" },
      canary: loops(0.0017, 128_000),
      baseline: BODY,
      minutes: 300,
      before: "clear",
    }),
    notClear({
      input: "a fall that only the baseline's tail shows",
      limit: { signal: "tokens_total", direction: "drop" },
      canary: BODY,
      baseline: loops(0.0005, 1_000_000),
      minutes: 300,
      before: "clear",
    }),
    clear({
      input: "the same tail in both arms",
      limit: { signal: "tokens_total" },
      canary: loops(0.002, 20_000),
      baseline: loops(0.002, 20_000),
      minutes: 1000,
      before: "clear",
    }),
    clear({
      input: "a cap in both arms",
      limit: { signal: "latency_ms" },
      canary: (random) => Math.min(30_000, around(4000, 1.43)(random)),
      baseline: (random) => Math.min(30_000, around(4000, 1.43)(random)),
      minutes: 600,
      before: "clear",
    }),
  ],
};

const COST: Limit = { signal: "cost_usd" };

/** A baseline that is zero, or nearly so. */
export const zeroBaseline: DirtyKind = {
  kind: "means: a baseline of zero",
  cases: [
    breach({
      input: "free to paid, +20%",
      limit: COST,
      canary: always(0.01),
      baseline: always(0),
      before: "undecided",
    }),
    breach({
      input: "reasoning tokens 0 to 900",
      limit: { signal: "reasoning_tokens" },
      canary: around(900, 0.5),
      baseline: always(0),
      before: "undecided",
    }),
    breach({
      input: "free to paid, +0.001 USD",
      limit: { ...COST, ...more(0.001) },
      canary: always(0.01),
      baseline: always(0),
      before: "undecided",
    }),
    breach({
      input: "5% of the calls paid",
      limit: COST,
      canary: mixed(0.05, always(0.2), always(0)),
      baseline: always(0),
      before: "undecided",
    }),
    breach({
      input: "one baseline call in 1000 is not zero",
      limit: COST,
      canary: always(0.01),
      baseline: mixed(0.001, always(0.01), always(0)),
      before: "undecided",
    }),
    clear({
      input: "both free, +20%",
      limit: COST,
      canary: always(0),
      baseline: always(0),
      minutes: 300,
      before: "undecided",
    }),
    clear({
      input: "both free, +0.001 USD",
      limit: { ...COST, ...more(0.001) },
      canary: always(0),
      baseline: always(0),
      minutes: 300,
      before: "undecided",
    }),
  ],
};
