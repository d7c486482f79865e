import { z } from "zod";
import type { PricedCall } from "../collector/collaborators.ts";
import { type Problem, parseWith } from "./config/problem.ts";
import { readYaml } from "./config/read-yaml.ts";

/** US dollars per million tokens of one model. */
interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Cached input tokens; the input price where it is not given. */
  readonly cached?: number | undefined;
}

const price = z.number().nonnegative();
const table: z.ZodType<Readonly<Record<string, ModelPrice>>> = z.record(
  z.string().min(1),
  z.strictObject({ input: price, output: price, cached: price.optional() }),
);

/** Prices a call: US dollars, or null where the model has no price or a count is unknown. */
export type PriceCall = (call: PricedCall) => number | null;

/** Costs stay unknown without a price table. */
export const noPrices: PriceCall = () => null;

const MILLION = 1_000_000;

/** Input tokens include the cached ones, whatever the provider's own habit. */
const costOf = (model: ModelPrice, input: number, cached: number, output: number): number =>
  ((input - cached) * model.input + cached * (model.cached ?? model.input) + output * model.output) / MILLION;

/** A price table, or everything that is wrong with its file. */
export type PricesRead = { readonly price: PriceCall } | { readonly problems: readonly Problem[] };

/**
 * Reads a price table: a YAML file of `model: { input, output, cached }`, US dollars per million tokens. The model
 * that answered is looked up first, then the one that was asked for. Throws LeewayError `config-missing` when there is
 * no such file. `file` is the name shown to people.
 */
export const readPrices = (path: string, file: string): PricesRead => {
  const yaml = readYaml(path, file, "expected the price table that agent.prices names");
  if ("problems" in yaml) return yaml;
  const read = parseWith(table, yaml.value, file);
  if ("problems" in read) return read;
  const models = new Map(Object.entries(read.value));
  const price: PriceCall = ({ response_model, request_model, input_tokens, output_tokens, cached_tokens }) => {
    const model = models.get(response_model) ?? models.get(request_model);
    if (model === undefined || input_tokens === null || output_tokens === null) return null;
    return costOf(model, input_tokens, Math.min(input_tokens, cached_tokens ?? 0), output_tokens);
  };
  return { price };
};
