import type { PricedCall } from "../../collector/collaborators.ts";
import type { LengthPrices, ModelPrice, ServiceTier, TokenPrices } from "./model-price.ts";
import { SERVICE_TIERS } from "./model-price.ts";

/** What a call cost, or why nobody knows. */
export type Cost = { readonly usd: number } | { readonly unknown: string };

const MILLION = 1_000_000;

/** Words for the tier in which every call is that asks for no other. Groq's, Vertex's and Bedrock's are among them. */
const STANDARD: ReadonlySet<string> = new Set(["", "default", "standard", "standard_only", "auto", "on_demand"]);

const isTier = (word: string): word is ServiceTier => SERVICE_TIERS.some((tier) => tier === word);

/** Providers may answer in another tier than the one that was asked for, and then ask its price. */
const tierPrices = (
  model: ModelPrice,
  { service_tier = "", requested_tier = "" }: PricedCall,
): LengthPrices | string => {
  const tier = service_tier.toLowerCase();
  if (tier === "" && !STANDARD.has(requested_tier.toLowerCase())) {
    return `it asked for tier ${requested_tier}, and nothing says whether it got it`;
  }
  if (STANDARD.has(tier)) return model;
  return (isTier(tier) ? model.tiers?.[tier] : undefined) ?? `the price in tier ${service_tier} is unknown`;
};

const lengthPrices = (prices: LengthPrices, input: number): TokenPrices | null =>
  input <= (prices.maxInput ?? Number.POSITIVE_INFINITY) ? prices : (prices.long ?? null);

/** Tokens of one kind at their price; null where there are some and the price is unknown. */
const part = (tokens: number, price: number | undefined): number | null => {
  if (tokens === 0) return 0;
  return price === undefined ? null : tokens * price;
};

const sumOf = (parts: readonly (number | null)[]): number | null =>
  parts.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);

/** What was cached of the audio is not told apart: known where it makes no difference. */
const heardPrice = ({ input, audioInput }: TokenPrices, cached: number): number | undefined =>
  cached === 0 || audioInput === input ? audioInput : undefined;

/** Input tokens include the cached and the written ones and audio, whatever the provider's own habit. */
const inputCost = (prices: TokenPrices, input: number, call: PricedCall): number | null => {
  const cached = Math.min(input, call.cached_tokens ?? 0);
  const written = Math.min(input - cached, call.cache_write_tokens ?? 0);
  const hour = Math.min(written, call.parts?.cache_write_hour_tokens ?? 0);
  const audio = Math.min(input - cached - written, call.parts?.audio_input_tokens ?? 0);
  return sumOf([
    (input - cached - written - audio) * prices.input,
    cached * (prices.cached ?? prices.input),
    (written - hour) * (prices.cacheWrite ?? prices.input),
    // Who asks nothing for writing asks nothing for keeping.
    part(hour, prices.cacheWriteHour ?? (prices.cacheWrite === undefined ? prices.input : undefined)),
    part(audio, heardPrice(prices, cached)),
  ]);
};

/** Output tokens include audio and images. */
const outputCost = (prices: TokenPrices, output: number, call: PricedCall): number | null => {
  const audio = Math.min(output, call.parts?.audio_output_tokens ?? 0);
  const image = Math.min(output - audio, call.parts?.image_output_tokens ?? 0);
  return sumOf([
    (output - audio - image) * prices.output,
    part(audio, prices.audioOutput),
    part(image, prices.imageOutput),
  ]);
};

/** A price that is known to change says nothing of a call whose time is unknown. */
const hasEnded = ({ until }: ModelPrice, { start_ms }: PricedCall): boolean =>
  until !== undefined && (start_ms === undefined || start_ms >= Date.parse(until));

/** US dollars of a call of a model whose prices are `model`. Unknown rather than wrong: no tier, length or kind of token is guessed. */
export const costOf = (model: ModelPrice, call: PricedCall): Cost => {
  const { input_tokens: input, output_tokens: output } = call;
  if (input === null) return { unknown: "its input tokens are unknown" };
  // Output tokens matter only where they cost something: embeddings have none.
  if (output === null && model.output > 0) return { unknown: "its output tokens are unknown" };
  if (hasEnded(model, call)) return { unknown: `the prices are known until ${model.until} only` };
  const tier = tierPrices(model, call);
  if (typeof tier === "string") return { unknown: tier };
  const prices = lengthPrices(tier, input);
  if (prices === null) return { unknown: `the price of more than ${tier.maxInput} input tokens is unknown` };
  const cost = sumOf([inputCost(prices, input, call), outputCost(prices, output ?? 0, call)]);
  return cost === null
    ? { unknown: "it has tokens of a kind whose price is unknown (audio, images, or kept in the cache for an hour)" }
    : { usd: cost / MILLION };
};
