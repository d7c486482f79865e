import { z } from "zod";
import type { Audience } from "../../core/audience.ts";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import { armOfValue } from "./arm-of-value.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import type { FlagVariant } from "./flag-target.ts";
import { audienceOfConstraints } from "./unleash-audience.ts";

/** A variant of a strategy, or of the flag in one environment. Weights are thousandths. */
export interface UnleashVariant {
  readonly name: string;
  readonly weight: number;
  readonly payload?: { readonly value?: unknown } | null | undefined;
  /** Users who get it whatever their bucket says; variants of the flag itself only. */
  readonly overrides?: readonly unknown[] | null | undefined;
}

/** An activation strategy. The first that lets a user in decides which variants there are. */
export interface UnleashStrategy {
  readonly id: string;
  readonly name: string;
  readonly title?: string | null | undefined;
  readonly disabled?: boolean | null | undefined;
  readonly sortOrder?: number | null | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | null | undefined;
  readonly constraints?: readonly unknown[] | null | undefined;
  readonly segments?: readonly unknown[] | null | undefined;
  readonly variants?: readonly UnleashVariant[] | null | undefined;
}

/** A flag in one environment. */
export interface UnleashEnvironment {
  readonly name: string;
  readonly enabled: boolean;
  readonly strategies: readonly UnleashStrategy[];
  /** Variants of the flag itself, for strategies that have none: older versions of Unleash. */
  readonly variants?: readonly UnleashVariant[] | null | undefined;
}

/** A flag with all its environments. */
export interface UnleashFeature {
  readonly name: string;
  readonly stale?: boolean | null | undefined;
  readonly archived?: boolean | null | undefined;
  /** The flags that have to be on for this one to be. */
  readonly dependencies?: readonly { readonly feature: string }[] | null | undefined;
  readonly environments: readonly UnleashEnvironment[];
}

const variantSchema: z.ZodType<UnleashVariant> = z.looseObject({
  name: z.string(),
  weight: z.number().min(0),
  payload: z.looseObject({ value: z.unknown() }).nullish(),
  overrides: z.array(z.unknown()).nullish(),
});

const strategySchema: z.ZodType<UnleashStrategy> = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  title: z.string().nullish(),
  disabled: z.boolean().nullish(),
  sortOrder: z.number().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  constraints: z.array(z.unknown()).nullish(),
  segments: z.array(z.unknown()).nullish(),
  variants: z.array(variantSchema).nullish(),
});

/** What is read of `GET /api/admin/projects/{project}/features/{flag}`; keys that are not named are kept. */
export const unleashFeatureSchema: z.ZodType<UnleashFeature> = z.looseObject({
  name: z.string(),
  stale: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  dependencies: z.array(z.looseObject({ feature: z.string() })).nullish(),
  environments: z.array(
    z.looseObject({
      name: z.string(),
      enabled: z.boolean(),
      strategies: z.array(strategySchema),
      variants: z.array(variantSchema).nullish(),
    }),
  ),
});

/** The strategy that gives users to the candidate. */
export interface Carrier {
  readonly strategy: UnleashStrategy;
  /** Whole percent of the users it lets in, 0-100. */
  readonly rollout: number;
  /** Part of those that get the candidate, 0-1, more than 0. */
  readonly weight: number;
  readonly stickiness: string;
  /** Whom it is for; null = everybody. */
  readonly audience: Audience | null;
}

/** The carrier, or why the share of the candidate is not known. */
export type CarrierFound = { readonly carrier: Carrier } | { readonly why: string };

const MAX_NAME = 60;

/** A name for people: on one line, and no longer than a name. */
const shown = (text: string): string => JSON.stringify(clamp(printableLine(text), MAX_NAME));

/** What people call a strategy. */
export const strategyName = ({ title, name, id }: UnleashStrategy): string => shown(title || `${name} ${id}`);

const armOf = ({ name, payload }: UnleashVariant, values: VariantValues): "baseline" | "canary" | null =>
  armOfValue({ name, value: payload?.value }, values);

const isNotEmpty = (list: readonly unknown[] | null | undefined): boolean => (list ?? []).length > 0;

/** In the order in which SDKs try them. */
const inForce = ({ strategies }: UnleashEnvironment): readonly UnleashStrategy[] =>
  strategies.filter(({ disabled }) => disabled !== true).toSorted((a, b) => (a.sortOrder ?? 0) - (b.sortOrder ?? 0));

