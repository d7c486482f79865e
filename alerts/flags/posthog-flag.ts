import { z } from "zod";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import { armOfValue } from "./arm-of-value.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import type { FlagReading } from "./vendor-flag.ts";

interface Condition {
  readonly properties: readonly unknown[];
  /** Percent of those whom the properties match; null = all of them. */
  readonly rollout_percentage: number | null;
  /** The variant that all of them get. */
  readonly variant?: string | null | undefined;
}

interface Variant {
  readonly key: string;
  readonly rollout_percentage: number;
}

/** A flag as PostHog's API shows it. */
export interface PostHogFlag {
  readonly id: number;
  readonly key: string;
  readonly active: boolean;
  readonly deleted: boolean;
  readonly version: number;
  readonly can_edit: boolean;
  readonly experiment_set: readonly unknown[];
  readonly filters: {
    readonly groups: readonly Condition[];
    readonly multivariate?: { readonly variants: readonly Variant[] } | null | undefined;
    readonly payloads: Readonly<Record<string, unknown>>;
    readonly super_groups: readonly unknown[];
  };
}

const orEmpty = <T>(schema: z.ZodType<T>) =>
  z
    .array(schema)
    .nullish()
    .transform((list) => list ?? []);

/** Schema of what is read of a flag. */
export const postHogFlagSchema: z.ZodType<PostHogFlag> = z.object({
  id: z.int(),
  key: z.string(),
  active: z.boolean(),
  deleted: z.boolean().default(false),
  version: z
    .int()
    .nullable()
    .transform((version) => version ?? 0),
  can_edit: z.boolean().default(true),
  experiment_set: orEmpty(z.unknown()),
  filters: z.object({
    groups: z.array(
      z.object({
        properties: orEmpty(z.unknown()),
        rollout_percentage: z
          .number()
          .nullish()
          .transform((percent) => percent ?? null),
        variant: z.string().nullish(),
      }),
    ),
    multivariate: z
      .object({ variants: z.array(z.object({ key: z.string(), rollout_percentage: z.number() })) })
      .nullish(),
    payloads: z
      .record(z.string(), z.unknown())
      .nullish()
      .transform((payloads) => payloads ?? {}),
    super_groups: orEmpty(z.unknown()),
  }),
});

/** The release condition whose rollout is the share. */
export interface Carrier {
  readonly index: number;
  /** Percent, 0-100. */
  readonly percent: number;
  /** Part of those it lets in that gets the candidate, 0-1. */
  readonly part: number;
}

/** A flag understood. */
export interface UnderstoodPostHog {
  readonly flag: PostHogFlag;
  /** Null = no condition is for everybody. */
  readonly carrier: Carrier | null;
  /** Why its share could not be told if the flag was active; empty when it could. */
  readonly unknownWhenOn: string;
  readonly reading: FlagReading;
}

type Arm = "baseline" | "canary" | null;

const oneLine = (value: unknown): string =>
  clamp(printableLine(typeof value === "string" ? value : (JSON.stringify(value) ?? "")), 100) || "(empty)";

/** What a flag without variants gives to those it lets in, PostHog calls `true`. */
const armReader =
  ({ filters }: PostHogFlag, values: VariantValues) =>
  (variant: string): Arm =>
    armOfValue({ name: variant, value: variant }, values) ??
    armOfValue({ name: variant, value: filters.payloads[variant] }, values);

/** The part of those a condition lets in that gets the candidate. */
const partOf = ({ variant }: Condition, variants: readonly Variant[], armOf: (variant: string) => Arm): number => {
  if (variants.length === 0) return 1;
  const forced = variants.find(({ key }) => key === variant);
  if (forced !== undefined) return armOf(forced.key) === "canary" ? 1 : 0;
  const canary = variants.filter(({ key }) => armOf(key) === "canary");
  return canary.reduce((sum, { rollout_percentage: percent }) => sum + percent, 0) / 100;
};

const nameOf = ({ index }: Carrier): string => `release condition ${index + 1}`;

/** The flag in Leeway's words: a condition after the other lets users in, the rest gets the default of the code. */
export const understandPostHog = (flag: PostHogFlag, values: VariantValues): UnderstoodPostHog => {
  const { groups, super_groups: early, multivariate } = flag.filters;
  const variants = multivariate?.variants ?? [];
  const armOf = armReader(flag, values);
  const carriers = groups.map((condition, index) => ({
    index,
    percent: condition.rollout_percentage ?? 100,
    part: partOf(condition, variants, armOf),
  }));
  const serving = carriers.filter(({ percent, part }) => percent * part > 0);
  const open = carriers.filter(({ index, part }) => part > 0 && groups[index]?.properties.length === 0);
  const carrier = serving.length === 1 ? serving[0] : serving.length === 0 && open.length === 1 ? open[0] : undefined;
  const isNobodys =
    variants.length > 0 &&
    variants.every(({ key }) => armOf(key) !== "canary") &&
    variants.some(({ key, rollout_percentage: percent }) => armOf(key) === null && percent > 0) &&
    carriers.some(({ percent }) => percent > 0);
  const unknownWhenOn =
    early.length > 0
      ? "people can enrol in it as an early access feature; end that"
      : serving.length > 1
        ? `${serving.map(nameOf).join(" and ")} let users in; leave it to one of them`
        : isNobodys
          ? "a variant is served that is neither arm's: it may be the candidate's, whose key or payload has to be the candidate's model"
          : "";
  const share = carrier === undefined ? 0 : Math.round(carrier.percent * carrier.part * 100) / 10_000;
  const isKnown = !flag.active || unknownWhenOn === "";
  const canary = variants.find(({ key }) => armOf(key) === "canary");
  const problems = [
    carrier === undefined && serving.length === 0
      ? "no single release condition gives the candidate to everybody: add one without properties, at 0%"
      : "",
    carrier !== undefined && carrier.part < 1
      ? `${nameOf(carrier)} gives the candidate to a part of those it lets in: set its variant`
      : "",
    flag.experiment_set.length > 0 ? "an experiment uses it: end that" : "",
    flag.active ? "" : unknownWhenOn,
  ].filter((problem) => problem !== "");
  const reading: FlagReading = {
    share: isKnown ? (flag.active ? share : 0) : null,
    unknownBecause: isKnown ? "" : unknownWhenOn,
    revision: String(flag.version),
    variants:
      variants.length === 0
        ? [{ arm: "canary", name: "true", value: null }]
        : canary === undefined
          ? []
          : [
              {
                arm: "canary",
                name: oneLine(canary.key),
                value: oneLine(flag.filters.payloads[canary.key] ?? canary.key),
              },
            ],
    facts: [
      ["flag", flag.active ? "active" : "not active: apps get the default of their code"],
      ["share", carrier === undefined ? "nothing carries it" : `rollout of ${nameOf(carrier)}`],
      ["conditions", String(groups.length)],
    ],
    problems,
  };
  return { flag, carrier: carrier ?? null, unknownWhenOn, reading };
};
