import type { z } from "zod";
import { oneOfTypes } from "../one-of-types.ts";
import { builtin } from "./builtin.ts";
import { command } from "./command.ts";
import { configcat } from "./configcat.ts";
import type { FlagTarget } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetParts, FlagTargetType } from "./flag-target-type.ts";
import { flagd } from "./flagd.ts";
import { flagsmith } from "./flagsmith.ts";
import { flipt } from "./flipt.ts";
import { goFeatureFlag } from "./gofeatureflag.ts";
import { growthBook } from "./growthbook.ts";
import { launchDarkly } from "./launchdarkly.ts";
import { postHog } from "./posthog.ts";
import { split } from "./split.ts";
import { statsig } from "./statsig.ts";
import { unleash } from "./unleash.ts";
import { webhook } from "./webhook.ts";

/** Every type of flag system; a new one is a file of this folder and a line here. */
// biome-ignore format: a line each
export const FLAG_TARGET_TYPES: readonly FlagTargetType[] = [
  builtin,
  command,
  flagd,
  goFeatureFlag,
  configcat,
  flagsmith,
  flipt,
  growthBook,
  launchDarkly,
  split,
  unleash,
  webhook,
  statsig,
  postHog,
];

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
