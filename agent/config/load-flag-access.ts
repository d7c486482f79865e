import { dirname, resolve } from "node:path";
import { z } from "zod";
import { builtin } from "../../alerts/flags/builtin.ts";
import { flagTargetSchema } from "../../alerts/flags/create-flag-target.ts";
import type { FlagTargetConfig } from "../../alerts/flags/flag-target-type.ts";
import type { Migration } from "../../core/migration.ts";
import { loadMigration } from "./load-migration.ts";
import { configInvalid } from "./problem.ts";
import { type Environment, readExpanded, resolveFiles, targetsOf, type Written } from "./read-settings.ts";
import { entryKeys } from "./settings.ts";

/** What those need who ask a migration's flag system without the agent. */
export interface FlagAccess {
  readonly migration: Migration;
  /** The entry under `flags:` that the migration's route names. */
  readonly target: FlagTargetConfig;
}

const flagsOf = (value: unknown): Readonly<Record<string, unknown>> => (value as Written)?.flags ?? {};

const namesSchema = z.object({ names: z.array(z.string()) });

/**
 * The document of the migration `name` beside leeway.yaml, and its flag system. Nothing else is looked at, so that no secret of
 * another flag system, a channel or the store is needed. Throws LeewayError `config-missing`, `config-invalid` or
 * `migration-unknown`.
 */
export const loadFlagAccess = (path: string, environment: Environment, name: string): FlagAccess => {
  const folder = dirname(resolve(path));
  const named = readExpanded(path, environment, namesSchema, {
    pick: (value) => ({ names: targetsOf(flagsOf(value)) }),
  });
  if ("problems" in named) throw configInvalid(named.problems);
  const migration = loadMigration(folder, name, named.value.names);
  const { target: routed } = migration.route;
  const schema: z.ZodType<{ readonly flags: Readonly<Record<string, FlagTargetConfig>> }> = z.object({
    flags: z.record(z.string(), flagTargetSchema()),
  });
  const pick = (value: unknown): unknown => ({
    flags: { [routed]: flagsOf(value)[routed] ?? { type: builtin.type } },
  });
  const read = readExpanded(path, environment, schema, { pick, keys: entryKeys });
  if ("problems" in read) throw configInvalid(read.problems);
  const target = read.value.flags[routed];
  if (target === undefined) throw new Error(`no entry flags.${routed}`);
  return { migration, target: resolveFiles(target, folder) };
};
