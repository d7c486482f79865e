import type { z } from "zod";
import { oneOfTypes } from "../one-of-types.ts";
import { builtin } from "./builtin.ts";
import type { FlagTarget } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetParts, FlagTargetType } from "./flag-target-type.ts";

/** Every type of flag system; a new one is a file of this folder and a line here. */
export const FLAG_TARGET_TYPES: readonly FlagTargetType[] = [builtin];

/** The type that an entry's `type` names, also by what it was once called; undefined for an unknown one. */
export const flagTargetType = (
  type: unknown,
  types: readonly FlagTargetType[] = FLAG_TARGET_TYPES,
): FlagTargetType | undefined => types.find((each) => [each.type, ...each.formerTypes].some((name) => name === type));

/** Schema of an entry under `flags:`. An unknown type is refused with the list of known ones. */
export const flagTargetSchema = (types: readonly FlagTargetType[] = FLAG_TARGET_TYPES): z.ZodType<FlagTargetConfig> =>
  oneOfTypes("flag target", types);

/** The flag target that leeway.yaml calls `name`. Throws LeewayError `flag-target` when it cannot start. */
export const createFlagTarget = (
  name: string,
  config: FlagTargetConfig,
  parts: FlagTargetParts,
  types: readonly FlagTargetType[] = FLAG_TARGET_TYPES,
): FlagTarget => {
  const found = flagTargetType(config.type, types);
  if (found === undefined) throw new Error(`no flag target type ${config.type}`);
  return found.create(name, config, parts);
};
