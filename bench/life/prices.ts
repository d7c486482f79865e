import type { TokenPrices } from "../../agent/prices/model-price.ts";
import type { FindPrice } from "../../agent/prices/prices.ts";

/** Made-up prices, so that the story does not change with the table of real ones: US dollars per million tokens. */
export const PRICES: Readonly<Record<"baseline" | "canary", TokenPrices>> = {
  baseline: { input: 2.5, output: 10 },
  canary: { input: 2.75, output: 11.5 },
};

const MILLION = 1_000_000;

/** What a call of so many tokens costs, US dollars. */
export const costUsd = (arm: keyof typeof PRICES, input: number, output: number): number =>
  (input * PRICES[arm].input + output * PRICES[arm].output) / MILLION;

/** The same table as the agent asks it. */
export const findMadeUp: FindPrice = (model) => {
  const arm = model.startsWith("gpt-4o") ? "baseline" : "canary";
  return { name: model, because: [], price: PRICES[arm], table: "prices.yaml" };
};
