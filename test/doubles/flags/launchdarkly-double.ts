import { z } from "zod";
import { type CallLimit, callLimit } from "./call-limit.ts";
import {
  type LdEnvironment,
  type LdFlag,
  type LdServed,
  type LdWorld,
  ldSdkData,
  ldWorld,
} from "./launchdarkly-state.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

const WEIGHTS = { rolloutWeights: z.record(z.string(), z.int().min(0).max(100_000)) };
const ROLLOUT = { ...WEIGHTS, rolloutBucketBy: z.string().optional(), rolloutContextKind: z.string().optional() };
const PLAIN = { variationId: z.string() };

const instructionSchema = z.union([
  z.strictObject({ kind: z.enum(["turnFlagOn", "turnFlagOff"]) }),
  z.strictObject({ kind: z.literal("updateFallthroughVariationOrRollout"), ...ROLLOUT }),
  z.strictObject({ kind: z.literal("updateFallthroughVariationOrRollout"), ...PLAIN }),
  z.strictObject({ kind: z.literal("updateRuleVariationOrRollout"), ruleId: z.string(), ...ROLLOUT }),
  z.strictObject({ kind: z.literal("updateRuleVariationOrRollout"), ruleId: z.string(), ...PLAIN }),
]);
type Instruction = z.infer<typeof instructionSchema>;

const bodySchema = z.strictObject({
  environmentKey: z.string().min(1),
  comment: z.string().optional(),
  instructions: z.array(instructionSchema).min(1),
});

/** A LaunchDarkly account with one project, "default". */
export interface LaunchDarklyDouble extends VendorDouble {
  readonly token: string;
  /** May read, not write. */
  readonly readerToken: string;
  readonly sdkKey: string;
  readonly world: () => LdWorld;
  /** The flag's environment, to be changed behind our back; counts as a change. */
  readonly change: (flag: string, environment: string, act: (at: LdEnvironment, flag: LdFlag) => void) => void;
  readonly limit: CallLimit;
  readonly settings: { approvals: boolean; commentsRequired: boolean; conflictWithSchedule: boolean };
  readonly restart: () => void;
  readonly writes: () => number;
}

const error = (status: number, code: string, message: string): VendorDoubleReply => ({
  status,
  body: { code, message },
});
const invalid = (message: string): VendorDoubleReply => error(400, "invalid_request", message);

/** What the instruction makes the place serve, or what is wrong with it. */
const servedBy = (instruction: Instruction, { variations }: LdFlag): LdServed | string => {
  if ("variationId" in instruction) {
    const variation = variations.findIndex(({ _id }) => _id === instruction.variationId);
    return variation < 0 ? "unknown variation" : { variation };
  }
  if (!("rolloutWeights" in instruction)) return "no rollout";
  const { rolloutWeights, rolloutBucketBy, rolloutContextKind = "user" } = instruction;
  const weights = Object.entries(rolloutWeights);
  if (weights.some(([id]) => !variations.some(({ _id }) => _id === id))) return "unknown variation";
  if (weights.reduce((sum, [, weight]) => sum + weight, 0) !== 100_000) return "rollout weights must sum to 100000";
  return {
    rollout: {
      variations: variations.flatMap(({ _id }, variation) => {
        const weight = rolloutWeights[_id];
        return weight === undefined ? [] : [{ variation, weight }];
      }),
      ...(rolloutBucketBy === undefined ? {} : { bucketBy: rolloutBucketBy }),
      contextKind: rolloutContextKind,
    },
  };
};

const serve = (place: LdServed, served: LdServed): void => {
  delete place.variation;
  delete place.rollout;
  Object.assign(place, served);
};

const apply = (instruction: Instruction, flag: LdFlag, at: LdEnvironment): string | null => {
  if (instruction.kind === "turnFlagOn" || instruction.kind === "turnFlagOff") {
    at.on = instruction.kind === "turnFlagOn";
    return null;
  }
  const served = servedBy(instruction, flag);
  if (typeof served === "string") return served;
  const place = "ruleId" in instruction ? at.rules.find(({ _id }) => _id === instruction.ruleId) : at.fallthrough;
  if (place === undefined) return "no such rule";
  serve(place, served);
  return null;
};

