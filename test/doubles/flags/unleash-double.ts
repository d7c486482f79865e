import { isDeepStrictEqual } from "node:util";
import { murmurHash } from "./murmur-hash.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

/** A variant of a strategy. */
export interface DoubleVariant {
  readonly name: string;
  readonly weight: number;
  readonly weightType: "variable" | "fix";
  readonly stickiness: string;
  readonly payload?: { readonly type: string; readonly value: string };
  readonly overrides?: readonly object[];
}

/** An activation strategy, as Unleash stores it. */
export interface DoubleStrategy {
  id: string;
  name: string;
  title: string | null;
  disabled: boolean;
  sortOrder: number;
  parameters: Record<string, string>;
  constraints: object[];
  segments: number[];
  variants: DoubleVariant[];
}

/** A flag in one environment. */
export interface DoubleEnvironment {
  enabled: boolean;
  strategies: DoubleStrategy[];
  variants: DoubleVariant[];
}

/** A flag. */
export interface DoubleFeature {
  stale: boolean;
  archived: boolean;
  impressionData: boolean;
  dependencies: { feature: string; enabled: boolean; variants: string[] }[];
  environments: Record<string, DoubleEnvironment>;
}

/** Fields of a context beside the user's id. */
export type DoubleContext = Readonly<Record<string, string>>;

/** Unleash's admin API over flags in memory. */
export interface UnleashDouble extends VendorDouble {
  /** The flags of project `default`; a test changes them as a person would. */
  readonly features: Map<string, DoubleFeature>;
  /** Permissions of the token; ADMIN by default. */
  readonly permit: (permissions: readonly { permission: string; project?: string; environment?: string }[]) => void;
  /** Change requests are on: direct writes are refused. */
  readonly askForChanges: (on: boolean) => void;
  /** Share of 2,000 users who get the variant named `canary`, as Unleash's SDKs evaluate the flag; `context`: what all of them have. */
  readonly served: (flag: string, environment: string, context?: DoubleContext) => number;
}

/** The token that the double takes; `backend-token` is one for SDKs. */
export const UNLEASH_TOKEN = "*:*.unleash-admin-secret";

const error = (status: number, name: string, message: string): VendorDoubleReply => ({
  status,
  body: { id: "a1", name, message, details: [{ message }] },
});

interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

const isPatch = (body: unknown): body is readonly PatchOperation[] =>
  Array.isArray(body) &&
  body.length > 0 &&
  body.every(
    (each) =>
      typeof each === "object" &&
      each !== null &&
      Object.keys(each).every((key) => ["op", "path", "value"].includes(key)) &&
      ["test", "replace"].includes(each.op) &&
      typeof each.path === "string" &&
      "value" in each,
  );

const at = (root: unknown, path: readonly string[]): unknown =>
  path.reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], root);

/** The strategy with the patch applied, or the path whose test failed or that is not there. */
const patched = (strategy: DoubleStrategy, patch: readonly PatchOperation[]): DoubleStrategy | string => {
  const next = structuredClone(strategy);
  for (const { op, path, value } of patch) {
    const keys = path.split("/").slice(1);
    const [last = "", parent] = [keys.at(-1), at(next, keys.slice(0, -1))];
    if (typeof parent !== "object" || parent === null || !(last in parent)) return path;
    if (op === "test" && !isDeepStrictEqual(at(next, keys), value)) return path;
    if (op === "replace") Object.assign(parent, { [last]: value });
  }
  next.parameters = Object.fromEntries(Object.entries(next.parameters).map(([key, value]) => [key, String(value)]));
  return next;
};

const publicFeature = (name: string, feature: DoubleFeature): object => ({
  name,
  type: "release",
  project: "default",
  stale: feature.stale,
  archived: feature.archived,
  impressionData: feature.impressionData,
  createdAt: "2026-11-30T01:46:30.503Z",
  dependencies: feature.dependencies,
  children: [],
  environments: Object.entries(feature.environments).map(([each, environment]) => ({
    name: each,
    type: each,
    lastSeenAt: null,
    ...environment,
  })),
});

const bucket = (strategy: DoubleStrategy, user: string): number =>
  (murmurHash(`${strategy.parameters.groupId}:${user}`, 0) % 100) + 1;

const isConstraint = (value: object): boolean =>
  "contextName" in value &&
  typeof value.contextName === "string" &&
  "operator" in value &&
  ["IN", "NOT_IN"].includes(String(value.operator)) &&
  (!("values" in value) || (Array.isArray(value.values) && value.values.every((each) => typeof each === "string")));

interface DoubleConstraint {
  readonly contextName: string;
  readonly operator: string;
  readonly values?: readonly string[];
  readonly inverted?: boolean;
  readonly caseInsensitive?: boolean;
}

/** As SDKs do: empty values count for nothing, blanks around a value are cut, and who has no value is in no list. */
const holds = ({ contextName, operator, values = [], ...rest }: DoubleConstraint, context: DoubleContext): boolean => {
  if (rest.caseInsensitive === true) throw new Error("the double knows no constraint without case");
  const listed = values.filter((value) => value !== "").map((value) => value.trim());
  const isIn = listed.some((value) => value === context[contextName]);
  if (operator !== "IN" && operator !== "NOT_IN") throw new Error(`the double knows no operator ${operator}`);
  return ((operator === "IN") === isIn) !== (rest.inverted === true);
};

