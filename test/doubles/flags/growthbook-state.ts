/** One rule of a feature. */
export interface GbRule {
  id: string;
  type: "rollout" | "force" | "experiment-ref";
  description: string;
  condition: string;
  enabled: boolean;
  allEnvironments: boolean;
  environments: string[];
  value?: string;
  coverage?: number;
  hashAttribute?: string;
  seed?: string;
  hashVersion?: 1 | 2;
  experimentId?: string;
  variations?: { variationId: string; value: string }[];
  scheduleRules?: { timestamp: string; enabled: boolean }[];
}

/** A feature as the REST API (v2) shows it. */
export interface GbFeature {
  id: string;
  dateCreated: string;
  dateUpdated: string;
  archived: boolean;
  description: string;
  owner: string;
  project: string;
  valueType: "boolean" | "string" | "json";
  defaultValue: string;
  tags: string[];
  rules: GbRule[];
  environments: Record<string, { enabled: boolean; defaultValue: string }>;
  prerequisites: string[];
  revision: { version: number; comment: string; date: string };
}

/** A draft, with what it began from. */
export interface GbDraft {
  readonly feature: string;
  readonly version: number;
  readonly base: readonly GbRule[];
  rules: GbRule[];
  status: "draft" | "published" | "discarded";
}

/** One organisation. */
export interface GbWorld {
  readonly features: Record<string, GbFeature>;
  readonly drafts: GbDraft[];
}

const DATE = "2026-11-01T00:00:00.000Z";

const feature = (id: string, overrides: Partial<GbFeature>): GbFeature => ({
  id,
  dateCreated: DATE,
  dateUpdated: DATE,
  archived: false,
  description: "",
  owner: "ana",
  project: "support",
  valueType: "string",
  defaultValue: "old",
  tags: ["llm"],
  rules: [],
  environments: { production: { enabled: false, defaultValue: "old" }, dev: { enabled: true, defaultValue: "old" } },
  prerequisites: [],
  revision: { version: 3, comment: "", date: DATE },
  ...overrides,
});

const rule = (id: string, overrides: Partial<GbRule>): GbRule => ({
  id,
  type: "force",
  description: id,
  condition: "",
  enabled: true,
  allEnvironments: false,
  environments: ["production"],
  ...overrides,
});

/** A feature that is off in production, with everything around it that must not be touched; and another one. */
export const gbWorld = (): GbWorld => ({
  features: {
    "support-model": feature("support-model", {
      prerequisites: ["bot-enabled"],
      rules: [
        rule("fr_regulated", { condition: '{"plan":"regulated"}', value: "old" }),
        rule("fr_later", {
          value: "third",
          condition: '{"beta":true}',
          enabled: false,
          scheduleRules: [{ timestamp: "2027-01-01T00:00:00.000Z", enabled: true }],
        }),
        rule("fr_canary", {
          type: "rollout",
          value: "new",
          coverage: 0,
          hashAttribute: "id",
          seed: "support-model",
          hashVersion: 2,
        }),
        rule("fr_dev", { environments: ["dev"], value: "new" }),
      ],
    }),
    "bot-enabled": feature("bot-enabled", {
      valueType: "boolean",
      defaultValue: "true",
      environments: {
        production: { enabled: true, defaultValue: "true" },
        dev: { enabled: true, defaultValue: "true" },
      },
    }),
  },
  drafts: [],
});

const parsed = ({ valueType }: GbFeature, text: string | undefined): unknown =>
  text === undefined ? null : valueType === "string" ? text : JSON.parse(text);

const sdkRule = (owner: GbFeature, each: GbRule): object => ({
  id: each.id,
  ...(each.condition === "" ? {} : { condition: JSON.parse(each.condition) }),
  ...(each.type === "experiment-ref"
    ? {
        variations: each.variations?.map(({ value }) => parsed(owner, value)),
        hashAttribute: "id",
        key: each.experimentId,
      }
    : { force: parsed(owner, each.value) }),
  ...(each.type === "rollout"
    ? { coverage: each.coverage, hashAttribute: each.hashAttribute, seed: each.seed, hashVersion: each.hashVersion }
    : {}),
});

/** What SDKs of one environment are sent: only features that are switched on there, only rules that are enabled. */
export const gbSdkData = ({ features }: GbWorld, name: string): Record<string, object> =>
  Object.fromEntries(
    Object.values(features)
      .filter(({ environments, archived }) => environments[name]?.enabled === true && !archived)
      .map((each) => {
        const rules = each.rules.filter(
          (one) => one.enabled && (one.allEnvironments || one.environments.includes(name)),
        );
        const gates = each.prerequisites.map((id) => ({
          parentConditions: [{ id, condition: { value: true }, gate: true }],
        }));
        const served = [...gates, ...rules.map((one) => sdkRule(each, one))];
        return [each.id, { defaultValue: parsed(each, each.defaultValue), rules: served }];
      }),
  );

const fnv32 = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const code of Buffer.from(text)) hash = Math.imul(hash ^ code, 0x01000193) >>> 0;
  return hash;
};

/** GrowthBook's second hash: 0 to 1 in steps of a ten-thousandth. */
const bucketOf = (seed: string, user: string): number => (fnv32(String(fnv32(seed + user))) % 10_000) / 10_000;

/** What a user without further attributes is served, as GrowthBook's SDKs evaluate; null = the default of the code. */
export const gbServes = (world: GbWorld, id: string, name: string, user: string): string | null => {
  const feature = world.features[id];
  if (feature?.environments[name]?.enabled !== true) return null;
  if (feature.prerequisites.some((each) => gbServes(world, each, name, user) !== "true")) return null;
  const matching = feature.rules.find((each) => {
    if (!each.enabled || each.condition !== "" || !(each.allEnvironments || each.environments.includes(name)))
      return false;
    return each.type !== "rollout" || bucketOf(each.seed ?? each.id, user) < (each.coverage ?? 1);
  });
  return matching?.value ?? feature.defaultValue;
};
