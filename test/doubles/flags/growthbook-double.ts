import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type CallLimit, callLimit } from "./call-limit.ts";
import { type GbDraft, type GbFeature, type GbRule, type GbWorld, gbSdkData, gbWorld } from "./growthbook-state.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

const toggleSchema = z.strictObject({
  reason: z.string().optional(),
  environments: z.record(z.string(), z.boolean()),
});
const ruleBodySchema = z.strictObject({
  rule: z.strictObject({ enabled: z.boolean().optional(), coverage: z.number().min(0).max(1).optional() }),
  revisionTitle: z.string().optional(),
  revisionComment: z.string().optional(),
});
const publishSchema = z.strictObject({ comment: z.string().optional(), ignoreWarnings: z.boolean().optional() });
const discardSchema = z.strictObject({});

/** A GrowthBook organisation with the environments production and dev. */
export interface GrowthBookDouble extends VendorDouble {
  readonly token: string;
  readonly readerToken: string;
  readonly clientKey: string;
  readonly world: () => GbWorld;
  /** A person changes the live feature. */
  readonly change: (id: string, act: (feature: GbFeature) => void) => void;
  readonly limit: CallLimit;
  readonly settings: { approvals: boolean; killSwitchApprovals: boolean };
  readonly restart: () => void;
  readonly writes: () => number;
}

const refuse = (status: number, message: string): VendorDoubleReply => ({ status, body: { message } });
const invalid = (error: z.ZodError): VendorDoubleReply =>
  refuse(400, `Request body: [${error.issues[0]?.path.join(".")}] ${error.issues[0]?.message}`);

/** The draft's changes on top of what is live; null = the same rule was changed on both sides. */
const merge = ({ base, rules }: GbDraft, live: readonly GbRule[]): GbRule[] | null => {
  const merged = live.map((each) => {
    const [before, wanted] = [base, rules].map((side) => side.find(({ id }) => id === each.id));
    if (before === undefined || wanted === undefined || isDeepStrictEqual(before, wanted)) return each;
    return isDeepStrictEqual(before, each) ? wanted : null;
  });
  return merged.some((each) => each === null) ? null : merged.filter((each) => each !== null);
};

