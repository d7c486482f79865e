import { createHash } from "node:crypto";

/** One condition of a rule; the double evaluates `public` and `user_id`. */
export interface SgCondition {
  type: string;
  targetValue?: string[];
  operator?: string;
  field?: string;
}

/** One rule of a gate. */
export interface SgRule {
  id: string;
  baseID: string;
  name: string;
  passPercentage: number;
  conditions: SgCondition[];
  environments: string[] | null;
  pendingAutomatedRollouts?: { time: number; passPercent: number }[];
}

/** Ids that pass or fail whatever the rules say. */
export interface SgOverrides {
  passingUserIDs: string[];
  failingUserIDs: string[];
  passingCustomIDs: string[];
  failingCustomIDs: string[];
  environmentOverrides: { environment: string | null; unitID: string; passingIDs: string[]; failingIDs: string[] }[];
}

/** A gate as the Console API shows it. */
export interface SgGate {
  id: string;
  name: string;
  description: string;
  idType: "userID";
  isEnabled: boolean;
  status: "In Progress" | "Launched" | "Disabled" | "Archived";
  lastModifiedTime: number;
  lastModifierName: string;
  holdoutIDs: string[];
  tags: string[];
  targetApps: string[];
  type: "TEMPORARY" | "PERMANENT";
  rules: SgRule[];
  reviewSettings: { requiredReview: boolean; allowedReviewers: string[] };
}

/** One project. */
export interface SgWorld {
  readonly gates: Record<string, SgGate>;
  readonly overrides: Record<string, SgOverrides>;
}

/** A rule, for everybody in production unless it says otherwise. */
export const sgRule = (name: string, overrides: Partial<SgRule> = {}): SgRule => {
  const percent = overrides.passPercentage ?? 0;
  return {
    id: `${name}:${percent.toFixed(2)}:1`,
    baseID: name,
    name,
    passPercentage: 0,
    conditions: [{ type: "public" }],
    environments: ["production"],
    ...overrides,
  };
};

const gate = (id: string, rules: SgRule[]): SgGate => ({
  id,
  name: id,
  description: "",
  idType: "userID",
  isEnabled: true,
  status: "In Progress",
  lastModifiedTime: 1_705_626_260_086,
  lastModifierName: "ana",
  holdoutIDs: [],
  tags: ["* Core"],
  targetApps: ["support"],
  type: "TEMPORARY",
  rules,
  reviewSettings: { requiredReview: false, allowedReviewers: [] },
});

const nobody = (): SgOverrides => ({
  passingUserIDs: [],
  failingUserIDs: [],
  passingCustomIDs: [],
  failingCustomIDs: [],
  environmentOverrides: [],
});

/** A gate that passes nobody in production, with everything around it that must not be touched; and another one. */
export const sgWorld = (): SgWorld => ({
  gates: {
    "support-model": {
      ...gate("support-model", [
        sgRule("regulated", {
          conditions: [{ type: "custom_field", field: "plan", operator: "any", targetValue: ["regulated"] }],
        }),
        sgRule("needs-bot", { conditions: [{ type: "fails_gate", targetValue: ["bot-enabled"] }] }),
        sgRule("everyone"),
        sgRule("developers", {
          passPercentage: 100,
          environments: ["development"],
          pendingAutomatedRollouts: [{ time: 1_800_000_000_000, passPercent: 50 }],
        }),
      ]),
      holdoutIDs: ["holdout-q4"],
    },
    "bot-enabled": gate("bot-enabled", [sgRule("all", { passPercentage: 100, environments: null })]),
  },
  overrides: {
    "support-model": {
      ...nobody(),
      failingUserIDs: ["user-held-back"],
      environmentOverrides: [{ environment: "development", unitID: "userID", passingIDs: ["dev-1"], failingIDs: [] }],
    },
    "bot-enabled": nobody(),
  },
});

