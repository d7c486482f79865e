import { type LengthPrices, type ModelPrice, type PriceTable, scaledPrices, type TokenPrices } from "./model-price.ts";

/** The month whose public list prices the built-in table holds. docs/prices.md says where they were read. */
export const PRICES_AS_OF = "2026-11";

const price = (input: number, output: number, cached?: number, cacheWrite?: number, maxInput?: number): ModelPrice => ({
  ...{ input, output, cached, cacheWrite, maxInput },
});

/** Half the price: what OpenAI and Anthropic ask for batches, and OpenAI for its flex tier. */
const half = (price: LengthPrices): LengthPrices => scaledPrices(price, 0.5);

/** The same model with prices in other tiers and for longer calls. */
const withTiers = (price: ModelPrice, tiers: ModelPrice["tiers"]): ModelPrice => ({ ...price, tiers });
const withLong = (price: ModelPrice, long: TokenPrices): ModelPrice => ({ ...price, long });

/** A model of OpenAI's that has all three other tiers; in the priority tier long calls have no price. */
const tiered = (price: ModelPrice, priority: TokenPrices): ModelPrice =>
  withTiers(price, { flex: half(price), batch: half(price), priority: { ...priority, maxInput: price.maxInput } });

/** One that has no flex tier. */
const prioritised = (price: ModelPrice, priority: TokenPrices): ModelPrice =>
  withTiers(price, { batch: half(price), priority });

/** Beyond these input tokens OpenAI asks more for its long-context models; the small ones are said to begin earlier. */
const LONG = 272_000;
const LONG_LUNA = 200_000;

/** From GPT-5.6 on, OpenAI bills what it writes to its cache a quarter above the input. */
const openai = (input: number, output: number, cached: number, maxInput = LONG): ModelPrice =>
  price(input, output, cached, input * 1.25, maxInput);

const OPENAI: Readonly<Record<string, ModelPrice>> = {
  "gpt-6.1-sol": openai(2, 10, 0.1),
  "gpt-6.1-terra": openai(1, 5, 0.05),
  "gpt-6-astra": openai(10, 50, 1),
  "gpt-6-sol": openai(2, 10, 0.2),
  "gpt-6-luna": openai(0.1, 0.5, 0.01, LONG_LUNA),
  "gpt-5.6": openai(4, 20, 0.4),
  "gpt-5.6-sol": openai(4, 20, 0.4),
  "gpt-5.6-terra": openai(2, 12, 0.2),
  "gpt-5.6-luna": openai(0.2, 1.2, 0.02, LONG_LUNA),
  "gpt-5.5": tiered(withLong(price(5, 30, 0.5, undefined, LONG), price(10, 45, 1)), price(12.5, 75, 1.25)),
  "gpt-5.5-pro": price(30, 180, undefined, undefined, LONG),
  "gpt-5.4": tiered(withLong(price(2.5, 15, 0.25, undefined, LONG), price(5, 22.5, 0.5)), price(5, 30, 0.5)),
  "gpt-5.4-pro": price(30, 180, undefined, undefined, LONG),
  "gpt-5.4-mini": tiered(price(0.75, 4.5, 0.075), price(1.5, 9, 0.15)),
  "gpt-5.4-nano": price(0.2, 1.25, 0.02),
  "gpt-5.3-codex": price(1.75, 14, 0.175),
  "gpt-5.2": tiered(price(1.75, 14, 0.175), price(3.5, 28, 0.35)),
  "gpt-5.2-codex": price(1.75, 14, 0.175),
  "gpt-5.2-pro": price(21, 168),
  "gpt-5.1": tiered(price(1.25, 10, 0.125), price(2.5, 20, 0.25)),
  "gpt-5": tiered(price(1.25, 10, 0.125), price(2.5, 20, 0.25)),
  "gpt-5-chat-latest": price(1.25, 10, 0.125),
  "gpt-5-mini": tiered(price(0.25, 2, 0.025), price(0.45, 3.6, 0.045)),
  "gpt-5-nano": withTiers(price(0.05, 0.4, 0.005), {
    flex: half(price(0.05, 0.4, 0.005)),
    batch: half(price(0.05, 0.4, 0.005)),
  }),
  "gpt-5-pro": price(15, 120),
  "gpt-4.1": prioritised(price(2, 8, 0.5), price(3.5, 14, 0.875)),
  "gpt-4.1-mini": prioritised(price(0.4, 1.6, 0.1), price(0.7, 2.8, 0.175)),
  "gpt-4.1-nano": prioritised(price(0.1, 0.4, 0.025), price(0.2, 0.8, 0.05)),
  "gpt-4o": prioritised(price(2.5, 10, 1.25), price(4.25, 17, 2.125)),
  "gpt-4o-2024-05-13": price(5, 15),
  "gpt-4o-mini": prioritised(price(0.15, 0.6, 0.075), price(0.25, 1, 0.125)),
  "chatgpt-4o-latest": price(5, 15),
  o1: price(15, 60, 7.5),
  "o1-mini": price(1.1, 4.4, 0.55),
  "o1-pro": price(150, 600),
  o3: tiered(price(2, 8, 0.5), price(3.5, 14, 0.875)),
  "o3-mini": price(1.1, 4.4, 0.55),
  "o3-pro": price(20, 80),
  "o4-mini": tiered(price(1.1, 4.4, 0.275), price(2, 8, 0.5)),
  "gpt-4-turbo": price(10, 30),
  "gpt-4-0125-preview": price(10, 30),
  "gpt-4-1106-preview": price(10, 30),
  "gpt-4": price(30, 60),
  "gpt-4-0613": price(30, 60),
  "gpt-4-0314": price(30, 60),
  "gpt-3.5-turbo": price(0.5, 1.5),
  "gpt-3.5-turbo-0125": price(0.5, 1.5),
  "gpt-3.5-turbo-1106": price(1, 2),
  "gpt-3.5-turbo-0613": price(1.5, 2),
  "gpt-3.5-turbo-instruct": price(1.5, 2),
  "text-embedding-3-small": price(0.02, 0),
  "text-embedding-3-large": price(0.13, 0),
  "text-embedding-ada-002": price(0.1, 0),
};

