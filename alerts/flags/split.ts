import { createHash } from "node:crypto";
import { z } from "zod";
import { urlSchema } from "../channels/url-schema.ts";
import { armOfValue } from "./arm-of-value.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import { type FlagCapabilities, type FlagReadFailure, isReadFailure } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetParts, FlagTargetType } from "./flag-target-type.ts";
import { type Look, type LookedFlagParts, lookedFlag, refuse } from "./looked-flag.ts";
import { createVendorApi, type VendorApi, type VendorApiSettings } from "./vendor-api.ts";

/** Configuration of an environment of Split, now Harness FME. */
export interface SplitConfig extends FlagTargetConfig {
  readonly type: "split";
  /** An Admin API key. */
  readonly token: string;
  /** Id of the workspace (project). */
  readonly workspace: string;
  /** Name or id of the environment. */
  readonly environment: string;
  readonly url: string;
}

/** SDKs are told by a stream; those without one ask every 60 s. */
const CAPABILITIES: FlagCapabilities = {
  kill: true,
  segments: false,
  guards: true,
  shareStep: 0.01,
  propagationMs: 60_000,
  pollMs: 30_000,
};

const bucketSchema = z.object({ treatment: z.string(), size: z.number().min(0).max(100) });

const definitionSchema = z.object({
  name: z.string(),
  killed: z.boolean(),
  treatments: z.array(
    z.object({
      name: z.string(),
      configurations: z.string().nullish(),
      keys: z.array(z.unknown()).nullish(),
      segments: z.array(z.unknown()).nullish(),
    }),
  ),
  defaultTreatment: z.string(),
  trafficAllocation: z.number().min(0).max(100).default(100),
  rules: z.array(z.object({ buckets: z.array(bucketSchema), condition: z.unknown().optional() })).nullish(),
  defaultRule: z.array(bucketSchema),
  lastUpdateTime: z.number().nullish(),
});

type Definition = z.infer<typeof definitionSchema>;

interface Raw {
  readonly definition: Definition;
  /** Indexes in the default rule; null where an arm has no bucket of its own. */
  readonly place: { readonly canary: number; readonly baseline: number } | null;
  readonly isBaselineDefault: boolean;
}

const indexOfOnly = (buckets: Definition["defaultRule"], treatments: readonly string[]): number | null => {
  const [first, ...more] = [...buckets.keys()].filter((i) => treatments.includes(buckets[i]?.treatment ?? ""));
  return first === undefined || more.length > 0 ? null : first;
};

/** The version: what decides, and when it was written last. */
const revisionOf = ({ lastUpdateTime, ...definition }: Definition): string => {
  const content = createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 12);
  return `${lastUpdateTime ?? 0}-${content}`;
};

const lookAt = (definition: Definition, { environment }: SplitConfig, values: VariantValues): Look<Raw> => {
  const { treatments, rules, defaultRule, defaultTreatment, trafficAllocation, killed } = definition;
  const armOf = (name: string, value: unknown) => armOfValue({ name, value }, values);
  const of = (arm: "baseline" | "canary"): readonly string[] =>
    treatments
      .filter(({ name, configurations }) => (armOf(name, configurations) ?? armOf(name, name)) === arm)
      .map(({ name }) => name);
  const [candidates, baselines] = [of("canary"), of("baseline")];
  const [canary, baseline] = [indexOfOnly(defaultRule, candidates), indexOfOnly(defaultRule, baselines)];
  const isBaselineDefault = !candidates.includes(defaultTreatment);
  const elsewhere = [
    ...treatments.flatMap(({ name, keys, segments }) =>
      candidates.includes(name) && (keys ?? []).length + (segments ?? []).length > 0
        ? [`treatment ${name} has keys or segments of its own, who get the candidate at any share: remove them`]
        : [],
    ),
    ...(rules ?? []).flatMap(({ buckets }, i) =>
      buckets.some(({ treatment, size }) => size > 0 && candidates.includes(treatment))
        ? [`rule ${i + 1} serves the candidate to some: let it serve something else`]
        : [],
    ),
  ];
  const treacherous = isBaselineDefault
    ? []
    : [
        `the default treatment ${defaultTreatment} is the candidate's, and killing would serve it to everybody: make it the baseline's`,
      ];
  const place = canary === null || baseline === null ? null : { canary, baseline };
  const size = defaultRule.reduce((sum, each) => sum + (candidates.includes(each.treatment) ? each.size : 0), 0);
  const share = killed ? 0 : (size * trafficAllocation) / 10_000;
  const isNobodys =
    candidates.length === 0 &&
    [defaultRule, ...(rules ?? []).map(({ buckets }) => buckets)].some((each) =>
      each.some((bucket) => bucket.size > 0 && !baselines.includes(bucket.treatment)),
    );
  const isKnown = treacherous.length === 0 && (killed || (elsewhere.length === 0 && !isNobodys));
  return {
    share: isKnown ? share : null,
    revision: revisionOf(definition),
    variants: [
      ...baselines.map((name) => ({ arm: "baseline" as const, name, value: name })),
      ...candidates.map((name) => ({ arm: "canary" as const, name, value: name })),
    ],
    facts: [
      ["Environment", environment],
      ["Killed", killed ? "yes" : "no"],
      ["Default treatment", defaultTreatment],
      ["Exposed", `${trafficAllocation}%`],
    ],
    problems: [
      ...treacherous,
      ...elsewhere,
      ...(isNobodys
        ? [
            "a treatment is served that is neither arm's: it may be the candidate's, whose name or configuration has to be its model",
          ]
        : []),
      ...(place === null
        ? [
            "the default rule has no bucket for each arm; add one for the candidate with 0% and one for the baseline with 100%",
          ]
        : []),
    ],
    raw: { definition, place, isBaselineDefault },
  };
};

