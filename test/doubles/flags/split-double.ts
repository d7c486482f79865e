import { z } from "zod";
import { applyJsonPatch, jsonPatchSchema } from "./json-patch.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

/** A part of those that get as far, in whole percents. */
export interface SplitBucket {
  readonly treatment: string;
  readonly size: number;
}

/** A feature flag's definition in one environment, as Split's Admin API has it. */
export interface SplitDefinition {
  readonly name: string;
  readonly killed: boolean;
  readonly treatments: readonly {
    readonly name: string;
    readonly configurations?: string | undefined;
    readonly keys?: readonly string[] | undefined;
    readonly segments?: readonly string[] | undefined;
  }[];
  readonly defaultTreatment: string;
  readonly trafficAllocation: number;
  readonly rules: readonly {
    readonly buckets: readonly SplitBucket[];
    readonly condition: {
      readonly combiner: "AND";
      readonly matchers: readonly {
        readonly type: "IN_LIST_STRING";
        readonly attribute: string;
        readonly strings: readonly string[];
      }[];
    };
  }[];
  readonly defaultRule: readonly SplitBucket[];
  readonly creationTime: number;
  readonly lastUpdateTime: number;
}

const buckets = z
  .array(z.strictObject({ treatment: z.string(), size: z.int().min(0).max(100) }))
  .min(1)
  .refine((all) => all.reduce((sum, { size }) => sum + size, 0) === 100);

const definitionSchema: z.ZodType<SplitDefinition> = z
  .strictObject({
    name: z.string(),
    killed: z.boolean(),
    treatments: z
      .array(
        z.strictObject({
          name: z.string(),
          configurations: z.string().optional(),
          keys: z.array(z.string()).optional(),
          segments: z.array(z.string()).optional(),
        }),
      )
      .min(2),
    defaultTreatment: z.string(),
    trafficAllocation: z.int().min(0).max(100),
    rules: z.array(
      z.strictObject({
        buckets,
        condition: z.strictObject({
          combiner: z.literal("AND"),
          matchers: z.array(
            z.strictObject({ type: z.literal("IN_LIST_STRING"), attribute: z.string(), strings: z.array(z.string()) }),
          ),
        }),
      }),
    ),
    defaultRule: buckets,
    creationTime: z.number(),
    lastUpdateTime: z.number(),
  })
  .refine(({ treatments, defaultTreatment, defaultRule, rules }) => {
    const names = treatments.map(({ name }) => name);
    const used = [
      defaultTreatment,
      ...[...defaultRule, ...rules.flatMap((rule) => rule.buckets)].map(({ treatment }) => treatment),
    ];
    return used.every((name) => names.includes(name));
  });

/** Split's Admin API (v2) and what its SDKs fetch. */
export interface SplitDouble extends VendorDouble {
  readonly token: string;
  readonly sdkKey: string;
  /** Definitions by flag, by environment; the SDK key is that of `Production`. */
  readonly environments: Map<string, Map<string, SplitDefinition>>;
  /** As the console does it. */
  readonly edit: (environment: string, flag: string, change: (definition: SplitDefinition) => SplitDefinition) => void;
  /** Requests left until 429 is answered; null = none are counted. */
  readonly limit: (remaining: number | null) => void;
}

/** What the SDKs deal the users of every flag by. */
export const SPLIT_SEED: number = -725_161_385;

const matcher = (matcherType: string, more: object = {}) => ({
  keySelector: { trafficType: "user", attribute: null },
  matcherType,
  negate: false,
  userDefinedSegmentMatcherData: null,
  whitelistMatcherData: null,
  ...more,
});

const condition = (
  conditionType: string,
  matchers: readonly unknown[],
  partitions: readonly SplitBucket[],
  label: string,
) => ({
  conditionType,
  matcherGroup: { combiner: "AND", matchers },
  partitions,
  label,
});

