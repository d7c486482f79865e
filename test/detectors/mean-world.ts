import type { Rule } from "../../core/migration.ts";
import { normalFrom, seededRandom } from "../../core/seeded-random.ts";
import type { SignalName } from "../../core/signals.ts";
import type { Verdict } from "../../core/verdict.ts";
import { createEngine } from "../../detectors/engine.ts";
import { migration, rule, tick, values } from "./tick-builder.ts";

/** How one call of an arm is. */
export type Nature = (random: () => number) => number;

/** Always the same. */
export const always =
  (value: number): Nature =>
  () =>
    value;

/** Log-normal around a median. */
export const around =
  (median: number, deviation: number): Nature =>
  (random) =>
    median * Math.exp(deviation * normalFrom(random));

/** `share` of the calls are of another nature. */
export const mixed =
  (share: number, rare: Nature, rest: Nature): Nature =>
  (random) =>
    random() < share ? rare(random) : rest(random);

/** What became of a run. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Canary calls until the run ended: at the breach, or after all minutes. */
  readonly calls: number;
  /** Canary calls at the first clear; null = never. */
  readonly firstClear: number | null;
}

/** A mean's limit. */
export type Limit = Partial<Rule> & { readonly signal: SignalName };

/** One rule over minutes of 400 calls, `share` of them the canary's; ends at a breach. Seeded. */
export const judgeMeans = (
  limit: Limit,
  arms: { readonly canary: Nature; readonly baseline: Nature },
  { minutes = 100, share = 0.05, seed = 1 }: { minutes?: number; share?: number; seed?: number } = {},
): Outcome => {
  const engine = createEngine(migration([rule({ unit: "relative", limit: 0.2, ...limit })]));
  const random = seededRandom(seed);
  const canary = Math.round(400 * share);
  const draw = (n: number, nature: Nature): number[] => Array.from({ length: n }, () => nature(random));
  let firstClear: number | null = null;
  for (let minute = 0; ; minute++) {
    const calls = (minute + 1) * canary;
    const samples = [
      values(limit.signal, "canary", draw(canary, arms.canary)),
      values(limit.signal, "baseline", draw(400 - canary, arms.baseline)),
    ];
    const [verdict] = engine.step(
      tick(minute, samples, { share, designEffects: { [limit.signal]: 1 } }),
      "outcome",
    ).verdicts;
    if (verdict === undefined) throw new Error("a rule without a verdict");
    if (verdict.outcome === "clear") firstClear ??= calls;
    if (verdict.outcome === "breach" || minute + 1 === minutes) return { verdict, calls, firstClear };
  }
};
