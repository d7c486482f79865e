import { createHash } from "node:crypto";
import { z } from "zod";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import { armOfValue } from "./arm-of-value.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import type { FlagReading } from "./vendor-flag.ts";

/** One variant's part of what a place of the flag serves. */
export interface FlagsmithWeight {
  readonly id: number;
  /** Percent, 0-100. What no variant has is the place's value. */
  readonly weight: number;
}

interface Served {
  readonly enabled: boolean;
  readonly value: { readonly type: string; readonly value: string } | null;
  readonly variants: readonly FlagsmithWeight[];
}

/** What a flag serves in one environment. */
export interface FlagsmithState {
  readonly environment_default: Served;
  readonly segment_overrides: readonly (Served & { readonly segment: { readonly id: number } })[];
}

/** One identity that has a state of its own. */
export interface FlagsmithIdentity {
  readonly value: unknown;
  /** Options that it may be served by a weight. */
  readonly options: readonly number[];
}

/** A flag whole: what it is in the project, and what it serves in the environment. */
export interface FlagsmithFlag {
  readonly options: readonly { readonly id: number; readonly value: unknown }[];
  readonly state: FlagsmithState;
  readonly identities: readonly FlagsmithIdentity[];
  /** False where more identities have a state of their own than were read. */
  readonly areAllIdentities: boolean;
}

const served = {
  enabled: z.boolean(),
  value: z.object({ type: z.string(), value: z.string() }).nullable(),
  variants: z.array(z.object({ id: z.int(), weight: z.number().min(0).max(100) })),
};

/** Schema of what it serves. */
export const flagsmithStateSchema: z.ZodType<FlagsmithState> = z.object({
  environment_default: z.object(served),
  segment_overrides: z.array(z.object({ segment: z.object({ id: z.int() }), ...served })),
});

/** A flag understood. */
export interface UnderstoodFlagsmith {
  readonly flag: FlagsmithFlag;
  /** The variant's id; null = there is none. */
  readonly canary: number | null;
  /** Why its share could not be told if the environment's weights alone were set; empty when it could. */
  readonly unknownBesides: string;
  readonly reading: FlagReading;
}

type Arm = "baseline" | "canary" | null;

const typed = (held: Served["value"]): unknown =>
  held?.type === "boolean" ? held.value.toLowerCase() === "true" : (held?.value ?? null);

const oneLine = (value: unknown): string => clamp(printableLine(String(value)), 100) || "(empty)";

const revisionOf = ({ state, identities }: FlagsmithFlag): string =>
  createHash("sha256")
    .update(JSON.stringify([state, identities]))
    .digest("hex")
    .slice(0, 16);

/** What gives the candidate to somebody beside the environment's weights: values, segments, identities. */
const besidesOf = (
  { state, identities, areAllIdentities }: FlagsmithFlag,
  canary: number | null,
  armOf: (value: unknown) => Arm,
): string => {
  const gives = (place: Served): boolean =>
    armOf(typed(place.value)) === "canary" || place.variants.some(({ id, weight }) => id === canary && weight > 0);
  const segments = state.segment_overrides.filter(gives).map(({ segment }) => String(segment.id));
  if (armOf(typed(state.environment_default.value)) === "canary")
    return "the value outside the variants is the candidate's; make it the baseline's, and the candidate's a variant";
  if (segments.length > 0)
    return `overrides of segment ${segments.slice(0, 5).join(", ")} give it; remove them or set its weight to 0 there`;
  if (identities.some(({ value, options }) => armOf(value) === "canary" || options.some((id) => id === canary)))
    return "overrides of single identities give it; remove them";
  return areAllIdentities ? "" : "so many identities have overrides that not all can be read; remove them";
};

/** The flag in Leeway's words. */
export const understandFlagsmith = (
  flag: FlagsmithFlag,
  environment: string,
  values: VariantValues,
): UnderstoodFlagsmith => {
  const armOf = (value: unknown): Arm => armOfValue({ name: "", value }, values);
  const { environment_default: everybody, segment_overrides: overrides } = flag.state;
  const candidates = flag.options.filter(({ value }) => armOf(value) === "canary");
  const weightOf = (id: unknown): number => everybody.variants.find((each) => each.id === id)?.weight ?? 0;
  const option = candidates.toSorted((a, b) => weightOf(b.id) - weightOf(a.id))[0];
  const canary = option?.id ?? null;
  const weight = everybody.variants.find(({ id }) => id === canary)?.weight ?? 0;
  const isBaseline = armOf(typed(everybody.value)) === "baseline";
  const unknownBesides = besidesOf(flag, canary, armOf);
  // a disabled flag still has a value, and apps that ask for it without asking whether it is enabled get it
  const disabled =
    !everybody.enabled && weight > 0
      ? "it is disabled, but apps that only ask for its value still get the variant; set its weight to 0"
      : "";
  const strangers = flag.options.filter(({ id, value }) => armOf(value) === null && weightOf(id) > 0);
  const unclear =
    candidates.filter(({ id }) => weightOf(id) > 0).length > 1
      ? "several variants are the candidate's; leave one of them, or set the weights of the others to 0"
      : option === undefined && strangers.length > 0
        ? "a variant is served that is neither arm's: it may be the candidate's, whose value has to be the candidate's model"
        : "";
  const unknownBecause = unknownBesides || unclear || disabled;
  const problems = [
    option === undefined ? "no variant is the candidate's: add one whose value is the candidate's model, at 0%" : "",
    isBaseline ? "" : "the value outside the variants is not the baseline's",
  ].filter((problem) => problem !== "");
  const reading: FlagReading = {
    share: unknownBecause === "" ? Math.round(weight * 100) / 10_000 : null,
    unknownBecause,
    revision: revisionOf(flag),
    variants: [
      ...(option === undefined
        ? []
        : [{ arm: "canary" as const, name: `variant ${option.id}`, value: oneLine(option.value) }]),
      ...(isBaseline
        ? [{ arm: "baseline" as const, name: "the flag's value", value: oneLine(typed(everybody.value)) }]
        : []),
    ],
    facts: [
      ["environment", oneLine(environment)],
      ["share", "weight of the candidate's variant"],
      ["enabled", everybody.enabled ? "yes" : "no"],
      [
        "overrides",
        `${overrides.length} of segments, ${flag.areAllIdentities ? "" : "at least "}${flag.identities.length} of identities`,
      ],
    ],
    problems,
  };
  return { flag, canary, unknownBesides, reading };
};