/** The definition as SDKs know it: keys first, then the rules, then everybody. */
const sdkSplit = (definition: SplitDefinition): unknown => ({
  trafficTypeName: "user",
  name: definition.name,
  trafficAllocation: definition.trafficAllocation,
  trafficAllocationSeed: 1_012_950_810,
  seed: SPLIT_SEED,
  status: "ACTIVE",
  killed: definition.killed,
  defaultTreatment: definition.defaultTreatment,
  changeNumber: definition.lastUpdateTime,
  algo: 2,
  configurations: {},
  sets: [],
  conditions: [
    ...definition.treatments
      .filter(({ keys }) => (keys ?? []).length > 0)
      .map(({ name, keys }) =>
        condition(
          "WHITELIST",
          [matcher("WHITELIST", { whitelistMatcherData: { whitelist: keys } })],
          [{ treatment: name, size: 100 }],
          "whitelisted",
        ),
      ),
    ...definition.rules.map(({ buckets: partitions, condition: { matchers } }) =>
      condition(
        "ROLLOUT",
        matchers.map(({ attribute, strings }) =>
          matcher("WHITELIST", {
            keySelector: { trafficType: "user", attribute },
            whitelistMatcherData: { whitelist: strings },
          }),
        ),
        partitions,
        "in list",
      ),
    ),
    condition("ROLLOUT", [matcher("ALL_KEYS")], definition.defaultRule, "default rule"),
  ],
});

const NOTHING_MORE = { d: [], s: -1, t: -1 };

/** Starts it, without any environment. */
export const startSplitDouble = async (): Promise<SplitDouble> => {
  const [token, sdkKey] = ["admin-api-key-1234", "sdk-key-of-production-5678"];
  const environments: SplitDouble["environments"] = new Map();
  let left: number | null = null;
  let clock = 1_795_996_800_000;

  const set = (environment: string, definition: SplitDefinition): SplitDefinition => {
    clock += 1_000;
    const next = { ...definition, lastUpdateTime: clock };
    environments.get(environment)?.set(definition.name, next);
    return next;
  };

  const patch = (environment: string, definition: SplitDefinition, body: unknown): VendorDoubleReply => {
    const parsed = jsonPatchSchema.safeParse(body);
    if (!parsed.success) return { status: 400, body: { code: 400, message: "malformed patch" } };
    const applied = applyJsonPatch(definition, parsed.data);
    if ("failedAt" in applied) return { status: 400, body: { code: 400, message: "patch failed" } };
    const next = definitionSchema.safeParse(applied.document);
    if (!next.success) return { status: 400, body: { code: 400, message: "invalid definition" } };
    return { status: 200, body: set(environment, next.data) };
  };

  const sdk = ({ path, headers }: VendorDoubleRequest): VendorDoubleReply | null => {
    if (headers.authorization !== `Bearer ${sdkKey}` || !path.endsWith("/splitChanges")) return null;
    const d = [...(environments.get("Production")?.values() ?? [])].map(sdkSplit);
    return { status: 200, body: { ff: { d, s: -1, t: clock }, rbs: NOTHING_MORE } };
  };

  const admin = ({ method, path, headers, body }: VendorDoubleRequest): VendorDoubleReply => {
    if (headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { code: 401, message: "unauthorized" } };
    const [, flag = "", environment = ""] =
      /^\/internal\/api\/v2\/splits\/ws\/ws-1\/([^/]+)\/environments\/([^/]+)$/.exec(path) ?? [];
    const definition = environments.get(environment)?.get(flag);
    if (definition === undefined) return { status: 404, body: { code: 404, message: "not found" } };
    if (method === "GET") return { status: 200, body: definition };
    return method === "PATCH" ? patch(environment, definition, body) : { status: 405 };
  };

  const limited: VendorDoubleReply = {
    status: 429,
    headers: {
      "x-ratelimit-remaining-org": "0",
      "x-ratelimit-remaining-ip": "3",
      "x-ratelimit-reset-seconds-org": "17",
      "x-ratelimit-reset-seconds-ip": "4",
    },
  };

  const double = await startVendorDouble({
    handle: (request) => {
      const forSdk = sdk(request);
      if (forSdk !== null) return forSdk;
      if (left !== null && left <= 0) return limited;
      if (left !== null) left -= 1;
      return admin(request);
    },
    keep: () => {
      const kept = [...environments].map(([name, flags]) => [name, new Map(flags)] as const);
      return () => {
        for (const [name, flags] of kept) environments.set(name, flags);
      };
    },
  });
  return {
    ...double,
    token,
    sdkKey,
    environments,
    edit: (environment, flag, change) => {
      const definition = environments.get(environment)?.get(flag);
      if (definition === undefined) throw new Error(`no flag ${flag}`);
      set(environment, definitionSchema.parse(change(definition)));
    },
    limit: (remaining) => {
      left = remaining;
    },
  };
};
