import { createFlagTarget, FLAG_TARGET_TYPES } from "../../alerts/flags/create-flag-target.ts";
import type { FlagTarget } from "../../alerts/flags/flag-target.ts";
import type { FlagTargetParts, FlagTargetType } from "../../alerts/flags/flag-target-type.ts";
import { withinOr } from "../../async/within-or.ts";
import { LeewayError } from "../../core/errors.ts";
import { isSameRoute, type Migration, type Route } from "../../core/migration.ts";
import { askFlag } from "../ask-flag.ts";
import type { Config } from "../config/load-config.ts";
import { fallbackLine, flagLine } from "./flag-line.ts";
import type { LiveLine } from "./live-line.ts";

/** What asking needs. */
export interface CheckFlagsParts extends FlagTargetParts {
  readonly types?: readonly FlagTargetType[];
  /** Longest wait for one flag, ms; default: that of `leeway flag`. */
  readonly patienceMs?: number;
}

/** What a target may take to let go of what it holds. */
const CLOSE_MS = 1_000;

/** The flags of a migration that are in this target: the route's own, and its fallbacks. */
const routesThrough = (name: string, { route }: Migration): readonly Route[] =>
  [route, ...(route.fallback ?? [])].filter(({ target }) => target === name);

const askAll = async (
  target: FlagTarget,
  migrations: readonly Migration[],
  patienceMs: number | undefined,
): Promise<readonly LiveLine[]> =>
  Promise.all(
    migrations.flatMap((migration) => {
      const { route, baseline, candidate } = migration;
      return routesThrough(target.name, migration).map(async ({ flag: key, target: name }) => {
        const flag = target.bind({ flag: key, target: name }, { baseline: baseline.model, canary: candidate.model });
        const line = isSameRoute(flag, route) ? flagLine : fallbackLine;
        return line(migration, flag, await askFlag(flag, patienceMs));
      });
    }),
  );

const checkTarget = async (
  name: string,
  { settings, migrations }: Pick<Config, "settings" | "migrations">,
  { types = FLAG_TARGET_TYPES, patienceMs, ...parts }: CheckFlagsParts,
): Promise<readonly LiveLine[]> => {
  const [place, entry] = [`flags.${name}`, settings.flags[name]];
  const routed = migrations.filter((migration) => routesThrough(name, migration).length > 0);
  if (entry === undefined || routed.length === 0)
    return [{ place, state: "unused", text: "no migration routes through it, so it was not asked" }];
  try {
    const target = createFlagTarget(name, entry, parts, types);
    const lines = await askAll(target, routed, patienceMs);
    await withinOr(CLOSE_MS, target.close(), undefined);
    return lines;
  } catch (error) {
    // What is no error of the product may hold anything, a token too.
    const what = error instanceof LeewayError ? error.message : "the adapter failed unexpectedly";
    return [{ place, state: "wrong", text: `cannot be opened: ${what}` }];
  }
};

/**
 * Asks every flag system of leeway.yaml for the flags that route a migration: a line each, all at once, none for longer than
 * its patience. Changes nothing there but what `inspect` of a target may. Never rejects.
 */
export const checkFlags = async (
  config: Pick<Config, "settings" | "migrations">,
  parts: CheckFlagsParts,
): Promise<readonly LiveLine[]> =>
  (await Promise.all(Object.keys(config.settings.flags).map((name) => checkTarget(name, config, parts)))).flat();
