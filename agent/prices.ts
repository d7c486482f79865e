import { z } from "zod";
import type { PricedCall } from "../collector/collaborators.ts";
import { BUILT_IN_PRICES } from "./built-in-prices.ts";
import { type Problem, parseWith } from "./config/problem.ts";
import { readYaml } from "./config/read-yaml.ts";
import { type ModelPrice, type PriceTable, priceOf } from "./price-table.ts";

const price = z.number().nonnegative();
const fileSchema: z.ZodType<Readonly<Record<string, ModelPrice>>> = z.record(
  z.string().min(1),
  z.strictObject({
    input: price,
    output: price,
    cached: price.optional(),
    cacheWrite: price.optional(),
    maxInput: z.number().int().positive().optional(),
    until: z.iso.date().optional(),
  }),
);

/** Prices a call: US dollars, or null where the model has no price or a count is unknown. */
export type PriceCall = (call: PricedCall) => number | null;

const MILLION = 1_000_000;

/** Output tokens matter only where they cost something: embeddings have none. */
const outputCost = (model: ModelPrice, output: number | null): number | null =>
  model.output === 0 ? 0 : output === null ? null : output * model.output;

/** Input tokens include the cached and the written ones, whatever the provider's own habit. */
const inputCost = (model: ModelPrice, input: number, call: PricedCall): number => {
  const cached = Math.min(input, call.cached_tokens ?? 0);
  const written = Math.min(input - cached, call.cache_write_tokens ?? 0);
  return (
    (input - cached - written) * model.input +
    cached * (model.cached ?? model.input) +
    written * (model.cacheWrite ?? model.input)
  );
};

/** A price that is known to change says nothing of a call whose time is unknown. */
const stillHolds = ({ until }: ModelPrice, { start_ms }: PricedCall): boolean =>
  until === undefined || (start_ms !== undefined && start_ms < Date.parse(until));

const costOf = (model: ModelPrice, call: PricedCall): number | null => {
  const { input_tokens: input, output_tokens } = call;
  const output = outputCost(model, output_tokens);
  if (input === null || output === null || input > (model.maxInput ?? Number.POSITIVE_INFINITY)) return null;
  if (!stillHolds(model, call)) return null;
  return (inputCost(model, input, call) + output) / MILLION;
};

/** The first table that knows the model that answered, or else the one that was asked for, prices the call. */
const priceBy =
  (tables: readonly PriceTable[]): PriceCall =>
  (call) => {
    for (const table of tables) {
      const model = priceOf(table, call.response_model) ?? priceOf(table, call.request_model);
      if (model !== null) return costOf(model, call);
    }
    return null;
  };

/** Prices calls by the built-in table alone. */
export const builtInPrices: PriceCall = priceBy([BUILT_IN_PRICES]);

/** A price table, or everything that is wrong with its file. */
export type PricesRead = { readonly price: PriceCall } | { readonly problems: readonly Problem[] };

/**
 * Reads a price table: a YAML file of `model: { input, output, cached, cacheWrite, maxInput, until }`, US dollars per million
 * tokens. Its models come before the built-in ones; see docs/prices.md for how a model is found. Throws LeewayError
 * `config-missing` when there is no such file. `file` is the name shown to people.
 */
export const readPrices = (path: string, file: string): PricesRead => {
  const yaml = readYaml(path, file, "expected the price table that agent.prices names");
  if ("problems" in yaml) return yaml;
  const read = parseWith(fileSchema, yaml.value, file);
  if ("problems" in read) return read;
  return { price: priceBy([new Map(Object.entries(read.value)), BUILT_IN_PRICES]) };
};
