import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type CallLimit, callLimit } from "./call-limit.ts";
import {
  type FsFeature,
  type FsServed,
  type FsState,
  type FsWorld,
  fsEnvironmentDocument,
  fsWorld,
} from "./flagsmith-state.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

const servedKeys = {
  enabled: z.boolean().optional(),
  value: z.strictObject({ type: z.enum(["string", "integer", "boolean"]), value: z.string() }).optional(),
  variants: z.array(z.strictObject({ id: z.int(), weight: z.number().min(0).max(100) })).optional(),
};
const patchSchema = z.strictObject({
  environment_default: z.strictObject(servedKeys).optional(),
  segment_overrides: z
    .array(
      z.strictObject({ segment: z.strictObject({ id: z.int() }), priority: z.int().min(0).optional(), ...servedKeys }),
    )
    .optional(),
});
type Change = { [key in keyof FsServed]?: FsServed[key] | undefined };

/** Flagsmith with one project, number 1. */
export interface FlagsmithDouble extends VendorDouble {
  readonly token: string;
  readonly readerToken: string;
  readonly serverKey: string;
  readonly world: () => FsWorld;
  /** The flag in production. */
  readonly state: () => FsState;
  readonly limit: CallLimit;
  readonly settings: { changeRequests: boolean };
  readonly restart: () => void;
  readonly writes: () => number;
}

const refuse = (status: number, body: object): VendorDoubleReply => ({ status, body });
const NOT_FOUND = refuse(404, { detail: "Not found." });

const problemWith = ({ variants }: Change, { type, options }: FsFeature): string | null => {
  if (variants === undefined) return null;
  if (type !== "MULTIVARIATE") return "Feature is not multivariate.";
  const ids = variants.map(({ id }) => id);
  if (ids.some((id) => !options.some((option) => option.id === id))) return "Variant not found.";
  if (options.some(({ id }) => !ids.includes(id))) return "Must include all feature's variants.";
  return variants.reduce((sum, { weight }) => sum + weight, 0) > 100 ? "Total weight must not exceed 100." : null;
};

const apply = (place: FsServed, { enabled, value, variants }: Change): void => {
  if (enabled !== undefined) place.enabled = enabled;
  if (value !== undefined) place.value = value;
  if (variants !== undefined) place.variants = structuredClone(variants);
};

/** Starts it. */
export const startFlagsmithDouble = async (now: () => number): Promise<FlagsmithDouble> => {
  const [token, readerToken, serverKey] = ["KkQ9aVfE.s3Cr3tPart", "RoQ9aVfE.r3ad0nly", "ser.7dVw3"];
  let [world, writes] = [fsWorld(), 0];
  const settings = { changeRequests: false };
  const limit = callLimit(500, 60_000, now);

  const patch = (feature: FsFeature, state: FsState, { body, headers }: VendorDoubleRequest): VendorDoubleReply => {
    if (headers.authorization === `Api-Key ${readerToken}`)
      return refuse(403, { detail: "You do not have permission to perform this action." });
    if (settings.changeRequests)
      return refuse(409, {
        detail: "Cannot update flags in an environment with change requests enabled.",
        code: "change_requests_enabled",
      });
    const parsed = patchSchema.safeParse(body);
    if (!parsed.success)
      return refuse(400, { [String(parsed.error.issues[0]?.path[0])]: [parsed.error.issues[0]?.message] });
    const { environment_default: everybody = {}, segment_overrides: segments = [] } = parsed.data;
    const problem = [everybody, ...segments].map((each) => problemWith(each, feature)).find((each) => each !== null);
    if (problem !== undefined) return refuse(400, { variants: [problem] });
    if (segments.some(({ segment }) => !world.segments.some(({ id }) => id === segment.id)))
      return refuse(400, { segment_overrides: ["Segment not found."] });
    const before = structuredClone(state);
    apply(state.environment_default, everybody);
    for (const { segment, priority = state.segment_overrides.length, ...own } of segments) {
      let place = state.segment_overrides.find((each) => each.segment.id === segment.id);
      if (place === undefined) {
        place = { ...structuredClone(state.environment_default), segment, priority };
        state.segment_overrides.push(place);
      }
      apply(place, own);
    }
    if (!isDeepStrictEqual(before, state)) writes += 1;
    return { status: 200, body: structuredClone(state) };
  };

  const features = (query: URLSearchParams): VendorDoubleReply => {
    const found = world.features.filter(({ name }) =>
      name.toLowerCase().includes((query.get("search") ?? "").toLowerCase()),
    );
    const results = found.map(({ options, ...rest }) => ({
      ...rest,
      multivariate_options: options.map(({ id, value }) => ({
        id,
        type: "unicode",
        string_value: value,
        integer_value: null,
        boolean_value: null,
        default_percentage_allocation: 0,
      })),
    }));
    return { status: 200, body: { count: results.length, next: null, previous: null, results } };
  };

  const identities = (environment: string, feature: number): VendorDoubleReply => {
    const own = (world.identities[environment] ?? []).filter((each) => each.feature === feature);
    const results = own.map(({ identifier, enabled, value, weights }) => ({
      identifier,
      identity_uuid: "00000000-0000-4000-8000-000000000abc",
      feature_state: {
        feature,
        enabled,
        feature_state_value: value,
        multivariate_feature_state_values: weights.map(({ option, weight }) => ({
          multivariate_feature_option: option,
          percentage_allocation: weight,
        })),
      },
    }));
    return { status: 200, body: { results } };
  };

  const handle = (request: VendorDoubleRequest): VendorDoubleReply => {
    const { method, path, query, headers } = request;
    if (path === "/api/v1/environment-document/")
      return headers["x-environment-key"] === serverKey
        ? { status: 200, body: fsEnvironmentDocument(world, "production") }
        : refuse(401, { detail: "Invalid or missing Environment Key" });
    if (![token, readerToken].some((each) => headers.authorization === `Api-Key ${each}`))
      return refuse(401, { detail: "Valid organisation API Key not found." });
    if (!limit.take()) return refuse(429, { detail: "Request was throttled." });
    if (method === "GET" && path === "/api/v1/projects/1/features/") return features(query);
    const [, environment = "", rest = ""] = /^\/api\/(?:v1|__future__)\/environments\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const states = Object.hasOwn(world.states, environment) ? world.states[environment] : undefined;
    if (states === undefined) return NOT_FOUND;
    if (method === "GET" && rest === "edge-identity-overrides")
      return identities(environment, Number(query.get("feature")));
    const id = Number(/^features\/(\d+)\/$/.exec(rest)?.[1]);
    const [feature, state] = [world.features.find((each) => each.id === id), states[id]];
    if (feature === undefined || state === undefined || !path.startsWith("/api/__future__/")) return NOT_FOUND;
    if (method === "GET") return { status: 200, body: structuredClone(state) };
    return method === "PATCH"
      ? patch(feature, state, request)
      : refuse(405, { detail: `Method "${method}" not allowed.` });
  };

  const double = await startVendorDouble({
    handle,
    keep: () => {
      const [copy, before] = [structuredClone(world), writes];
      return () => {
        [world, writes] = [copy, before];
      };
    },
  });
  return {
    ...double,
    token,
    readerToken,
    serverKey,
    world: () => world,
    state: () => {
      const state = world.states.production?.[7];
      if (state === undefined) throw new Error("the flag is gone");
      return state;
    },
    limit,
    settings,
    writes: () => writes,
    restart: () => {
      world = fsWorld();
      limit.clear();
      settings.changeRequests = false;
      double.behave("work");
    },
  };
};
