import type { ModelPrice, PriceTable } from "./price-table.ts";

/** The month whose public list prices the built-in table holds. */
export const PRICES_AS_OF = "2025-11";

const price = (input: number, output: number, cached?: number, cacheWrite?: number, maxInput?: number): ModelPrice => ({
  ...{ input, output, cached, cacheWrite, maxInput },
});

/** Anthropic: a cache read costs a tenth of the input, a write (five minutes) a quarter more than it. */
const claude = (input: number, output: number, maxInput?: number): ModelPrice =>
  price(input, output, input / 10, input * 1.25, maxInput);

const OPENAI: Readonly<Record<string, ModelPrice>> = {
  "gpt-5.1": price(1.25, 10, 0.125),
  "gpt-5": price(1.25, 10, 0.125),
  "gpt-5-chat-latest": price(1.25, 10, 0.125),
  "gpt-5-mini": price(0.25, 2, 0.025),
  "gpt-5-nano": price(0.05, 0.4, 0.005),
  "gpt-4.1": price(2, 8, 0.5),
  "gpt-4.1-mini": price(0.4, 1.6, 0.1),
  "gpt-4.1-nano": price(0.1, 0.4, 0.025),
  "gpt-4o": price(2.5, 10, 1.25),
  "gpt-4o-2024-05-13": price(5, 15),
  "gpt-4o-mini": price(0.15, 0.6, 0.075),
  "chatgpt-4o-latest": price(5, 15),
  o1: price(15, 60, 7.5),
  "o1-mini": price(1.1, 4.4, 0.55),
  "o1-pro": price(150, 600),
  o3: price(2, 8, 0.5),
  "o3-mini": price(1.1, 4.4, 0.55),
  "o3-pro": price(20, 80),
  "o4-mini": price(1.1, 4.4, 0.275),
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

const ANTHROPIC: Readonly<Record<string, ModelPrice>> = {
  "claude-opus-4-5": claude(5, 25),
  "claude-opus-4-1": claude(15, 75),
  "claude-opus-4": claude(15, 75),
  "claude-opus-4-0": claude(15, 75),
  "claude-sonnet-4-5": claude(3, 15, 200_000),
  "claude-sonnet-4": claude(3, 15, 200_000),
  "claude-sonnet-4-0": claude(3, 15, 200_000),
  "claude-haiku-4-5": claude(1, 5),
  "claude-3-7-sonnet": claude(3, 15),
  "claude-3-5-sonnet": claude(3, 15),
  "claude-3-5-haiku": claude(0.8, 4),
  "claude-3-opus": claude(15, 75),
  "claude-3-sonnet": claude(3, 15),
  "claude-3-haiku": price(0.25, 1.25, 0.03, 0.3),
};

const GOOGLE: Readonly<Record<string, ModelPrice>> = {
  "gemini-2.5-pro": price(1.25, 10, 0.125, undefined, 200_000),
  "gemini-2.5-flash": price(0.3, 2.5, 0.03),
  "gemini-2.5-flash-lite": price(0.1, 0.4, 0.01),
  "gemini-2.0-flash": price(0.1, 0.4, 0.025),
  "gemini-2.0-flash-001": price(0.1, 0.4, 0.025),
  "gemini-2.0-flash-lite": price(0.075, 0.3),
  "gemini-2.0-flash-lite-001": price(0.075, 0.3),
};

const OTHERS: Readonly<Record<string, ModelPrice>> = {
  "command-a-03-2025": price(2.5, 10),
  "command-r-plus-08-2024": price(2.5, 10),
  "command-r-08-2024": price(0.15, 0.6),
  "command-r7b-12-2024": price(0.0375, 0.15),
  "mistral-large-2411": price(2, 6),
  "mistral-medium-2505": price(0.4, 2),
  "mistral-medium-2508": price(0.4, 2),
  "mistral-small-2503": price(0.1, 0.3),
  "mistral-small-2506": price(0.1, 0.3),
  "codestral-2501": price(0.3, 0.9),
  "codestral-2508": price(0.3, 0.9),
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
 * fine-tuned ones. Batch, flex and priority tiers, and discounts, are not known: a price file has them.
 */
export const BUILT_IN_PRICES: PriceTable = new Map(Object.entries({ ...OPENAI, ...ANTHROPIC, ...GOOGLE, ...OTHERS }));