const bucketOf = (salt: string, rule: string, user: string): number => {
  const digest = createHash("sha256").update(`${salt}.${rule}.${user}`).digest();
  return Number(digest.readBigUInt64BE(0) % 10_000n);
};

const matches = (world: SgWorld, { type, targetValue = [] }: SgCondition, tier: string, user: string): boolean => {
  if (type === "public") return true;
  if (type === "user_id") return targetValue.includes(user);
  if (type === "fails_gate") return !sgPasses(world, targetValue[0] ?? "", tier, user);
  return false;
};

/** Whether a user without further attributes passes, as Statsig's SDKs evaluate. */
export const sgPasses = (world: SgWorld, id: string, tier: string, user: string): boolean => {
  const [found, own] = [world.gates[id], world.overrides[id]];
  if (found === undefined || !found.isEnabled || found.status === "Archived") return false;
  const tiers = (own?.environmentOverrides ?? []).filter(
    ({ environment }) => environment === null || environment === tier,
  );
  if ([...(own?.failingUserIDs ?? []), ...tiers.flatMap(({ failingIDs }) => failingIDs)].includes(user)) return false;
  if ([...(own?.passingUserIDs ?? []), ...tiers.flatMap(({ passingIDs }) => passingIDs)].includes(user)) return true;
  if (found.status === "Launched") return true;
  const rule = found.rules.find(
    ({ environments, conditions }) =>
      (environments === null || environments.includes(tier)) &&
      conditions.every((each) => matches(world, each, tier, user)),
  );
  if (rule === undefined) return false;
  return bucketOf(id, rule.baseID, user) < rule.passPercentage * 100;
};

const sdkCondition = ({ type, targetValue, operator, field }: SgCondition): object => ({
  type:
    type === "custom_field"
      ? "user_field"
      : type === "user_id"
        ? "unit_id"
        : type === "fails_gate"
          ? "fail_gate"
          : type,
  targetValue: type === "fails_gate" ? targetValue?.[0] : (targetValue ?? null),
  operator: operator ?? (type === "user_id" ? "any" : null),
  field: field ?? null,
  additionalValues: {},
  isDeviceBased: false,
  idType: "userID",
});

const sdkRule = (
  rule: Pick<SgRule, "baseID" | "id" | "name" | "passPercentage" | "conditions" | "environments">,
): object => ({
  name: rule.id,
  groupName: rule.name,
  id: rule.id,
  salt: rule.baseID,
  passPercentage: rule.passPercentage,
  returnValue: true,
  isDeviceBased: false,
  idType: "userID",
  conditions: [
    ...rule.conditions.map(sdkCondition),
    ...(rule.environments === null
      ? []
      : [
          {
            ...sdkCondition({
              type: "environment_field",
              field: "tier",
              operator: "any",
              targetValue: rule.environments,
            }),
          },
        ]),
  ],
});

const overrideRules = ({ failingUserIDs, passingUserIDs }: SgOverrides): object[] =>
  [
    { name: "fail list", passPercentage: 0, ids: failingUserIDs },
    { name: "pass list", passPercentage: 100, ids: passingUserIDs },
  ]
    .filter(({ ids }) => ids.length > 0)
    .map(({ name, passPercentage, ids }) => {
      const conditions = [{ type: "user_id", operator: "any", targetValue: ids }];
      return sdkRule({ id: name, baseID: name, name, passPercentage, conditions, environments: null });
    });

/** What server SDKs are sent. */
export const sgSpecs = ({ gates, overrides }: SgWorld, time: number): object => ({
  has_updates: true,
  time,
  dynamic_configs: [],
  layer_configs: [],
  feature_gates: Object.values(gates)
    .filter(({ status }) => status !== "Archived")
    .map(({ id, isEnabled, rules }) => ({
      name: id,
      type: "feature_gate",
      entity: "feature_gate",
      salt: id,
      enabled: isEnabled,
      defaultValue: false,
      idType: "userID",
      rules: [...overrideRules(overrides[id] ?? nobody()), ...rules.map(sdkRule)],
    })),
});
