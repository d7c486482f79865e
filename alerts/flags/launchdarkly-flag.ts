import { z } from "zod";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import { armOfValue } from "./arm-of-value.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import type { FlagVariant } from "./flag-target.ts";
import type { FlagReading } from "./vendor-flag.ts";

/** LaunchDarkly counts in thousandths of a percent. */
export const WHOLE: number = 100_000;

interface Served {
  readonly variation?: number | undefined;
  readonly rollout?:
    | {
        readonly variations: readonly { readonly variation: number; readonly weight: number }[];
        readonly bucketBy?: string | undefined;
        readonly contextKind?: string | undefined;
        readonly experimentAllocation?: unknown;
      }
    | undefined;
}

interface Targeted {
  readonly values: readonly unknown[];
  readonly variation: number;
}

interface Environment {
  readonly on: boolean;
  readonly archived: boolean;
  readonly version: number;
  readonly offVariation?: number | null | undefined;
  readonly fallthrough: Served;
  readonly rules: readonly (Served & { readonly id: string })[];
  readonly targets: readonly Targeted[];
  readonly contextTargets: readonly Targeted[];
  readonly prerequisites: readonly { readonly key: string }[];
}

/** What of a flag is read, as LaunchDarkly's REST API shows it. */
export interface LaunchDarklyFlag {
  readonly version: number;
  readonly archived: boolean;
  readonly variations: readonly {
    readonly id: string;
    readonly name?: string | undefined;
    readonly value?: unknown;
  }[];
  readonly environments: Readonly<Record<string, Environment>>;
}

const index = z.int().min(0);
const servedKeys = {
  variation: index.optional(),
  rollout: z
    .object({
      variations: z.array(z.object({ variation: index, weight: z.int().min(0).max(WHOLE) })),
      bucketBy: z.string().optional(),
      contextKind: z.string().optional(),
      experimentAllocation: z.unknown().optional(),
    })
    .optional(),
};
const targets = z.array(z.object({ values: z.array(z.unknown()), variation: index })).default([]);

/** LaunchDarkly begins the names of what it sets itself with an underscore: `_id`, `_version`. */
const plainNames = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(plainNames);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, each]) => [name.replace(/^_/, ""), plainNames(each)]));
};

const flagSchema = z.object({
  version: z.int(),
  archived: z.boolean().default(false),
  variations: z.array(z.object({ id: z.string(), name: z.string().optional(), value: z.unknown() })),
  environments: z.record(
    z.string(),
    z.object({
      on: z.boolean(),
      archived: z.boolean().default(false),
      version: z.int(),
      offVariation: index.nullish(),
      fallthrough: z.object(servedKeys).default({}),
      rules: z.array(z.object({ id: z.string(), ...servedKeys })).default([]),
      targets,
      contextTargets: targets,
      prerequisites: z.array(z.object({ key: z.string() })).default([]),
    }),
  ),
});

/** Schema of what is read. */
export const launchDarklyFlagSchema: z.ZodType<LaunchDarklyFlag> = z.preprocess(plainNames, flagSchema);

type Arm = "baseline" | "canary" | null;

/** One place of a flag that gives users a variation: a rule, or what is left for everybody else. */
export interface ServingPlace extends Served {
  /** Null: the default rule. */
  readonly ruleId: string | null;
}

/** A flag in one environment, understood. */
export interface UnderstoodFlag {
  readonly flag: LaunchDarklyFlag;
  readonly environment: Environment;
  /** The variation's index; -1 = there is none. */
  readonly canary: number;
  readonly baseline: number;
  /** True when the flag switched off gives the baseline to everybody. */
  readonly killServesBaseline: boolean;
  /** Why its share could not be told if the flag was on; empty when it could. */
  readonly unknownWhenOn: string;
  /** Where the candidate is served while the flag is on. */
  readonly serving: readonly ServingPlace[];
  /** The place whose weights are the share. */
  readonly carrier: ServingPlace;
  readonly reading: FlagReading;
}

/** Weight of a variation in one place, 0 to 100,000. */
export const weightIn = ({ variation, rollout }: ServingPlace, index: number): number => {
  if (rollout === undefined) return variation === index ? WHOLE : 0;
  return rollout.variations.filter((each) => each.variation === index).reduce((sum, { weight }) => sum + weight, 0);
};

const placeName = ({ ruleId }: ServingPlace): string => (ruleId === null ? "the default rule" : `rule ${ruleId}`);

const oneLine = (value: unknown): string => clamp(printableLine(JSON.stringify(value) ?? ""), 100);

const mentions = ({ variation, rollout }: ServingPlace, index: number): boolean =>
  variation === index || (rollout?.variations.some((each) => each.variation === index) ?? false);

const placesOf = ({ rules, fallthrough }: Environment): readonly ServingPlace[] => [
  ...rules.map(({ id, variation, rollout }) => ({ ruleId: id, variation, rollout })),
  { ruleId: null, ...fallthrough },
];

