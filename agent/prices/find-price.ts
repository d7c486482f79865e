import { type LengthPrices, type ModelPrice, type PriceTable, scaledPrices } from "./model-price.ts";
import { priceNames, surcharge } from "./price-names.ts";

/** A model's price, and how it was found. */
export interface FoundPrice {
  readonly price: ModelPrice;
  /** The name it has in the table. */
  readonly name: string;
  /** How that name comes from the one that was seen, in words; empty where it is the same. */
  readonly because: readonly string[];
}

const withSurcharge = (price: ModelPrice, factor: number): ModelPrice => {
  const scaled = (prices: LengthPrices | undefined): LengthPrices | undefined =>
    prices === undefined ? undefined : scaledPrices(prices, factor);
  const { tiers = {}, until } = price;
  return {
    ...scaledPrices(price, factor),
    until,
    tiers: { flex: scaled(tiers.flex), priority: scaled(tiers.priority), batch: scaled(tiers.batch) },
  };
};

/** The price of a model; null where the table does not know it. A name that the table has as it is costs what it says there. */
export const findPrice = (table: PriceTable, model: string): FoundPrice | null => {
  for (const { name, because } of priceNames(model)) {
    const price = table.get(name);
    if (price === undefined) continue;
    const more = because.length === 0 ? null : surcharge(model);
    if (more === null) return { price, name, because };
    return { price: withSurcharge(price, more.factor), name, because: [...because, more.because] };
  }
  return null;
};
