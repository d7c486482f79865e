import type { z } from "zod";
import type { Log } from "../../core/log.ts";
import type { FlagCapabilities, FlagTarget } from "./flag-target.ts";

/** What every entry under `flags:` in leeway.yaml says; each type adds its own keys. */
export interface FlagTargetConfig {
  readonly type: string;
}

/** What flag targets need of their surroundings. */
export interface FlagTargetParts {
  readonly log: Log;
  readonly now: () => number;
  /** Longest wait for one answer of a system that is asked over the network, ms. Default 5 s. */
  readonly timeoutMs?: number | undefined;
}

/** One type of flag system, whole: how its entry is written, and how it is made. */
export interface FlagTargetType<Config extends FlagTargetConfig = FlagTargetConfig> {
  readonly type: Config["type"];
  /** What the type was called in earlier versions; read as `type`. */
  readonly formerTypes: readonly string[];
  /** Keys of an entry that name a file; relative to the folder of leeway.yaml, and no two entries share one. */
  readonly files: readonly string[];
  readonly capabilities: FlagCapabilities;
  /** Its messages never repeat a secret. */
  readonly schema: z.ZodType<Config>;
  /** The target that leeway.yaml calls `name`. Throws LeewayError `flag-target` when it cannot start. */
  create(name: string, config: Config, parts: FlagTargetParts): FlagTarget;
}
