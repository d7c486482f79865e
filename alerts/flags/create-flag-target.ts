import type { z } from "zod";
import { unreachable } from "../../core/exhaustive.ts";
import type { Log } from "../../core/log.ts";
import { oneOfTypes } from "../one-of-types.ts";
import { type BuiltinConfig, builtinConfig, createBuiltinTarget } from "./builtin.ts";
import type { FlagTarget } from "./flag-target.ts";

/** Configuration of one flag system: an entry under `flags:` in leeway.yaml. One member per file of this folder. */
export type FlagTargetConfig = BuiltinConfig;

const SCHEMAS: Readonly<Record<FlagTargetConfig["type"], z.ZodType<FlagTargetConfig>>> = { ofrep: builtinConfig };

/** Schema of an entry under `flags:`. An unknown type is refused with the list of known ones. */
export const flagTargetConfig: z.ZodType<FlagTargetConfig> = oneOfTypes("flag target", SCHEMAS);

/**
 * The flag target that leeway.yaml calls `name`. Throws LeewayError `flag-target` when it cannot start. For type
 * `ofrep` the result is a BuiltinTarget (`isBuiltinTarget`), whose flags the agent serves.
 */
export const createFlagTarget = (
  name: string,
  config: FlagTargetConfig,
  collaborators: { readonly log: Log },
): FlagTarget => {
  switch (config.type) {
    case "ofrep":
      return createBuiltinTarget({ file: config.file, name }, collaborators);
    default:
      return unreachable(config.type);
  }
};
