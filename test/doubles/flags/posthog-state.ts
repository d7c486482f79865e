import { createHash } from "node:crypto";

/** One release condition. */
export interface PhCondition {
  properties: { key: string; type: "person"; value: string[]; operator: "exact" }[];
  rollout_percentage: number | null;
  variant?: string | null;
  description?: string;
}

/** A flag as the API shows it. */
export interface PhFlag {
  id: number;
  key: string;
  name: string;
  active: boolean;
  deleted: boolean;
  version: number;
  can_edit: boolean;
  tags: string[];
  ensure_experience_continuity: boolean;
  experiment_set: number[];
  updated_at: string;
  filters: {
    groups: PhCondition[];
    multivariate: { variants: { key: string; name: string; rollout_percentage: number }[] } | null;
    payloads: Record<string, string>;
    super_groups?: object[];
    holdout?: { id: number; exclusion_percentage: number } | null;
  };
}

/** One project. */
export interface PhWorld {
  readonly flags: PhFlag[];
  readonly scheduled: { record_id: number; scheduled_at: string; payload: { operation: string; value: boolean } }[];
}

const flag = (id: number, key: string, filters: PhFlag["filters"]): PhFlag => ({
  id,
  key,
  name: key,
  active: true,
  deleted: false,
  version: 3,
  can_edit: true,
  tags: ["llm"],
  ensure_experience_continuity: false,
  experiment_set: [],
  updated_at: "2026-11-01T00:00:00Z",
  filters,
});

const held = (plan: string): PhCondition["properties"] => [
  { key: "plan", type: "person", value: [plan], operator: "exact" },
];

/** A flag that lets nobody in to the candidate, with everything around it that must not be touched; and others. */
export const phWorld = (): PhWorld => ({
  flags: [
    flag(11, "support-model", {
      groups: [
        { properties: held("regulated"), rollout_percentage: 100, variant: "control", description: "stay" },
        { properties: [], rollout_percentage: 0, variant: "test" },
      ],
      multivariate: {
        variants: [
          { key: "control", name: "Old", rollout_percentage: 60 },
          { key: "test", name: "New", rollout_percentage: 40 },
        ],
      },
      payloads: { control: '{"model":"old"}', test: '{"model":"new"}' },
    }),
    flag(12, "support-model-v2", {
      groups: [{ properties: [], rollout_percentage: 100 }],
      multivariate: null,
      payloads: {},
    }),
    flag(13, "bot", { groups: [{ properties: [], rollout_percentage: 30 }], multivariate: null, payloads: {} }),
  ],
  scheduled: [
    { record_id: 11, scheduled_at: "2027-01-01T00:00:00Z", payload: { operation: "update_status", value: false } },
  ],
});

const hashOf = (key: string, user: string, salt: string): number =>
  Number.parseInt(createHash("sha1").update(`${key}.${user}${salt}`).digest("hex").slice(0, 15), 16) / 2 ** 60;

/** What a user without properties gets, as PostHog's SDKs evaluate: a variant's key, true, or false. */
export const phServes = ({ flags }: PhWorld, key: string, user: string): string | boolean => {
  const found = flags.find((each) => each.key === key && !each.deleted);
  if (found === undefined || !found.active) return false;
  const { groups, multivariate } = found.filters;
  const condition = groups.find(
    ({ properties, rollout_percentage: percent }) =>
      properties.length === 0 && hashOf(key, user, "") <= (percent ?? 100) / 100,
  );
  if (condition === undefined) return false;
  const variants = multivariate?.variants ?? [];
  if (variants.length === 0) return true;
  if (variants.some((each) => each.key === condition.variant)) return condition.variant ?? false;
  const bucket = hashOf(key, user, "variant");
  let sum = 0;
  for (const each of variants) {
    sum += each.rollout_percentage / 100;
    if (bucket < sum) return each.key;
  }
  return false;
};
