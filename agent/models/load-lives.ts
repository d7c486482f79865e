import { configInvalid } from "../config/problem.ts";
import { type Environment, loadTablePath, shownPath } from "../config/read-settings.ts";
import { type FindLife, findBuiltInLife } from "./find-life.ts";
import { readLives } from "./read-lives.ts";

/** When models end, by the table that leeway.yaml at `config` names, then the built-in one. Throws `config-missing` or `config-invalid`. */
export const loadLives = (config: string, environment: Environment): FindLife => {
  const path = loadTablePath(config, environment, "models");
  if (path === null) return findBuiltInLife;
  const read = readLives(path, shownPath(path));
  if ("problems" in read) throw configInvalid(read.problems);
  return read.find;
};
