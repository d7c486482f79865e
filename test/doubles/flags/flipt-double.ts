import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

/** A rollout of a boolean flag: for a part of all entities, or for segments. */
export type FliptRollout =
  | {
      readonly type: "THRESHOLD_ROLLOUT_TYPE";
      readonly description?: string | undefined;
      readonly threshold: { readonly percentage: number; readonly value: boolean };
    }
  | {
      readonly type: "SEGMENT_ROLLOUT_TYPE";
      readonly description?: string | undefined;
      readonly segment: {
        readonly value: boolean;
        readonly segments: readonly string[];
        readonly segmentOperator: "OR_SEGMENT_OPERATOR" | "AND_SEGMENT_OPERATOR";
      };
    };

/** A flag, as `flipt.core.Flag` has it. */
export interface FliptFlag {
  readonly "@type": "flipt.core.Flag";
  readonly key: string;
  readonly type: "BOOLEAN_FLAG_TYPE" | "VARIANT_FLAG_TYPE";
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly variants: readonly unknown[];
  readonly rules: readonly unknown[];
  readonly rollouts: readonly FliptRollout[];
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

const description = z.string().optional();
const percentage = z.number().min(0).max(100);

const rollout = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("THRESHOLD_ROLLOUT_TYPE"),
    description,
    threshold: z.strictObject({ percentage, value: z.boolean() }),
  }),
  z.strictObject({
    type: z.literal("SEGMENT_ROLLOUT_TYPE"),
    description,
    segment: z.strictObject({
      value: z.boolean(),
      segments: z.array(z.string()).min(1),
      segmentOperator: z.enum(["OR_SEGMENT_OPERATOR", "AND_SEGMENT_OPERATOR"]),
    }),
  }),
]);

const flagSchema: z.ZodType<FliptFlag> = z.strictObject({
  "@type": z.literal("flipt.core.Flag"),
  key: z.string().min(1),
  type: z.enum(["BOOLEAN_FLAG_TYPE", "VARIANT_FLAG_TYPE"]),
  name: z.string().min(1),
  description: z.string(),
  enabled: z.boolean(),
  variants: z.array(z.unknown()),
  rules: z.array(z.unknown()),
  rollouts: z.array(rollout),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

const putSchema = z.strictObject({ key: z.string(), revision: z.string().optional(), payload: flagSchema });

/** Flipt v2: an environment is a git branch, whose head is the revision of all its flags. */
export interface FliptDouble extends VendorDouble {
  readonly token: string;
  /** Flags by `namespace/key`, by environment. */
  readonly environments: Map<string, Map<string, FliptFlag>>;
  readonly head: (environment: string) => string;
  /** As the UI does it, or a commit to the repository. */
  readonly edit: (environment: string, name: string, change: (flag: FliptFlag) => FliptFlag) => void;
}

const error = (status: number, code: number): VendorDoubleReply => ({
  status,
  body: { code, message: "refused", details: [] },
});

/** What clients that evaluate themselves fetch. */
const snapshotOf = (namespace: string, flags: ReadonlyMap<string, FliptFlag>): unknown => ({
  namespace: { key: namespace },
  flags: [...flags]
    .filter(([name]) => name.startsWith(`${namespace}/`))
    .map(([, { "@type": _, ...flag }]) => ({
      ...flag,
      rollouts: flag.rollouts.map((each, i) => ({ ...each, rank: i + 1 })),
    })),
});

/** Starts it, without any environment. */
export const startFliptDouble = async (): Promise<FliptDouble> => {
  const token = "flipt-client-token-1234";
  const environments: FliptDouble["environments"] = new Map();
  const heads = new Map<string, string>();
  const head = (environment: string): string => heads.get(environment) ?? "0".repeat(40);

  const commit = (environment: string, name: string, flag: FliptFlag): void => {
    environments.get(environment)?.set(name, flag);
    heads.set(environment, randomBytes(20).toString("hex"));
  };

  const put = (environment: string, namespace: string, body: unknown): VendorDoubleReply => {
    const parsed = putSchema.safeParse(body);
    if (!parsed.success || parsed.data.key !== parsed.data.payload.key) return error(400, 3);
    const { key, revision, payload } = parsed.data;
    const before = environments.get(environment)?.get(`${namespace}/${key}`);
    if (before === undefined) return error(404, 5);
    if (revision !== undefined && revision !== head(environment)) return error(409, 10);
    // a commit that changes nothing is refused
    if (isDeepStrictEqual(before, payload)) return error(400, 3);
    commit(environment, `${namespace}/${key}`, payload);
    return { status: 200, body: { resource: { namespaceKey: namespace, key, payload }, revision: head(environment) } };
  };

  const handle = ({ method, path, headers, body }: VendorDoubleRequest): VendorDoubleReply => {
    if (headers.authorization !== `Bearer ${token}`) return error(401, 16);
    const [, namespaceOfSnapshot] = /^\/internal\/v1\/evaluation\/snapshot\/namespace\/([^/]+)$/.exec(path) ?? [];
    if (namespaceOfSnapshot !== undefined) {
      const environment = headers["x-flipt-environment"] ?? "default";
      return { status: 200, body: snapshotOf(namespaceOfSnapshot, environments.get(environment) ?? new Map()) };
    }
    const [, environment = "", namespace = "", key] =
      /^\/api\/v2\/environments\/([^/]+)\/namespaces\/([^/]+)\/resources(?:\/flipt\.core\.Flag\/([^/]+))?$/.exec(
        path,
      ) ?? [];
    if (!environments.has(environment)) return error(404, 5);
    if (method === "PUT" && key === undefined) return put(environment, namespace, body);
    const payload = environments.get(environment)?.get(`${namespace}/${key}`);
    if (method !== "GET") return error(405, 12);
    if (payload === undefined) return error(404, 5);
    return { status: 200, body: { resource: { namespaceKey: namespace, key, payload }, revision: head(environment) } };
  };

  const double = await startVendorDouble({
    handle,
    keep: () => {
      const [kept, keptHeads] = [[...environments].map(([name, flags]) => [name, new Map(flags)] as const), [...heads]];
      return () => {
        for (const [name, flags] of kept) environments.set(name, flags);
        for (const [name, revision] of keptHeads) heads.set(name, revision);
      };
    },
  });
  return {
    ...double,
    token,
    environments,
    head,
    edit: (environment, name, change) => {
      const flag = environments.get(environment)?.get(name);
      if (flag === undefined) throw new Error(`no flag ${name}`);
      commit(environment, name, flagSchema.parse(change(flag)));
    },
  };
};
