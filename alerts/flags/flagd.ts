import { z } from "zod";
import { createFileTarget, type FileFlag, type FileFormat, type FileParts } from "./file-target.ts";
import { type FlagCapabilities, type FlagReport, sameShare } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import { plainOf, rootOf, scalarEdit, scalarOf, under } from "./flag-text.ts";
import { flagdAudienceProblem } from "./flagd-audience.ts";
import { findFraction, variantArms } from "./flagd-targeting.ts";
import { audienceFacts } from "./plain-audience.ts";
import { propagationSchema } from "./vendor-keys.ts";

/** Configuration of a file of flagd's flags. */
export interface FlagdConfig extends FlagTargetConfig {
  readonly type: "flagd";
  /** JSON or YAML; relative to the folder of leeway.yaml. */
  readonly file: string;
  /** How long apps take to see a flip, ms; left out = 6 s, for SDKs that look at the file every 5 s. */
  readonly propagation?: number | undefined;
}

const CAPABILITIES: FlagCapabilities = {
  kill: true,
  segments: true,
  cannotServe: flagdAudienceProblem,
  guards: true,
  shareStep: 0.01,
  propagationMs: 6_000,
  pollMs: 0,
};

/** The weights of two variants for a share; null where the weights there are cannot hold it in whole numbers. */
const weightsFor = (
  share: number,
  { canary, baseline, others }: { readonly canary: number; readonly baseline: number; readonly others: number },
): readonly [canary: number, baseline: number] | null => {
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;
  const both = canary + baseline;
  const wanted = share * (both + others);
  if (both > 0 && isWhole(wanted) && Math.round(wanted) <= both) return [Math.round(wanted), both - Math.round(wanted)];
  return others === 0 && isWhole(share * 100) ? [Math.round(share * 100), 100 - Math.round(share * 100)] : null;
};

const find: FileFormat["find"] = (source, name, values): FileFlag | null => {
  const root = rootOf(source);
  const flag = under(source, under(source, root, "flags"), name);
  if (flag.node === undefined) return null;
  const state = under(source, flag, "state");
  const arms = variantArms(source, flag, values);
  const isEnabled = scalarOf(state) === "ENABLED";
  const fraction = findFraction(source, flag, arms);
  const versions = [root, flag].map((each) => plainOf(source, under(source, each, "metadata")));
  const isState = isEnabled || scalarOf(state) === "DISABLED";
  const why = isState ? fraction.why : 'its state is neither "ENABLED" nor "DISABLED"';
  return {
    isEnabled: scalarOf(state) !== "DISABLED",
    share: isState ? fraction.share : null,
    audience: fraction.audience,
    why,
    decides: [plainOf(source, flag), plainOf(source, under(source, root, "$evaluators")), versions],
    variants: arms.flatMap(({ arm, name: variant, text }) =>
      arm === null ? [] : [{ arm, name: variant, value: text }],
    ),
    facts: [...factsOf(versions), ...audienceFacts(fraction.audience)],
    enable: (on) => {
      const edit = scalarEdit(source, state, on ? "ENABLED" : "DISABLED");
      return edit === null ? null : [edit];
    },
    give: (share, audience) => {
      const { carrier } = fraction;
      const isThere = fraction.share !== null && sameShare(fraction.share, share);
      const weights = carrier === null || isThere ? null : weightsFor(share, carrier.weights);
      if (carrier === null || (weights === null && !isThere)) return null;
      const edits = weights === null ? [] : carrier.write(weights[0], weights[1]);
      const whom = carrier.leaveTo(audience);
      return edits.every((edit) => edit !== null) && whom !== null
        ? [...edits.flatMap((edit) => edit ?? []), ...whom]
        : null;
    },
  };
};

const factsOf = (versions: readonly unknown[]): FlagReport["facts"] => {
  const found = versions
    .map((metadata) =>
      typeof metadata === "object" && metadata !== null && "version" in metadata ? metadata.version : null,
    )
    .filter((version) => typeof version === "string" || typeof version === "number");
  return found.length === 0 ? [] : [["Version", String(found.at(-1)).slice(0, 60)]];
};

/**
 * Flags in a file that flagd, or the in-process provider, reads. Off is `"state": "DISABLED"`, a share the weights of the
 * `fractional` rule that has the candidate, and whom it is for an `if` around that rule; nothing else of the file is another one
 * afterwards, not even a blank.
 */
export const createFlagdTarget = (
  { name, file, propagation }: FlagdConfig & { readonly name: string },
  parts: FileParts = {},
): ReturnType<typeof createFileTarget> =>
  createFileTarget(
    { name, file },
    { find, capabilities: { ...CAPABILITIES, propagationMs: propagation ?? CAPABILITIES.propagationMs } },
    parts,
  );

/** The flag target type `flagd`. */
export const flagd: FlagTargetType<FlagdConfig> = {
  type: "flagd",
  formerTypes: [],
  files: ["file"],
  capabilities: CAPABILITIES,
  schema: z.strictObject({ type: z.literal("flagd"), file: z.string().min(1), propagation: propagationSchema }),
  create: (name, config) => createFlagdTarget({ ...config, name }),
};