/** Whether individual targets, or a prerequisite that is not met, give somebody the candidate whatever the weights say. */
const besidesWeights = (
  { targets, contextTargets, prerequisites, offVariation }: Environment,
  canary: number,
): string => {
  const isTargeted = [...targets, ...contextTargets].some(
    (each) => each.variation === canary && each.values.length > 0,
  );
  if (isTargeted) return "individual targets are served the candidate; remove them";
  if (prerequisites.length > 0 && offVariation === canary)
    return "where a prerequisite is not met, the off variation is served, and it is the candidate; make it the baseline's";
  return "";
};

/**
 * What else is given while the flag is on: a second variation of the candidate's model, or, where none is known to be the
 * candidate's, one that is nobody's and may be its.
 */
const unclear = (environment: Environment, arms: readonly Arm[], canary: number): string => {
  const { targets, contextTargets } = environment;
  const isGiven = (index: number): boolean =>
    placesOf(environment).some((place) => weightIn(place, index) > 0) ||
    [...targets, ...contextTargets].some((each) => each.variation === index && each.values.length > 0);
  const others = [...arms.keys()].filter((index) => index !== canary && isGiven(index));
  if (others.some((index) => arms[index] === "canary"))
    return "several variations are the candidate's; leave one of them, or give the others to nobody";
  if (canary < 0 && others.some((index) => arms[index] === null))
    return "a variation is served that is neither arm's: it may be the candidate's, whose value has to be the candidate's model, or true";
  return "";
};

const unknownOn = (
  environment: Environment,
  serving: readonly ServingPlace[],
  arms: readonly Arm[],
  canary: number,
): string => {
  const besides = besidesWeights(environment, canary) || unclear(environment, arms, canary);
  if (besides !== "" || serving.length < 2) return besides;
  return `${serving.map(placeName).join(" and ")} serve it; leave it to one of them`;
};

const readingOf = (
  understood: Omit<UnderstoodFlag, "reading">,
  variants: readonly FlagVariant[],
  name: string,
): FlagReading => {
  const { flag, environment, canary, baseline, killServesBaseline, unknownWhenOn, carrier } = understood;
  const { on, offVariation, prerequisites, version } = environment;
  const isUnset = !on && (offVariation ?? null) === null;
  const unknownBecause = isUnset
    ? "it is off and has no off variation, so that apps get the default of their code; set one"
    : on
      ? unknownWhenOn
      : "";
  const share = on ? weightIn(carrier, canary) / WHOLE : offVariation === canary ? 1 : 0;
  const problems = [
    canary < 0 ? "no variation is the candidate's: its value has to be the candidate's model, or true" : "",
    baseline < 0 ? "no variation is the baseline's: its value has to be the baseline's model, or false" : "",
    killServesBaseline ? "" : "switched off it does not serve the baseline: make that the off variation",
    flag.archived || environment.archived ? "it is archived: restore it" : "",
    carrier.rollout?.experimentAllocation === undefined ? "" : `an experiment runs on ${placeName(carrier)}: end it`,
    on ? "" : unknownWhenOn,
  ].filter((problem) => problem !== "");
  return {
    share: unknownBecause === "" ? share : null,
    unknownBecause,
    revision: `${flag.version}.${version}`,
    variants,
    facts: [
      ["environment", name],
      ["targeting", on ? "on" : "off"],
      ["share", `weights of ${placeName(carrier)}`],
      ["prerequisites", prerequisites.length === 0 ? "none" : oneLine(prerequisites.map(({ key }) => key))],
    ],
    problems,
  };
};

/** The flag in the environment `name`; null where it has none of this name. */
export const understandLaunchDarkly = (
  flag: LaunchDarklyFlag,
  name: string,
  values: VariantValues,
): UnderstoodFlag | null => {
  const environment = Object.hasOwn(flag.environments, name) ? flag.environments[name] : undefined;
  if (environment === undefined) return null;
  const arms = flag.variations.map((each) => armOfValue({ name: each.name ?? "", value: each.value }, values));
  const [canary, baseline] = [arms.indexOf("canary"), arms.indexOf("baseline")];
  const places = placesOf(environment);
  const serving = places.filter((place) => weightIn(place, canary) > 0);
  const mentioning = places.filter((place) => mentions(place, canary));
  const carrier = serving[0] ??
    (mentioning.length === 1 ? mentioning[0] : undefined) ?? { ruleId: null, ...environment.fallthrough };
  const { offVariation } = environment;
  const killServesBaseline = baseline >= 0 && offVariation === baseline;
  const variants = flag.variations.flatMap(({ name: own, value }, index) => {
    const arm = arms[index] ?? null;
    return arm === null ? [] : [{ arm, name: oneLine(own ?? value), value: oneLine(value) }];
  });
  const unknownWhenOn = unknownOn(environment, serving, arms, canary);
  const understood = { flag, environment, canary, baseline, killServesBaseline, unknownWhenOn, serving, carrier };
  return { ...understood, reading: readingOf(understood, variants, name) };
};
