import type { ModelConfiguration } from "../../core/migration.ts";
import type { CallUsage } from "../../store/baseline-usage.ts";
import { costOf } from "../prices/cost-of.ts";
import type { FindPrice } from "../prices/prices.ts";
import type { MeasuredCost } from "./case.ts";

/** Fewer calls are no traffic whose mean says anything. */
export const FEWEST_CALLS = 100;

type Priced = { readonly usd: number } | { readonly unknown: string };

/** What a call of this usage costs of a model, at the list prices of the standard tier at `now`, epoch ms. */
const priceOf = ({ model }: ModelConfiguration, usage: CallUsage, find: FindPrice, now: number): Priced => {
  const found = find(model);
  if (found === null) return { unknown: `${model} has no price; a line of agent.prices gives it one (docs/prices.md)` };
  const cost = costOf(found.price, {
    ...{ provider: "", request_model: model, response_model: model, start_ms: now },
    ...{ input_tokens: usage.inputTokens, output_tokens: usage.outputTokens },
    ...{ cached_tokens: usage.cachedTokens, cache_write_tokens: usage.writtenTokens, reasoning_tokens: null },
  });
  return "usd" in cost ? cost : { unknown: `of ${model}: ${cost.unknown}` };
};

/** What a call costs now, and what its tokens cost at the candidate's prices; or why that is not known. `days`: of how long `usage` is. */
export const measuredCost = (
  { baseline, candidate }: { readonly baseline: ModelConfiguration; readonly candidate: ModelConfiguration },
  usage: CallUsage,
  { find, days, now }: { readonly find: FindPrice; readonly days: number; readonly now: number },
): MeasuredCost | { readonly unknown: string } => {
  const { counted, calls } = usage;
  if (counted < FEWEST_CALLS)
    return {
      unknown: `${counted} of ${calls} calls of ${baseline.model} in the last ${days} days tell their tokens, and ${FEWEST_CALLS} are needed`,
    };
  const [from, to] = [priceOf(baseline, usage, find, now), priceOf(candidate, usage, find, now)];
  if ("unknown" in from) return from;
  if ("unknown" in to) return to;
  return { calls: counted, days, baselineUsd: from.usd, candidateUsd: to.usd };
};
