import { z } from "zod";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import { armOfValue } from "./arm-of-value.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import type { FlagReading } from "./vendor-flag.ts";

interface Rule {
  readonly id: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly allEnvironments: boolean;
  readonly environments: readonly string[];
  readonly value?: string | undefined;
  readonly coverage?: number | undefined;
  readonly variationValue?: string | undefined;
  readonly variations?: readonly { readonly value?: string | undefined }[] | undefined;
}

/** What of a feature is read, as GrowthBook's REST API (v2) shows it. Values are JSON as text, or plain text. */
export interface GrowthBookFeature {
  readonly valueType: string;
  readonly archived: boolean;
  readonly defaultValue: string;
  readonly dateUpdated: string;
  readonly rules: readonly Rule[];
  readonly environments: Readonly<Record<string, { readonly enabled: boolean }>>;
  readonly revision: { readonly version: number };
  readonly prerequisites: readonly string[];
}

const ruleSchema = z.object({
  id: z.string(),
  type: z.string(),
  enabled: z.boolean().default(true),
  allEnvironments: z.boolean().default(false),
  environments: z.array(z.string()).default([]),
  value: z.string().optional(),
  coverage: z.number().min(0).max(1).optional(),
  variationValue: z.string().optional(),
  variations: z.array(z.object({ value: z.string().optional() })).optional(),
});

/** Schema of what is read. */
export const growthBookFeatureSchema: z.ZodType<GrowthBookFeature> = z.object({
  valueType: z.string(),
  archived: z.boolean(),
  defaultValue: z.string(),
  dateUpdated: z.string(),
  rules: z.array(ruleSchema),
  environments: z.record(z.string(), z.object({ enabled: z.boolean() })),
  revision: z.object({ version: z.int() }),
  prerequisites: z.array(z.string()).default([]),
});

/** A feature in one environment, understood. */
export interface UnderstoodFeature {
  readonly enabled: boolean;
  /** The percentage rollout that gives the candidate; null = there is none. */
  readonly carrier: { readonly id: string; readonly enabled: boolean; readonly coverage: number } | null;
  /** Why its share could not be told if the environment was on; empty when it could. */
  readonly unknownWhenOn: string;
  readonly reading: FlagReading;
}

type Arm = "baseline" | "canary" | null;

const armReader =
  (valueType: string, values: VariantValues) =>
  (text: string | undefined): Arm =>
    text === undefined
      ? null
      : armOfValue({ name: "", value: valueType === "boolean" ? text === "true" : text }, values);

/** True for a rule that may give somebody the candidate, whoever and whenever. */
const servesCandidate = (rule: Rule, armOf: ReturnType<typeof armReader>): boolean => {
  const given = [rule.value, rule.variationValue, ...(rule.variations ?? []).map(({ value }) => value)];
  return rule.enabled && rule.coverage !== 0 && given.some((value) => armOf(value) === "canary");
};

/** True for a rule that may give somebody a value that is neither arm's. */
const servesStranger = (rule: Rule, armOf: ReturnType<typeof armReader>): boolean => {
  const given = [rule.value, rule.variationValue, ...(rule.variations ?? []).map(({ value }) => value)];
  return rule.enabled && rule.coverage !== 0 && given.some((value) => value !== undefined && armOf(value) === null);
};

const named = (rules: readonly Rule[]): string =>
  rules.map(({ id }) => `rule ${clamp(printableLine(id), 40)}`).join(" and ");

const oneLine = (text: string | undefined): string => clamp(printableLine(text ?? ""), 100) || "(empty)";

/** The feature in the environment `name`; null where it has none of this name. */
export const understandGrowthBook = (
  feature: GrowthBookFeature,
  name: string,
  values: VariantValues,
): UnderstoodFeature | null => {
  const environment = Object.hasOwn(feature.environments, name) ? feature.environments[name] : undefined;
  if (environment === undefined) return null;
  const { enabled } = environment;
  const armOf = armReader(feature.valueType, values);
  const rules = feature.rules.filter((rule) => rule.allEnvironments || rule.environments.includes(name));
  const rollouts = rules.filter(({ type, value }) => type === "rollout" && armOf(value) === "canary");
  const serving = rules.filter((rule) => servesCandidate(rule, armOf));
  const rollout = rollouts.find((each) => serving.includes(each)) ?? rollouts[0];
  const others = serving.filter((each) => each !== rollout);
  // everybody it matches gets the candidate: a share that is known, of a rule that is never written
  const isPlainForce = rollout === undefined && others.length === 1 && others[0]?.type === "force";
  const defaultArm = armOf(feature.defaultValue);
  const isNobodys = rollouts.length === 0 && serving.length === 0 && rules.some((rule) => servesStranger(rule, armOf));
  const unknownWhenOn = isNobodys
    ? "a value is served that is neither arm's: it may be the candidate's, whose value has to be the candidate's model, or true"
    : defaultArm === "canary"
      ? "the default value is the candidate's, and everybody outside the rules gets it; make it the baseline's"
      : others.length > 0 && !isPlainForce
        ? `${named(others)} may serve it besides; leave it to one percentage rollout`
        : "";
  const carrier = rollout && { id: rollout.id, enabled: rollout.enabled, coverage: rollout.coverage ?? 1 };
  const share = isPlainForce ? 1 : carrier?.enabled ? carrier.coverage : 0;
  const isKnown = !enabled || unknownWhenOn === "";
  const problems = [
    carrier === undefined ? "no percentage rollout gives the candidate in this environment: add one, at 0%" : "",
    defaultArm === "baseline" ? "" : "the default value is not the baseline's: users outside the rollout get it",
    feature.archived ? "it is archived: restore it" : "",
    enabled || defaultArm === "canary" ? "" : unknownWhenOn,
  ];
  const reading: FlagReading = {
    share: isKnown ? (enabled ? share : 0) : null,
    unknownBecause: isKnown ? "" : unknownWhenOn,
    revision: `${feature.revision.version}.${feature.dateUpdated}`,
    variants: [
      ...(carrier === undefined
        ? []
        : [{ arm: "canary" as const, name: named(rollouts.slice(0, 1)), value: oneLine(rollout?.value) }]),
      ...(defaultArm === "baseline"
        ? [{ arm: "baseline" as const, name: "the default value", value: oneLine(feature.defaultValue) }]
        : []),
    ],
    facts: [
      ["environment", name],
      ["switched", enabled ? "on" : "off: apps get the default of their code"],
      ["share", carrier === undefined ? "nothing carries it" : `coverage of ${named(rollouts.slice(0, 1))}`],
      ["prerequisites", feature.prerequisites.length === 0 ? "none" : oneLine(feature.prerequisites.join(", "))],
    ],
    problems: problems.filter((problem) => problem !== ""),
  };
  return { enabled, carrier: carrier ?? null, unknownWhenOn, reading };
};