/**
 * Anthropic: a write to the cache for five minutes costs a quarter more than input, for an hour twice as much; a read a tenth,
 * or as given.
 */
const claudeTokens = (input: number, output: number, cached: number): TokenPrices => ({
  ...{ input, output, cached, cacheWrite: input * 1.25, cacheWriteHour: input * 2 },
});
const claude = (
  input: number,
  output: number,
  cached = input / 10,
  lengths: Partial<LengthPrices> = {},
): ModelPrice => {
  const prices = { ...claudeTokens(input, output, cached), ...lengths };
  return withTiers(prices, { batch: half(prices) });
};

/** Sonnet 4 and 4.5 cost more where the input is longer than this. */
const LONG_SONNET = { maxInput: 200_000, long: claudeTokens(6, 22.5, 0.6) };

const ANTHROPIC: Readonly<Record<string, ModelPrice>> = {
  "claude-fable-5-1": claude(10, 50, 0.25),
  "claude-mythos-5-1": claude(10, 50, 0.25),
  "claude-fable-5": claude(10, 50),
  "claude-mythos-5": claude(10, 50),
  "claude-opus-5-5": claude(4, 20, 0.2),
  "claude-opus-5": claude(5, 25),
  "claude-opus-4-8": claude(5, 25),
  "claude-opus-4-7": claude(5, 25),
  "claude-opus-4-6": claude(5, 25),
  "claude-opus-4-5": claude(5, 25),
  "claude-opus-4-1": claude(15, 75),
  "claude-opus-4": claude(15, 75),
  "claude-opus-4-0": claude(15, 75),
  "claude-sonnet-5-5": claude(2, 10, 0.1),
  "claude-sonnet-5": claude(2, 10),
  "claude-sonnet-4-6": claude(3, 15),
  "claude-sonnet-4-5": claude(3, 15, 0.3, LONG_SONNET),
  "claude-sonnet-4": claude(3, 15, 0.3, LONG_SONNET),
  "claude-sonnet-4-0": claude(3, 15, 0.3, LONG_SONNET),
  "claude-haiku-5-5": claude(0.1, 0.5, 0.01, { maxInput: 100_000 }),
  "claude-haiku-4-5": claude(1, 5),
  "claude-3-7-sonnet": claude(3, 15),
  "claude-3-5-sonnet": claude(3, 15),
  "claude-3-5-haiku": claude(0.8, 4),
  "claude-3-opus": claude(15, 75),
  "claude-3-sonnet": claude(3, 15),
  "claude-3-haiku": { ...claude(0.25, 1.25, 0.03), cacheWrite: 0.3 },
};

