import { type BuiltinTarget, isBuiltinTarget } from "../alerts/flags/builtin.ts";
import { createFlagTarget } from "../alerts/flags/create-flag-target.ts";
import { type FlagTarget, flagFailure, type RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { FlagTargetParts } from "../alerts/flags/flag-target-type.ts";
import type { ServedFlag } from "../alerts/flags/ofrep.ts";
import type { Migration, Route } from "../core/migration.ts";
import type { TimedParts } from "./agent-parts.ts";
import type { Config } from "./config/load-config.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import { tracedFlag } from "./telemetry/traced-flag.ts";

/** The flags of one migration's route. */
export interface BoundFlags {
  readonly flag: RoutedFlag;
  /** Those of its fallbacks, in their order. */
  readonly fallbacks: readonly RoutedFlag[];
}

/** The flag systems of leeway.yaml. */
export interface OpenFlags {
  readonly targets: readonly FlagTarget[];
  /** The flags that route a migration. Asks nobody. */
  readonly bind: (migration: Migration) => BoundFlags;
  /** The flags that the agent itself serves. */
  readonly served: () => ReadonlyMap<string, ServedFlag>;
  readonly close: () => Promise<void>;
}

const createTargets = ({ settings }: Config, parts: FlagTargetParts): ReadonlyMap<string, FlagTarget> =>
  new Map(Object.entries(settings.flags).map(([name, target]) => [name, createFlagTarget(name, target, parts)]));

/** A migration that runs does not lose its flag system by an edit of leeway.yaml without people being told. */
const missingFlag = ({ flag, target }: Route): RoutedFlag => {
  const failed = flagFailure(
    "permanent",
    `leeway.yaml has no flag target ${target} any more; put it back under flags: and restart the agent`,
  );
  return {
    ...{ flag, target },
    capabilities: { kill: false, segments: false, guards: false, shareStep: 0, propagationMs: 0, pollMs: 0 },
    read: async () => failed,
    setShare: async () => failed,
    inspect: async () => failed,
  };
};

const bindRoute = (
  route: Route,
  { name, baseline, candidate }: Migration,
  targets: ReadonlyMap<string, FlagTarget>,
  telemetry: Telemetry,
): RoutedFlag => {
  const values = { baseline: baseline.model, canary: candidate.model };
  return tracedFlag(targets.get(route.target)?.bind(route, values) ?? missingFlag(route), name, telemetry);
};

const servedFlags = (targets: readonly BuiltinTarget[]): ReadonlyMap<string, ServedFlag> =>
  new Map(targets.flatMap((target) => [...target.served()]));

/** Opens them. Throws LeewayError `flag-target`. */
export const openFlags = (
  config: Config,
  { log, now, telemetry }: Pick<TimedParts, "log" | "now" | "telemetry">,
): OpenFlags => {
  const byName = createTargets(config, { log, now });
  const targets = [...byName.values()];
  const builtin = targets.filter(isBuiltinTarget);
  return {
    targets,
    bind: (migration) => {
      const { flag, target, fallback = [] } = migration.route;
      const bound = (route: Route): RoutedFlag => bindRoute(route, migration, byName, telemetry);
      return { flag: bound({ flag, target }), fallbacks: fallback.map(bound) };
    },
    served: () => servedFlags(builtin),
    close: async () => void (await Promise.all(targets.map((target) => target.close()))),
  };
};
