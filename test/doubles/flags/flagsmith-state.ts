import { createHash } from "node:crypto";

/** What one place of a flag serves. */
export interface FsServed {
  enabled: boolean;
  value: { type: "string" | "integer" | "boolean"; value: string } | null;
  variants: { id: number; weight: number }[];
}

/** One flag in one environment. */
export interface FsState {
  environment_default: FsServed;
  segment_overrides: ({ segment: { id: number }; priority: number } & FsServed)[];
}

/** A feature of the project. */
export interface FsFeature {
  id: number;
  name: string;
  type: "STANDARD" | "MULTIVARIATE";
  description: string;
  options: { id: number; value: string }[];
}

/** One identity's own state. */
export interface FsIdentity {
  identifier: string;
  feature: number;
  enabled: boolean;
  value: string;
  weights: { option: number; weight: number }[];
}

/** One project with the environments production and staging. */
export interface FsWorld {
  readonly features: FsFeature[];
  /** By environment, then by the feature's id. */
  readonly states: Record<string, Record<number, FsState>>;
  readonly identities: Record<string, FsIdentity[]>;
  readonly segments: { id: number; name: string; trait: string; value: string }[];
  /** Changes that are planned for a flag. */
  readonly scheduled: { feature: number; liveFrom: string; enabled: boolean }[];
}

const state = (overrides: Partial<FsServed> = {}): FsServed => ({
  enabled: true,
  value: { type: "string", value: "old" },
  variants: [
    { id: 31, weight: 0 },
    { id: 32, weight: 10 },
  ],
  ...overrides,
});

/** A flag at 0% in production, with everything around it that must not be touched; and another one. */
export const fsWorld = (): FsWorld => ({
  features: [
    {
      id: 7,
      name: "support-model",
      type: "MULTIVARIATE",
      description: "Model of the support bot",
      options: [
        { id: 31, value: "new" },
        { id: 32, value: "third" },
      ],
    },
    { id: 8, name: "support-model-temperature", type: "STANDARD", description: "", options: [] },
  ],
  states: {
    production: {
      7: {
        environment_default: state(),
        segment_overrides: [
          {
            segment: { id: 101 },
            priority: 0,
            ...state({
              variants: [
                { id: 31, weight: 0 },
                { id: 32, weight: 0 },
              ],
            }),
          },
        ],
      },
      8: {
        environment_default: state({ value: { type: "string", value: "0.7" }, variants: [] }),
        segment_overrides: [],
      },
    },
    staging: {
      7: {
        environment_default: state({
          variants: [
            { id: 31, weight: 100 },
            { id: 32, weight: 0 },
          ],
        }),
        segment_overrides: [],
      },
      8: { environment_default: state({ value: { type: "string", value: "1" }, variants: [] }), segment_overrides: [] },
    },
  },
  identities: {
    production: [{ identifier: "user-held-back", feature: 7, enabled: true, value: "old", weights: [] }],
    staging: [],
  },
  segments: [{ id: 101, name: "regulated", trait: "plan", value: "regulated" }],
  scheduled: [{ feature: 7, liveFrom: "2027-01-01T00:00:00Z", enabled: false }],
});

/** Flagsmith's percentage of an object: MD5 of the comma-joined ids, to two decimals. */
const percentageOf = (ids: readonly string[]): number => {
  const digest = createHash("md5").update(ids.join(",")).digest("hex");
  return (Number(BigInt(`0x${digest}`) % 9_999n) / 9_998) * 100;
};

/** What an identity without traits is served, by value, whether or not the flag is enabled. */
export const fsServes = (
  { features, states, identities }: FsWorld,
  name: string,
  environment: string,
  user: string,
): string => {
  const feature = features.find((each) => each.name === name);
  const at = states[environment]?.[feature?.id ?? -1]?.environment_default;
  if (feature === undefined || at === undefined) return "";
  const own = identities[environment]?.find((each) => each.identifier === user && each.feature === feature.id);
  if (own !== undefined) return own.value;
  const bucket = percentageOf([String(feature.id), `${environment}_${user}`]);
  let sum = 0;
  for (const { id, weight } of at.variants) {
    sum += weight;
    if (bucket < sum) return feature.options.find((each) => each.id === id)?.value ?? "";
  }
  return at.value?.value ?? "";
};

const featureState = (feature: FsFeature, served: FsServed, extra: object = {}): object => ({
  feature: { id: feature.id, name: feature.name, type: feature.type },
  enabled: served.enabled,
  feature_state_value: served.value?.value ?? null,
  featurestate_uuid: `00000000-0000-4000-8000-0000000000${String(feature.id).padStart(2, "0")}`,
  django_id: feature.id,
  multivariate_feature_state_values: served.variants.map(({ id, weight }, index) => ({
    id: 900 + index,
    mv_fs_value_uuid: `00000000-0000-4000-9000-0000000000${id}`,
    percentage_allocation: weight,
    multivariate_feature_option: { id, value: feature.options.find((each) => each.id === id)?.value },
  })),
  ...extra,
});

/** What SDKs that evaluate locally are sent of one environment. */
export const fsEnvironmentDocument = (
  { features, states, segments, identities }: FsWorld,
  environment: string,
): object => {
  const served = features.flatMap((feature) => {
    const at = states[environment]?.[feature.id];
    return at === undefined ? [] : [{ feature, at }];
  });
  return {
    id: 1,
    api_key: environment,
    name: environment,
    project: {
      id: 1,
      name: "support",
      hide_disabled_flags: false,
      organisation: { id: 1, name: "o", feature_analytics: false, persist_trait_data: true, stop_serving_flags: false },
      segments: segments.map(({ id, name, trait, value }) => ({
        id,
        name,
        rules: [{ type: "ALL", rules: [], conditions: [{ operator: "EQUAL", property_: trait, value }] }],
        feature_states: served.flatMap(({ feature, at }) =>
          at.segment_overrides
            .filter(({ segment }) => segment.id === id)
            .map(({ priority, ...own }) => featureState(feature, own, { feature_segment: { priority } })),
        ),
      })),
    },
    feature_states: served.map(({ feature, at }) => featureState(feature, at.environment_default)),
    identity_overrides: (identities[environment] ?? []).flatMap((own) => {
      const feature = features.find(({ id }) => id === own.feature);
      if (feature === undefined) return [];
      const value = { type: "string" as const, value: own.value };
      return [
        {
          identifier: own.identifier,
          identity_uuid: "00000000-0000-4000-8000-000000000abc",
          created_date: "2026-11-01T00:00:00Z",
          environment_api_key: environment,
          identity_features: [featureState(feature, { enabled: own.enabled, value, variants: [] })],
          identity_traits: [],
        },
      ];
    }),
  };
};
