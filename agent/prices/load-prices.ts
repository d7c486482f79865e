import { configInvalid } from "../config/problem.ts";
import { type Environment, loadTablePath, shownPath } from "../config/read-settings.ts";
import { builtInPrices, type Prices, readPrices } from "./prices.ts";

/** Prices by the table that leeway.yaml at `config` names, then the built-in one. Throws `config-missing` or `config-invalid`. */
export const loadPrices = (config: string, environment: Environment): Prices => {
  const path = loadTablePath(config, environment, "prices");
  if (path === null) return builtInPrices;
  const read = readPrices(path, shownPath(path));
  if ("problems" in read) throw configInvalid(read.problems);
  return read;
};
