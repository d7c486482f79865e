import { z } from "zod";
import type { PricedCall } from "../../collector/collaborators.ts";
import { type Problem, parseWith } from "../config/problem.ts";
import { readYaml } from "../config/read-yaml.ts";
import { BUILT_IN_PRICES } from "./built-in-prices.ts";
import { costOf } from "./cost-of.ts";
import { type FoundPrice, findPrice } from "./find-price.ts";
import type { ModelPrice, PriceTable } from "./model-price.ts";

const price = z.number().nonnegative();
const tokenPrices = {
  ...{ input: price, output: price, cached: price.optional(), cacheWrite: price.optional() },
  ...{ cacheWriteHour: price.optional(), audioInput: price.optional() },
  ...{ audioOutput: price.optional(), imageOutput: price.optional() },
};
const lengthPrices = {
  ...tokenPrices,
  maxInput: z.number().int().positive().optional(),
  long: z.strictObject(tokenPrices).optional(),
};
const tierPrices = z.strictObject(lengthPrices).optional();
const fileSchema: z.ZodType<Readonly<Record<string, ModelPrice>>> = z.record(
  z.string().min(1),
  z
    .strictObject({
      ...lengthPrices,
      until: z.iso.date().optional(),
      tiers: z.strictObject({ flex: tierPrices, priority: tierPrices, batch: tierPrices }).optional(),
    })
    .refine(({ long, maxInput }) => long === undefined || maxInput !== undefined, {
      message: "long prices without maxInput; expected the input tokens from which on they hold",
    }),
);

/** Prices a call: US dollars, or null where the model has no price or a count is unknown. */
export type PriceCall = (call: PricedCall) => number | null;

/** How a name is priced: by which table, and as what; null where no table knows it. */
export type FindPrice = (model: string) => (FoundPrice & { readonly table: string }) | null;

/** Prices of one's own, then the built-in ones. */
export interface Prices {
  readonly price: PriceCall;
  readonly find: FindPrice;
}

interface NamedTable {
  readonly table: PriceTable;
  /** As people are told of it. */
  readonly name: string;
}

/** The first table that knows the model that answered, or else the one that was asked for, prices the call. */
const pricesBy = (tables: readonly NamedTable[]): Prices => {
  const findIn = ({ table, name }: NamedTable, model: string): ReturnType<FindPrice> => {
    const found = findPrice(table, model);
    return found === null ? null : { ...found, table: name };
  };
  return {
    find: (model) => {
      for (const each of tables) {
        const found = findIn(each, model);
        if (found !== null) return found;
      }
      return null;
    },
    price: (call) => {
      for (const each of tables) {
        const found = findIn(each, call.response_model) ?? findIn(each, call.request_model);
        if (found === null) continue;
        const cost = costOf(found.price, call);
        return "usd" in cost ? cost.usd : null;
      }
      return null;
    },
  };
};

const BUILT_IN: NamedTable = { table: BUILT_IN_PRICES, name: "the built-in table" };

/** The built-in table alone. */
export const builtInPrices: Prices = pricesBy([BUILT_IN]);

/** Prices, or everything that is wrong with their file. */
export type PricesRead = Prices | { readonly problems: readonly Problem[] };

/**
 * Reads a price table: a YAML file of prices by model, US dollars per million tokens; docs/prices.md says what it may hold.
 * Its models come before the built-in ones. Throws LeewayError `config-missing` when there is no such file. `file` is the
 * name shown to people.
 */
export const readPrices = (path: string, file: string): PricesRead => {
  const yaml = readYaml(path, file, "expected the price table that agent.prices names");
  if ("problems" in yaml) return yaml;
  const read = parseWith(fileSchema, yaml.value, file);
  if ("problems" in read) return read;
  return pricesBy([{ table: new Map(Object.entries(read.value)), name: file }, BUILT_IN]);
};