const variantsOf = (strategy: UnleashStrategy, environment: UnleashEnvironment): readonly UnleashVariant[] =>
  isNotEmpty(strategy.variants) ? (strategy.variants ?? []) : (environment.variants ?? []);

/** A flag without a variant anywhere is a switch: on means the candidate. */
const isSwitch = (environment: UnleashEnvironment): boolean =>
  !isNotEmpty(environment.variants) && environment.strategies.every(({ variants }) => !isNotEmpty(variants));

/** Part of a strategy's users that get the candidate, 0-1; null = it cannot be told. */
const candidateWeight = (
  strategy: UnleashStrategy,
  environment: UnleashEnvironment,
  values: VariantValues,
): number | null => {
  if (isSwitch(environment)) return 1;
  const variants = variantsOf(strategy, environment);
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0 || variants.some(({ overrides }) => isNotEmpty(overrides))) return null;
  return variants.reduce((sum, each) => sum + (armOf(each, values) === "canary" ? each.weight : 0), 0) / total;
};

const rolloutOf = ({ parameters }: UnleashStrategy): number | null => {
  const text = String(parameters?.rollout ?? "").trim();
  const percent = text === "" ? Number.NaN : Number(text);
  // the bucket of a user is a whole number, so that 5.5 lets in as many as 5
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, Math.floor(percent))) : null;
};

const carrierOf = (strategy: UnleashStrategy, weight: number): CarrierFound => {
  const name = strategyName(strategy);
  if (strategy.name !== "flexibleRollout")
    return { why: `the candidate is served by strategy ${name}, which has no percentage; use a gradual rollout` };
  const audience = audienceOfConstraints(strategy.constraints);
  if (audience === undefined || isNotEmpty(strategy.segments))
    return {
      why: `strategy ${name}, which serves the candidate, is for a part of the users only, which Leeway did not write (constraints or segments); remove those, or give the migration a flag of its own`,
    };
  const rollout = rolloutOf(strategy);
  if (rollout === null) return { why: `the rollout of strategy ${name} is no number` };
  const stickiness = String(strategy.parameters?.stickiness ?? "default");
  return { carrier: { strategy, rollout, weight, stickiness, audience } };
};

/**
 * The one strategy by which the candidate is served to a known share of all users. There is none, and a reason, where several
 * strategies could serve it, where one before it takes users away, or where it is for chosen users only: no share is
 * claimed that is not known.
 */
export const findCarrier = (
  { dependencies }: UnleashFeature,
  environment: UnleashEnvironment,
  values: VariantValues,
): CarrierFound => {
  const [parent] = dependencies ?? [];
  if (parent !== undefined)
    return { why: `the flag depends on flag ${shown(parent.feature)}, so that the share of all users is not known` };
  const strategies = inForce(environment);
  const weights = strategies.map((strategy) => candidateWeight(strategy, environment, values));
  const unclear = strategies.find((_, at) => weights[at] === null);
  if (unclear !== undefined)
    return { why: `what strategy ${strategyName(unclear)} serves is not known: give it variants without overrides` };
  const serving = strategies.filter((_, at) => weights[at] !== 0);
  const [first, second] = serving;
  if (first === undefined)
    return {
      why: `no strategy of environment ${shown(environment.name)} serves the candidate; add a gradual rollout with a variant whose value is ${shown(values.canary)}`,
    };
  if (second !== undefined)
    return {
      why: `strategies ${strategyName(first)} and ${strategyName(second)} can both serve the candidate; leave it to one`,
    };
  if (strategies[0] !== first)
    return {
      why: `strategy ${strategyName(strategies[0] ?? first)} comes before ${strategyName(first)} and takes users from it; move it below`,
    };
  return carrierOf(first, weights[0] ?? 1);
};

/** The variants of the arms, in whichever strategy they are; one each. */
export const armVariants = (environment: UnleashEnvironment, values: VariantValues): readonly FlagVariant[] => {
  if (isSwitch(environment)) return [{ arm: "canary", name: "on", value: null }];
  const all = inForce(environment).flatMap((strategy) => variantsOf(strategy, environment));
  return (["baseline", "canary"] as const).flatMap((arm) => {
    const found = all.find((variant) => armOf(variant, values) === arm);
    if (found === undefined) return [];
    const value = found.payload?.value;
    return [
      {
        arm,
        name: clamp(printableLine(found.name), MAX_NAME) || "-",
        value: value === undefined ? null : clamp(printableLine(String(value)), 200),
      },
    ];
  });
};
