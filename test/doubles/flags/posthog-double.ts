import { z } from "zod";
import { type CallLimit, callLimit, callLimits } from "./call-limit.ts";
import { type PhFlag, type PhWorld, phWorld } from "./posthog-state.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

const patchSchema = z.strictObject({ active: z.boolean() });
const rolloutSchema = z.strictObject({
  condition_index: z.int().min(0),
  rollout_percentage: z.int().min(0).max(100),
  version: z.int(),
});

/** A PostHog project, number 5. */
export interface PostHogDouble extends VendorDouble {
  readonly token: string;
  readonly readerToken: string;
  readonly projectToken: string;
  readonly world: () => PhWorld;
  /** The flag of this key, to be changed behind our back. */
  readonly change: (key: string, act: (flag: PhFlag) => void) => void;
  readonly limit: CallLimit;
  readonly settings: { approvals: boolean; hasRolloutAction: boolean };
  readonly restart: () => void;
  readonly writes: () => number;
}

const refuse = (status: number, type: string, code: string, detail: string): VendorDoubleReply => ({
  status,
  body: { type, code, detail, attr: null },
});
const NOT_FOUND = refuse(404, "invalid_request", "not_found", "Not found.");

/** Starts it. */
export const startPostHogDouble = async (now: () => number): Promise<PostHogDouble> => {
  const [token, readerToken, projectToken] = ["phx_wR1te7c1d", "phx_r3ad0nly", "phc_pr0ject"];
  let [world, writes] = [phWorld(), 0];
  const settings = { approvals: false, hasRolloutAction: true };
  const limit = callLimits(callLimit(480, 60_000, now), callLimit(4_800, 60 * 60_000, now));

  const saved = (flag: PhFlag, act: () => void): VendorDoubleReply => {
    const before = JSON.stringify(flag);
    act();
    if (before !== JSON.stringify(flag)) {
      flag.version += 1;
      flag.updated_at = new Date(now()).toISOString();
      writes += 1;
    }
    return { status: 200, body: structuredClone(flag) };
  };
  const waiting = (): VendorDoubleReply | null =>
    settings.approvals
      ? {
          status: 409,
          body: { status: "approval_required", code: "change_request_pending", change_request_id: "cr-1" },
        }
      : null;

  const roll = (flag: PhFlag, body: unknown): VendorDoubleReply => {
    const parsed = rolloutSchema.safeParse(body);
    if (!parsed.success) return refuse(400, "validation_error", "invalid_input", parsed.error.issues[0]?.message ?? "");
    const { condition_index: index, rollout_percentage: percent, version } = parsed.data;
    if (version !== flag.version)
      return refuse(409, "invalid_request", "conflict", `The flag has changed since version ${version}.`);
    const condition = flag.filters.groups[index];
    if (condition === undefined)
      return refuse(
        400,
        "validation_error",
        "invalid_input",
        `No such condition. It has ${flag.filters.groups.length}.`,
      );
    return waiting() ?? saved(flag, () => void Object.assign(condition, { rollout_percentage: percent }));
  };

  const write = ({ method, path, body }: VendorDoubleRequest, flag: PhFlag): VendorDoubleReply => {
    if (path.endsWith("/set_release_condition_rollout/"))
      return method === "POST" && settings.hasRolloutAction ? roll(flag, body) : NOT_FOUND;
    if (method !== "PATCH")
      return refuse(405, "invalid_request", "method_not_allowed", `Method "${method}" not allowed.`);
    const parsed = patchSchema.safeParse(body);
    if (!parsed.success) return refuse(400, "validation_error", "invalid_input", parsed.error.issues[0]?.message ?? "");
    return waiting() ?? saved(flag, () => void Object.assign(flag, parsed.data));
  };

  const list = (query: URLSearchParams): VendorDoubleReply => {
    const search = query.get("search") ?? "";
    const results = world.flags.filter(({ key, deleted }) => !deleted && key.includes(search));
    return {
      status: 200,
      body: { count: results.length, next: null, previous: null, results: structuredClone(results) },
    };
  };

  const handle = (request: VendorDoubleRequest): VendorDoubleReply => {
    const { method, path, query, headers } = request;
    if (method === "POST" && path.startsWith("/batch")) return { status: 200, body: { status: "Ok" } };
    const key = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (key !== token && key !== readerToken)
      return refuse(
        401,
        "authentication_error",
        "authentication_failed",
        "Personal API key found in request Authorization header is invalid.",
      );
    if (path.startsWith("/flags/definitions") || path.startsWith("/api/feature_flag/local_evaluation")) {
      const flags = world.flags.filter(({ deleted }) => !deleted);
      return { status: 200, body: { flags: structuredClone(flags), group_type_mapping: {}, cohorts: {} } };
    }
    if (!limit.take()) {
      const seconds = Math.ceil((limit.resetAt() - now()) / 1000);
      const said = refuse(
        429,
        "throttled_error",
        "throttled",
        `Request was throttled. Expected available in ${seconds} seconds.`,
      );
      return { ...said, headers: { "retry-after": String(seconds) } };
    }
    if (path === "/api/projects/5/feature_flags/" && method === "GET") return list(query);
    const id = Number(/^\/api\/projects\/5\/feature_flags\/(\d+)\//.exec(path)?.[1]);
    const flag = world.flags.find((each) => each.id === id);
    if (flag === undefined) return NOT_FOUND;
    if (method === "GET") return { status: 200, body: structuredClone(flag) };
    if (key === readerToken)
      return refuse(
        403,
        "authentication_error",
        "permission_denied",
        "API key missing required scope 'feature_flag:write'",
      );
    return write(request, flag);
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
    projectToken,
    world: () => world,
    change: (key, act) => {
      const flag = world.flags.find((each) => each.key === key);
      if (flag === undefined) throw new Error(`no flag ${key}`);
      act(flag);
      flag.version += 1;
    },
    limit,
    settings,
    writes: () => writes,
    restart: () => {
      world = phWorld();
      limit.clear();
      Object.assign(settings, { approvals: false, hasRolloutAction: true });
      double.behave("work");
    },
  };
};
