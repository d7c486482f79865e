import { z } from "zod";
import { type Problem, parseWith } from "../config/problem.ts";
import { readYaml } from "../config/read-yaml.ts";
import { type FindLife, findLifeIn } from "./find-life.ts";
import type { ModelLife } from "./model-life.ts";

const day = z.iso.date();

const line = z
  .strictObject({
    retires: day.nullable().optional(),
    notBefore: day.optional(),
    announced: day.optional(),
    source: z.string().max(500).default(""),
    seen: day.optional(),
  })
  .refine(({ retires, notBefore }) => retires !== undefined || notBefore !== undefined, {
    message: "neither retires nor notBefore; expected a day such as 2027-01-14, or retires: null for none",
  })
  .transform(
    ({ retires = null, notBefore = null, announced = null, source, seen = null }): ModelLife => ({
      ...{ retires, notBefore: retires === null ? notBefore : null, announced, source, seen },
    }),
  );

const fileSchema: z.ZodType<Readonly<Record<string, ModelLife>>> = z.record(z.string().min(1), line);

/** How a model's end is found, or everything that is wrong with the file. */
export type LivesRead = { readonly find: FindLife } | { readonly problems: readonly Problem[] };

/**
 * Reads the file that `agent.models` names: YAML, days by model; docs/models.md says what it may hold. Its models come before the
 * built-in ones. Throws LeewayError `config-missing` when there is no such file. `file` is the name shown to people.
 */
export const readLives = (path: string, file: string): LivesRead => {
  const yaml = readYaml(path, file, "expected the table of models that agent.models names");
  if ("problems" in yaml) return yaml;
  const read = parseWith(fileSchema, yaml.value ?? {}, file);
  if ("problems" in read) return read;
  return { find: findLifeIn({ table: new Map(Object.entries(read.value)), name: file }) };
};