/** Google's half price for its Flash models ends with the year 2026. */
const PROMOTION: ModelPrice = { ...price(0.75, 3.75, 0.075), until: "2027-01-01" };

/** Input that is audio has a price of its own. */
const heard = (prices: ModelPrice, audioInput: number): ModelPrice => ({ ...prices, audioInput });

const GEMINI_3_PRO = withLong(heard(price(2, 12, 0.2, undefined, 200_000), 2), heard(price(4, 18, 0.4), 4));

const GOOGLE: Readonly<Record<string, ModelPrice>> = {
  "gemini-3.8-flash": PROMOTION,
  "gemini-3.7-flash": PROMOTION,
  "gemini-3.6-flash": PROMOTION,
  "gemini-3.5-flash": price(1.5, 9, 0.15),
  "gemini-3.5-flash-lite": price(0.3, 2.5, 0.03),
  "gemini-3.1-pro-preview": GEMINI_3_PRO,
  "gemini-3-pro-preview": GEMINI_3_PRO,
  "gemini-3.1-flash-lite": heard(price(0.25, 1.5, 0.025), 0.5),
  "gemini-3-flash-preview": heard(price(0.5, 3, 0.05), 1),
  "gemini-2.5-pro": withLong(heard(price(1.25, 10, 0.125, undefined, 200_000), 1.25), heard(price(2.5, 15, 0.25), 2.5)),
  "gemini-2.5-flash": heard(price(0.3, 2.5, 0.03), 1),
  "gemini-2.5-flash-lite": heard(price(0.1, 0.4, 0.01), 0.3),
  "gemini-2.0-flash": heard(price(0.1, 0.4, 0.025), 0.7),

  "gemini-2.0-flash-lite": heard(price(0.075, 0.3), 0.075),
  "gemini-embedding-001": price(0.15, 0),
};

const GROK = price(2, 6, 0.5, undefined, 200_000);
const GROK_STANDARD = price(1.25, 2.5, 0.2, undefined, 200_000);

const OTHERS: Readonly<Record<string, ModelPrice>> = {
  "command-a-plus-05-2026": price(2.5, 10),
  "command-a-03-2025": price(2.5, 10),
  "command-r-plus-08-2024": price(2.5, 10),
  "command-r-08-2024": price(0.15, 0.6),
  "command-r7b-12-2024": price(0.0375, 0.15),
  "mistral-large-2512": price(0.5, 1.5),
  "mistral-large-2411": price(2, 6),
  "mistral-medium-2604": price(1.5, 7.5),
  "mistral-medium-3-5": price(1.5, 7.5),
  "mistral-medium-2505": price(0.4, 2),
  "mistral-medium-2508": price(0.4, 2),
  "mistral-small-2503": price(0.1, 0.3),
  "mistral-small-2506": price(0.1, 0.3),
  "codestral-2501": price(0.3, 0.9),
  "codestral-2508": price(0.3, 0.9, 0.03),
  "grok-4.7": GROK,
  "grok-4.6": GROK,
  "grok-4.5": GROK,
  "grok-4.3": GROK_STANDARD,
  "grok-4.20-0309-reasoning": GROK_STANDARD,
  "grok-4.20-0309-non-reasoning": GROK_STANDARD,
  "grok-4-0709": price(3, 15, 0.75, undefined, 128_000),
  "grok-3": price(3, 15, 0.75),
  "grok-3-mini": price(0.3, 0.5, 0.075),
  "nova-pro": price(0.8, 3.2),
  "nova-lite": price(0.06, 0.24),
  "nova-micro": price(0.035, 0.14),
};

/**
 * Public list prices of well-known models, US dollars per million tokens. Left out on purpose: names that move from
 * model to model (`mistral-large-latest`, `deepseek-chat`), open models, which every host prices for itself, and
 * fine-tuned ones. Tiers, and prices of long calls, of audio and of images are there where they were read; all others, and
 * discounts, are unknown: a price file has them.
 */
export const BUILT_IN_PRICES: PriceTable = new Map(Object.entries({ ...OPENAI, ...ANTHROPIC, ...GOOGLE, ...OTHERS }));
