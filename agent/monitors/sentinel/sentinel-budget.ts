import type { ProbeCall } from "../../../store/monitors/monitor-store.ts";
import type { SentinelSettings } from "../../config/monitor-schema.ts";
import type { PriceCall } from "../../prices/prices.ts";
import type { Probe } from "./read-probes.ts";

const DAY_MS = 86_400_000;

/** Start of the day, UTC, that a budget counts from. */
export const startOfDay = (now: number): number => Math.floor(now / DAY_MS) * DAY_MS;

/** What was spent since the start of the day. `usd` counts calls of unknown cost at their highest. */
export interface Spent {
  readonly calls: number;
  readonly usd: number;
}

/** The most a probe can cost, US dollars: a token a character and the longest answer. Null where no price is known. */
export const highestCost = (
  { model, maxTokens }: Pick<SentinelSettings, "model" | "maxTokens">,
  { messages }: Probe,
  price: PriceCall,
): number | null =>
  price({
    provider: "",
    request_model: model,
    response_model: "",
    // Every token has at least a byte; some frames of the messages are tokens too.
    input_tokens: messages.reduce((sum, { content }) => sum + Buffer.byteLength(content) + 10, 10),
    output_tokens: maxTokens,
    cached_tokens: null,
    cache_write_tokens: null,
    reasoning_tokens: null,
  });

/** Adds up the day's calls; one of unknown cost counts as `highest`. */
export const spentOf = (calls: readonly Pick<ProbeCall, "cost_usd">[], highest: number): Spent => ({
  calls: calls.length,
  usd: calls.reduce((sum, { cost_usd }) => sum + (cost_usd ?? highest), 0),
});

/** Why a call that may cost `cost` is not in the budget any more; empty when it is. */
export const overBudget = (
  { callsPerDay, usdPerDay }: SentinelSettings["budget"],
  spent: Spent,
  cost: number | null,
): string => {
  if (spent.calls >= callsPerDay) return `the day's ${callsPerDay} calls are spent; it asks again after 00:00 UTC`;
  if (usdPerDay === null) return "";
  if (cost === null) return "the model's price is unknown; give it in agent.prices, or set budget.usdPerDay to null";
  return spent.usd + cost > usdPerDay
    ? `the day's $${usdPerDay} are spent but for less than a call; it asks again after 00:00 UTC`
    : "";
};