const test = (path: string, value: unknown) => ({ op: "test", path, value }) as const;
const replace = (path: string, value: unknown) => ({ op: "replace", path, value }) as const;

const asRead = ({ defaultRule }: Definition): readonly unknown[] =>
  defaultRule.flatMap(({ treatment, size }, i) => [
    test(`/defaultRule/${i}/treatment`, treatment),
    test(`/defaultRule/${i}/size`, size),
  ]);

/** Off is the kill, and leaves the sizes as they are; what it needs is that the default treatment is the one that was read. */
const killing = ({ definition }: Raw, isGuarded: boolean): readonly unknown[] => [
  test("/defaultTreatment", definition.defaultTreatment),
  ...(isGuarded ? asRead(definition) : []),
  replace("/killed", true),
];

/** The sizes of two buckets, and out of the kill; null where the exposure allows no such share in whole percents. */
const serving = ({ definition, place }: Raw, share: number): readonly unknown[] | null => {
  const { defaultRule, trafficAllocation, killed } = definition;
  if (place === null || trafficAllocation === 0) return null;
  const rest = defaultRule.reduce(
    (sum, { size }, i) => (i === place.canary || i === place.baseline ? sum : sum + size),
    0,
  );
  const size = (share * 10_000) / trafficAllocation;
  const whole = Math.round(size);
  if (Math.abs(size - whole) > 1e-6 || whole + rest > 100) return null;
  return [
    test("/killed", killed),
    test("/trafficAllocation", trafficAllocation),
    ...asRead(definition),
    replace(`/defaultRule/${place.canary}/size`, whole),
    replace(`/defaultRule/${place.baseline}/size`, 100 - rest - whole),
    replace("/killed", false),
  ];
};

const flagOf = (
  api: VendorApi,
  flag: string,
  config: SplitConfig,
  values: VariantValues,
): Omit<LookedFlagParts<Raw>, "capabilities"> => {
  const [workspace, environment, name] = [config.workspace, config.environment, flag].map(encodeURIComponent);
  const path = `/internal/api/v2/splits/ws/${workspace}/${name}/environments/${environment}`;

  const look = async (): Promise<Look<Raw> | FlagReadFailure> => {
    const answer = await api({ what: "reading the flag", method: "GET", path, answer: definitionSchema });
    return isReadFailure(answer) ? answer : lookAt(answer.value, config, values);
  };

  /** What a failed test is answered with is not documented: that the flag is another one by now tells. */
  const orConflict = async (failure: FlagReadFailure, revision: string): Promise<FlagReadFailure> => {
    if (failure.why !== "permanent" && failure.why !== "transient") return failure;
    const now = await look();
    return isReadFailure(now) || now.revision === revision
      ? failure
      : refuse("conflict", "the flag was changed in between");
  };

  return {
    look,
    write: async ({ raw, revision, problems }, share, { isGuarded }) => {
      if (!raw.isBaselineDefault) return refuse("permanent", problems.join("; "));
      const body = share === 0 ? killing(raw, isGuarded) : serving(raw, share);
      if (body === null)
        return refuse(
          "permanent",
          `${share * 100}% is no whole size of a bucket at ${raw.definition.trafficAllocation}% exposure`,
        );
      const answer = await api({ what: "setting the flag", method: "PATCH", path, body, answer: definitionSchema });
      return isReadFailure(answer) ? orConflict(answer, revision) : lookAt(answer.value, config, values);
    },
    mayWrite: async () => ({ mayWrite: null, mayWriteBecause: "Split tells no rights of a key" }),
  };
};

/** The longer of the two waits, in seconds, that its limits by organisation and by address ask for. */
const wait: VendorApiSettings["wait"] = (headers) => {
  const seconds = ["x-ratelimit-reset-seconds-org", "x-ratelimit-reset-seconds-ip"]
    .map((name) => Number(headers.get(name) ?? Number.NaN))
    .filter((each) => Number.isFinite(each) && each >= 0);
  return seconds.length === 0 ? null : Math.max(...seconds) * 1000;
};

const createApi = ({ url, token }: SplitConfig, { now, timeoutMs }: FlagTargetParts): VendorApi =>
  createVendorApi({
    base: url.replace(/\/+$/, ""),
    headers: { authorization: `Bearer ${token}` },
    secrets: [token],
    now,
    timeoutMs,
    wait,
  });

/** The flag target type `split`: Split, now Harness FME. Off is its kill; the share is in the default rule. */
export const split: FlagTargetType<SplitConfig> = {
  type: "split",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("split"),
    token: z.string().min(1),
    workspace: z.string().min(1),
    environment: z.string().min(1),
    url: urlSchema.default("https://api.split.io"),
  }),
  create: (name, config, parts) => {
    const api = createApi(config, parts);
    return {
      name,
      bind: (route, values) =>
        lookedFlag(route, { capabilities: CAPABILITIES, ...flagOf(api, route.flag, config, values) }),
      problem: () => "",
      close: async () => undefined,
    };
  },
};
