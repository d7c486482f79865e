import { type BuiltinTarget, isBuiltinTarget } from "../alerts/flags/builtin.ts";
import { createFlagTarget } from "../alerts/flags/create-flag-target.ts";
import type { FlagTarget, RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { ServedFlag } from "../alerts/flags/ofrep.ts";
import { LeewayError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { TimedParts } from "./agent-parts.ts";
import type { Config } from "./config/load-config.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import { tracedFlag } from "./telemetry/traced-flag.ts";

/** The flag systems of leeway.yaml and the flags that route its migrations. */
export interface OpenFlags {
  readonly targets: readonly FlagTarget[];
  /** By the migration's name. */
  readonly flags: ReadonlyMap<string, RoutedFlag>;
  /** The flags that the agent itself serves. */
  readonly served: () => ReadonlyMap<string, ServedFlag>;
  readonly close: () => Promise<void>;
}

const createTargets = ({ settings }: Config, log: Log): ReadonlyMap<string, FlagTarget> =>
  new Map(Object.entries(settings.flags).map(([name, target]) => [name, createFlagTarget(name, target, { log })]));

/** The flag of every migration, by the migration's name. */
const bindFlags = (
  { migrations }: Config,
  targets: ReadonlyMap<string, FlagTarget>,
  telemetry: Telemetry,
): ReadonlyMap<string, RoutedFlag> =>
  new Map(
    migrations.map(({ name, route, baseline, candidate }) => {
      const target = targets.get(route.target);
      if (target === undefined) throw new LeewayError("config-invalid", `${name}: no flag target ${route.target}`);
      const flag = target.bind(route, { baseline: baseline.model, canary: candidate.model });
      return [name, tracedFlag(flag, name, telemetry)];
    }),
  );

const servedFlags = (targets: readonly BuiltinTarget[]): ReadonlyMap<string, ServedFlag> =>
  new Map(targets.flatMap((target) => [...target.served()]));

/** Opens them. Throws LeewayError `flag-target` or `config-invalid`. */
export const openFlags = (config: Config, { log, telemetry }: Pick<TimedParts, "log" | "telemetry">): OpenFlags => {
  const byName = createTargets(config, log);
  const targets = [...byName.values()];
  const builtin = targets.filter(isBuiltinTarget);
  return {
    targets,
    flags: bindFlags(config, byName, telemetry),
    served: () => servedFlags(builtin),
    close: async () => void (await Promise.all(targets.map((target) => target.close()))),
  };
};
