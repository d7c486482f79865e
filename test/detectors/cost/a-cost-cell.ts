import type { CellPrices, CostCell } from "../../../core/cost-cell.ts";

/** A hundred calls of 1,000 prompt and 200 answer tokens, 800 characters each, at `PRICES.old`. */
export const aCostCell = (fields: Partial<CostCell> = {}): CostCell => ({
  ...{ arm: "baseline", segment: "", model: "old", askedModel: "" },
  ...{ calls: 100, withoutUsage: 0, withoutPrice: 0, priced: 100, costUsd: 0.4 },
  ...{ inputTokens: 100_000, cachedTokens: 0, writtenTokens: 0 },
  ...{ outputTokens: 20_000, reasoningTokens: 0, textTokens: 20_000, textChars: 80_000 },
  ...fields,
});

/** US dollars a token: `old` 2 and 10 a million, cached half; `new` half more of everything. */
export const PRICES: Readonly<Record<string, CellPrices>> = {
  old: { input: 2e-6, cached: 1e-6, written: 2e-6, output: 1e-5 },
  new: { input: 3e-6, cached: 1.5e-6, written: 3e-6, output: 1.5e-5 },
};

/** Of the model that answered. */
export const pricesOf = ({ model }: Pick<CostCell, "model">): CellPrices | null => PRICES[model] ?? null;