/** Starts it. */
export const startGrowthBookDouble = async (now: () => number): Promise<GrowthBookDouble> => {
  const [token, readerToken, clientKey] = ["secret_admin_8d21", "secret_readonly_17aa", "sdk-abc123"];
  let [world, writes, clock] = [gbWorld(), 0, 0];
  const settings = { approvals: false, killSwitchApprovals: false };
  const limit = callLimit(60, 60_000, now);

  const touch = (feature: GbFeature): void => {
    clock += 1;
    feature.dateUpdated = new Date(now() + clock).toISOString();
  };
  const publish = (feature: GbFeature, comment: string): void => {
    touch(feature);
    const version = Math.max(feature.revision.version, ...world.drafts.map((draft) => draft.version)) + 1;
    feature.revision = { version, comment, date: feature.dateUpdated };
  };
  const shown = (feature: GbFeature): VendorDoubleReply => ({
    status: 200,
    body: { feature: structuredClone(feature) },
  });
  const draftShown = ({ feature, version, rules, status }: GbDraft): VendorDoubleReply => ({
    status: 200,
    body: {
      revision: {
        id: `frev_${version}`,
        featureId: feature,
        version,
        status,
        comment: "",
        rules: structuredClone(rules),
      },
    },
  });

  const toggle = (feature: GbFeature, body: unknown): VendorDoubleReply => {
    const parsed = toggleSchema.safeParse(body);
    if (!parsed.success) return invalid(parsed.error);
    const wanted = Object.entries(parsed.data.environments);
    const unknown = wanted.find(([name]) => feature.environments[name] === undefined);
    if (unknown !== undefined) return refuse(400, `Unknown environment: '${unknown[0]}'`);
    const changed = wanted.filter(([name, enabled]) => feature.environments[name]?.enabled !== enabled);
    if (changed.length > 0 && settings.killSwitchApprovals)
      return refuse(
        403,
        "This feature requires a review for kill switch changes and the API key being used does not have permission to bypass reviews.",
      );
    for (const [name, enabled] of changed) Object.assign(feature.environments[name] ?? {}, { enabled });
    if (changed.length > 0) touch(feature);
    writes += changed.length > 0 ? 1 : 0;
    return shown(feature);
  };

  const draftRule = (feature: GbFeature, version: string, ruleId: string, body: unknown): VendorDoubleReply => {
    const parsed = ruleBodySchema.safeParse(body);
    if (!parsed.success) return invalid(parsed.error);
    if (version !== "new") return refuse(404, "Could not find feature revision");
    const rules = structuredClone(feature.rules);
    const rule = rules.find(({ id }) => id === ruleId);
    if (rule === undefined) return refuse(404, `Rule "${ruleId}" not found`);
    Object.assign(rule, parsed.data.rule);
    const next = Math.max(feature.revision.version, ...world.drafts.map((each) => each.version)) + 1;
    const draft: GbDraft = {
      feature: feature.id,
      version: next,
      base: structuredClone(feature.rules),
      rules,
      status: "draft",
    };
    world.drafts.push(draft);
    return draftShown(draft);
  };

  const publishDraft = (feature: GbFeature, draft: GbDraft, body: unknown): VendorDoubleReply => {
    const parsed = publishSchema.safeParse(body);
    if (!parsed.success) return invalid(parsed.error);
    if (draft.status !== "draft") return refuse(400, `Cannot publish a revision with status "${draft.status}"`);
    const rules = merge(draft, feature.rules);
    if (rules === null)
      return refuse(409, "This revision has conflicts with the live version. Rebase the revision first.");
    if (settings.approvals)
      return {
        status: 422,
        body: {
          message: "Publish blocked",
          gates: [{ type: "approval", message: "This revision requires approval before publishing" }],
        },
      };
    if (isDeepStrictEqual(rules, feature.rules))
      return refuse(400, "Cannot publish: no changes detected in this revision");
    feature.rules = rules;
    draft.status = "published";
    publish(feature, parsed.data.comment ?? "");
    writes += 1;
    return draftShown(draft);
  };

  const write = ({ method, path, body }: VendorDoubleRequest, feature: GbFeature): VendorDoubleReply => {
    const [, rest = ""] = /^\/api\/v2\/features\/[^/]+\/(.+)$/.exec(path) ?? [];
    const [kind, version = "", action, ruleId = ""] = rest.split("/");
    if (method === "POST" && rest === "toggle") return toggle(feature, body);
    if (kind !== "revisions") return refuse(404, "Unknown API endpoint");
    if (method === "PUT" && action === "rules") return draftRule(feature, version, ruleId, body);
    const draft = world.drafts.find((each) => each.feature === feature.id && each.version === Number(version));
    if (draft === undefined) return refuse(404, "Could not find feature revision");
    if (method === "POST" && action === "publish") return publishDraft(feature, draft, body);
    if (method !== "POST" || action !== "discard" || !discardSchema.safeParse(body).success)
      return refuse(404, "Unknown API endpoint");
    draft.status = "discarded";
    return draftShown(draft);
  };

  const handle = (request: VendorDoubleRequest): VendorDoubleReply => {
    const { method, path, headers } = request;
    if (path === `/api/features/${clientKey}`) {
      const body = {
        status: 200,
        features: gbSdkData(world, "production"),
        dateUpdated: new Date(now() + clock).toISOString(),
      };
      return { status: 200, body };
    }
    const key = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (key === undefined) return refuse(401, "Missing API key in Authorization header");
    if (key !== token && key !== readerToken) return refuse(401, "Invalid API key");
    if (!limit.take()) {
      const reset = String(Math.ceil((limit.resetAt() - now()) / 1000));
      const said = { "ratelimit-limit": "60", "ratelimit-remaining": "0", "ratelimit-reset": reset };
      return { status: 429, headers: said, body: { message: "Too many requests, limit to 60 per minute" } };
    }
    const id = /^\/api\/v2\/features\/([^/]+)/.exec(path)?.[1] ?? "";
    const feature = Object.hasOwn(world.features, id) ? world.features[id] : undefined;
    if (feature === undefined) return refuse(400, "Could not find a feature with that key");
    if (method === "GET") return shown(feature);
    if (key === readerToken) return refuse(403, "You do not have permission to complete that action.");
    return write(request, feature);
  };

  const double = await startVendorDouble({
    handle,
    keep: () => {
      const [copy, before] = [structuredClone(world), writes];
      return () => {
        // a draft stays: only what would be live is not done
        const { drafts } = world;
        [world, writes] = [{ ...copy, drafts }, before];
      };
    },
  });
  return {
    ...double,
    token,
    readerToken,
    clientKey,
    world: () => world,
    change: (id, act) => {
      const feature = world.features[id];
      if (feature === undefined) throw new Error(`no feature ${id}`);
      act(feature);
      publish(feature, "by hand");
    },
    limit,
    settings,
    writes: () => writes,
    restart: () => {
      world = gbWorld();
      limit.clear();
      Object.assign(settings, { approvals: false, killSwitchApprovals: false });
      double.behave("work");
    },
  };
};