/** Starts it. Streaming is refused: the double's SDKs poll. */
export const startLaunchDarklyDouble = async (now: () => number): Promise<LaunchDarklyDouble> => {
  const [token, readerToken, sdkKey] = ["api-write-7b1f", "api-read-99ac", "sdk-5d1e"];
  let [world, writes] = [ldWorld(), 0];
  const settings = { approvals: false, commentsRequired: true, conflictWithSchedule: false };
  // LaunchDarkly publishes no numbers, only the headers
  const limit = callLimit(100, 10_000, now);

  const change: LaunchDarklyDouble["change"] = (key, name, act) => {
    const [flag, at] = [world.flags[key], world.flags[key]?.environments[name]];
    if (flag === undefined || at === undefined) throw new Error(`no ${key} in ${name}`);
    act(at, flag);
    at.version += 1;
    at.lastModified = now();
    flag._version += 1;
  };

  const patch = (request: VendorDoubleRequest, flag: LdFlag): VendorDoubleReply => {
    if (request.headers.authorization === readerToken)
      return error(403, "forbidden", "Forbidden. Access to the requested resource was denied.");
    if (request.headers["content-type"] !== "application/json; domain-model=launchdarkly.semanticpatch")
      return invalid("not a semantic patch");
    const body = bodySchema.safeParse(request.body);
    if (!body.success) return invalid(`Invalid request body: ${body.error.issues[0]?.message}`);
    const { environmentKey, comment = "", instructions } = body.data;
    if (flag.environments[environmentKey] === undefined) return error(404, "not_found", "Unknown environment key");
    if (settings.commentsRequired && comment === "") return invalid("a comment is required");
    if (settings.approvals) return error(405, "method_not_allowed", "Approval is required to make this request");
    if (settings.conflictWithSchedule && request.query.get("ignoreConflicts") !== "true")
      return invalid("This change would conflict with pending scheduled changes");
    const copy = structuredClone(world);
    const at = flag.environments[environmentKey];
    const before = JSON.stringify(at);
    for (const instruction of instructions) {
      const problem = apply(instruction, flag, at);
      if (problem === null) continue;
      world = copy;
      return invalid(problem);
    }
    if (before !== JSON.stringify(at)) change(flag.key, environmentKey, () => undefined);
    const reply = { status: 200, body: structuredClone(flag) };
    if (request.query.get("dryRun") === "true") world = copy;
    else writes += 1;
    return reply;
  };

  const answer = (request: VendorDoubleRequest): VendorDoubleReply => {
    const { method, path, headers, query } = request;
    if (path === "/sdk/latest-all")
      return headers.authorization === sdkKey
        ? { status: 200, body: ldSdkData(world, "production") }
        : error(401, "unauthorized", "Invalid SDK key");
    if (headers.authorization !== token && headers.authorization !== readerToken)
      return error(401, "unauthorized", "Invalid access token");
    if (!limit.take()) return error(429, "rate_limited", "You've exceeded the API rate limit. Try again later.");
    const key = /^\/api\/v2\/flags\/default\/([^/]+)$/.exec(path)?.[1];
    const flag = key === undefined || !Object.hasOwn(world.flags, key) ? undefined : world.flags[key];
    if (flag === undefined) return error(404, "not_found", "Invalid resource identifier");
    if (method === "PATCH") return patch(request, flag);
    if (method !== "GET") return error(405, "method_not_allowed", "Method not allowed");
    const environments = Object.entries(flag.environments).filter(([name]) => query.getAll("env").includes(name));
    return { status: 200, body: { ...flag, environments: Object.fromEntries(environments) } };
  };

  const double = await startVendorDouble({
    handle: (request) => {
      const reply = answer(request);
      const reset = {
        "x-ratelimit-global-remaining": String(limit.remaining()),
        "x-ratelimit-reset": String(limit.resetAt()),
      };
      return { ...reply, headers: { ...reset, ...reply.headers } };
    },
    isWrite: ({ method, query }) => method === "PATCH" && query.get("dryRun") !== "true",
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
    sdkKey,
    world: () => world,
    change,
    limit,
    settings,
    writes: () => writes,
    restart: () => {
      world = ldWorld();
      limit.clear();
      Object.assign(settings, { approvals: false, commentsRequired: true, conflictWithSchedule: false });
      double.behave("work");
    },
  };
};
