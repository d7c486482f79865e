import { z } from "zod";
import { exactPercent } from "../../core/percent.ts";
import type { FlagCapabilities, FlagReadFailure } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import {
  type GrowthBookFeature,
  growthBookFeatureSchema,
  type UnderstoodFeature,
  understandGrowthBook,
} from "./growthbook-flag.ts";
import { refuse } from "./looked-flag.ts";
import { OVERTAKEN } from "./raises.ts";
import { createVendorApi, type VendorAnswer, type VendorApi, type VendorApiSettings } from "./vendor-api.ts";
import { permissionOf, vendorFlag } from "./vendor-flag.ts";
import { baseSchema, propagationSchema, tokenSchema, vendorNameSchema } from "./vendor-keys.ts";

/** Configuration of a GrowthBook organisation. */
export interface GrowthBookConfig extends FlagTargetConfig {
  readonly type: "growthbook";
  /** A secret key or personal access token that may edit and publish the feature in the environment. */
  readonly token: string;
  readonly environment: string;
  /** Where the REST API is: of GrowthBook's cloud, or one's own. */
  readonly url: string;
  readonly propagation?: number | undefined;
}

/** SDKs refresh what is older than 60 s; one key may make 60 calls a minute, and a flip makes up to six. */
const CAPABILITIES: FlagCapabilities = {
  kill: true,
  segments: false,
  guards: false,
  shareStep: 0.0001,
  propagationMs: 60_000,
  pollMs: 15_000,
};

const saidSchema = z.object({ message: z.string() });

/** GrowthBook says what is wrong in `message`, often with 400. */
const refusal: VendorApiSettings["refusal"] = ({ status, body }) => {
  const said = saidSchema.safeParse(body);
  const message = said.success ? said.data.message : "";
  const isGate = status === 400 || status === 403 || status === 422;
  if (isGate && /approv|review/i.test(JSON.stringify(body) ?? ""))
    return { why: "approval-required", detail: "approvals are required; let the REST API or this token bypass them" };
  if (status === 400 && /could not find|not found|unknown environment/i.test(message)) return { why: "not-found" };
  if (status === 400 && /api key|authorization/i.test(message)) return { why: "auth" };
  return status === 400 || status === 422 ? { detail: message || "no reason given" } : null;
};

/** Where Retry-After is missing: RateLimit-Reset counts the seconds of the window that are left. */
const wait: VendorApiSettings["wait"] = (headers) => {
  if (headers.get("ratelimit-remaining") !== "0") return null;
  const seconds = Number(headers.get("ratelimit-reset") ?? Number.NaN);
  return seconds > 0 ? seconds * 1000 : null;
};

const revisionSchema = z.object({ revision: z.object({ version: z.int() }) });
const featureSchema = z.object({ feature: growthBookFeatureSchema });

/** The calls of one feature. */
const callsOf = (api: VendorApi, flag: string, environment: string) => {
  const path = `/api/v2/features/${encodeURIComponent(flag)}`;
  const toggle = (enabled: boolean, what: string): Promise<VendorAnswer<{ feature: GrowthBookFeature }>> =>
    api({
      what,
      method: "POST",
      path: `${path}/toggle`,
      body: { reason: "Leeway", environments: { [environment]: enabled } },
      answer: featureSchema,
    });
  /**
   * A draft of the live revision with one rule's coverage changed, published. GrowthBook merges it into what is live by then,
   * rule by rule: what somebody else changed meanwhile stays, and the same rule changed twice is a conflict.
   */
  const cover = async (
    rule: string,
    patch: object,
    comment: string,
    mayGoOn: () => boolean,
  ): Promise<FlagReadFailure | null> => {
    const draft = await api({
      what: "drafting the share",
      method: "PUT",
      path: `${path}/revisions/new/rules/${encodeURIComponent(rule)}`,
      body: { rule: patch, revisionTitle: comment },
      answer: revisionSchema,
    });
    if (draft.outcome === "failed") return draft;
    const revision = `${path}/revisions/${draft.value.revision.version}`;
    const answer = revisionSchema;
    const published = mayGoOn()
      ? await api({
          what: "publishing the share",
          method: "POST",
          path: `${revision}/publish`,
          body: { comment },
          answer,
        })
      : OVERTAKEN;
    if (published.outcome === "answered") return null;
    // a draft of ours that nobody asked for must not be published by somebody later
    await api({ what: "discarding the draft", method: "POST", path: `${revision}/discard`, body: {}, answer });
    return published;
  };
  const find = (): Promise<VendorAnswer<{ feature: GrowthBookFeature }>> =>
    api({ what: "reading the feature", method: "GET", path, answer: featureSchema });
  return { toggle, cover, find };
};

/** The flag target type `growthbook`: the switch of an environment, and the coverage of one percentage rollout. */
export const growthBook: FlagTargetType<GrowthBookConfig> = {
  type: "growthbook",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("growthbook"),
    token: tokenSchema,
    environment: vendorNameSchema,
    url: baseSchema("https://api.growthbook.io"),
    propagation: propagationSchema,
  }),
  create: (name, { token, environment, url, propagation }, { now, timeoutMs }) => {
    const headers = { authorization: `Bearer ${token}` };
    const api = createVendorApi({ base: url, headers, secrets: [token], now, timeoutMs, refusal, wait });
    return {
      name,
      problem: () => "",
      close: async () => undefined,
      bind: (route, values) => {
        const { toggle, cover, find } = callsOf(api, route.flag, environment);

        const understood = (answer: VendorAnswer<{ feature: GrowthBookFeature }>): VendorAnswer<UnderstoodFeature> => {
          if (answer.outcome === "failed") return answer;
          const value = understandGrowthBook(answer.value.feature, environment, values);
          return value === null
            ? refuse("not-found", "reading the feature: it has no such environment; check `environment`")
            : { ...answer, value };
        };

        const raise = async (
          { enabled, carrier, unknownWhenOn, reading }: UnderstoodFeature,
          share: number,
          mayGoOn: () => boolean,
        ) => {
          if (carrier === null || unknownWhenOn !== "")
            return refuse("permanent", `setting the share: ${unknownWhenOn || reading.problems[0]}`);
          // first what is served once it is on: the other way round, the old share would be served for a moment
          if (!carrier.enabled || carrier.coverage !== share) {
            const patch = { coverage: share, ...(carrier.enabled ? {} : { enabled: true }) };
            const comment = `Leeway: the candidate is served to ${exactPercent(share)}`;
            const failed = await cover(carrier.id, patch, comment, mayGoOn);
            if (failed !== null) return failed;
          }
          if (enabled) return understood(await find());
          return mayGoOn() ? understood(await toggle(true, "switching it on")) : OVERTAKEN;
        };

        return vendorFlag<UnderstoodFeature>({
          offUnread: () => toggle(false, "switching it off"),
          route,
          capabilities: { ...CAPABILITIES, propagationMs: propagation ?? CAPABILITIES.propagationMs },
          find: async () => understood(await find()),
          understand: ({ reading }) => reading,
          write: async (found, share, mayGoOn) =>
            share === 0 ? understood(await toggle(false, "switching it off")) : raise(found, share, mayGoOn),
          permission: async ({ enabled }) =>
            enabled
              ? {
                  mayWrite: null,
                  mayWriteBecause:
                    "it is on, and nothing is tried: a switch to on could undo somebody's switching-off meanwhile",
                }
              : permissionOf(
                  await toggle(false, "trying the right to write"),
                  "switching it off where it is off was accepted; whether approvals are required is not said",
                ),
        });
      },
    };
  },
};