const letsIn = (strategy: DoubleStrategy, user: string, context: DoubleContext): boolean => {
  if (strategy.disabled || strategy.segments.length > 0) return false;
  if (!strategy.constraints.every((each) => holds(each as DoubleConstraint, context))) return false;
  if (strategy.name === "default") return true;
  return strategy.name === "flexibleRollout" && bucket(strategy, user) <= Number(strategy.parameters.rollout);
};

const variantFor = ({ variants, parameters }: DoubleStrategy, user: string): string => {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  let left = (murmurHash(`${parameters.groupId}:${user}`, 86_028_157) % total) + 1;
  for (const { name, weight } of variants) {
    left -= weight;
    if (left <= 0) return name;
  }
  return "disabled";
};

const PATH =
  /^\/api\/admin\/projects\/([^/]+)\/features\/([^/]+)(?:\/environments\/([^/]+)\/(on|off|strategies\/([^/]+)))?$/;

/** Starts it with no flags. */
export const startUnleashDouble = async (): Promise<UnleashDouble> => {
  const features = new Map<string, DoubleFeature>();
  let permissions: readonly object[] = [{ permission: "ADMIN" }];
  let asked = false;

  const write = (
    { method, body }: VendorDoubleRequest,
    environment: DoubleEnvironment,
    action: string,
    id: string | undefined,
  ): VendorDoubleReply => {
    if (asked)
      return error(403, "PermissionError", 'To perform this action, you need the "SKIP_CHANGE_REQUEST" permission.');
    if (method === "POST" && (action === "on" || action === "off")) {
      if (body !== undefined) return error(400, "BadDataError", "no body is taken");
      environment.enabled = action === "on";
      return { status: 200 };
    }
    if (method !== "PATCH" || id === undefined) return error(404, "NotFoundError", "no such path");
    if (!isPatch(body)) return error(400, "BadDataError", "The `/body` property must be array.");
    const index = environment.strategies.findIndex((each) => each.id === id);
    const strategy = environment.strategies[index];
    if (strategy === undefined) return error(404, "NotFoundError", `Could not find strategy with id: ${id}`);
    const next = patched(strategy, body);
    if (typeof next !== "string" && !next.constraints.every(isConstraint))
      return error(
        400,
        "ValidationError",
        "Request validation failed: your request body or params contain invalid data.",
      );
    if (typeof next === "string")
      return error(500, "UnknownError", `Test operation failed\nname: TEST_OPERATION_FAILED\nindex: 0\n${next}`);
    environment.strategies[index] = next;
    return { status: 200, body: next };
  };

  const handle = (request: VendorDoubleRequest): VendorDoubleReply => {
    const { method, path, headers } = request;
    if (headers.authorization === "backend-token")
      return { status: 403, body: { message: "invalid token: expected a different token type for this endpoint" } };
    if (headers.authorization !== UNLEASH_TOKEN)
      return error(401, "UnauthorizedError", "You must log in to use Unleash.");
    if (method === "GET" && path === "/api/admin/user") return { status: 200, body: { user: {}, permissions } };
    const [, project, name = "", place, action, id] = PATH.exec(path) ?? [];
    if (project !== "default") return error(404, "NotFoundError", `There's no feature named "${name}" in this project`);
    const feature = features.get(name);
    if (feature === undefined) return error(404, "NotFoundError", `There's no feature named "${name}"`);
    if (feature.archived && method === "GET") return error(404, "NotFoundError", `Could not find feature flag ${name}`);
    if (place === undefined || action === undefined)
      return method === "GET"
        ? { status: 200, body: publicFeature(name, feature) }
        : error(404, "NotFoundError", "no such path");
    const environment = feature.environments[place];
    if (environment === undefined) return error(404, "NotFoundError", `Could not find environment ${place}`);
    if (feature.archived)
      return error(400, "ArchivedFeatureError", "Cannot perform this operation on archived features");
    return write(request, environment, action, id);
  };

  const double = await startVendorDouble({
    handle,
    keep: () => {
      const kept = structuredClone([...features]);
      return () => {
        features.clear();
        for (const [name, feature] of kept) features.set(name, feature);
      };
    },
  });
  return {
    ...double,
    features,
    permit: (next) => {
      permissions = next;
    },
    askForChanges: (on) => {
      asked = on;
    },
    served: (flag, place, context = {}) => {
      const environment = features.get(flag)?.environments[place];
      if (environment?.enabled !== true) return 0;
      const order = environment.strategies.toSorted((a, b) => a.sortOrder - b.sortOrder);
      const users = Array.from({ length: 2_000 }, (_, i) => `user-${i}`);
      const canary = users.filter((user) => {
        const strategy = order.find((each) => letsIn(each, user, { ...context, userId: user }));
        return strategy !== undefined && strategy.variants.length > 0 && variantFor(strategy, user) === "canary";
      });
      return canary.length / users.length;
    },
  };
};
