import { z } from "zod";
import type { FlagCapabilities } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import { refuse } from "./looked-flag.ts";
import { type PostHogFlag, postHogFlagSchema, type UnderstoodPostHog, understandPostHog } from "./posthog-flag.ts";
import { OVERTAKEN } from "./raises.ts";
import { createVendorApi, type VendorAnswer, type VendorApi, type VendorApiSettings } from "./vendor-api.ts";
import { vendorFlag } from "./vendor-flag.ts";
import { baseSchema, propagationSchema, tokenSchema } from "./vendor-keys.ts";

/** Configuration of a PostHog project. */
export interface PostHogConfig extends FlagTargetConfig {
  readonly type: "posthog";
  /** A personal API key with the scope `feature_flag:write`. */
  readonly token: string;
  /** The project's number. */
  readonly project: number;
  /** Where the app's API is: of the US or EU cloud, or one's own. */
  readonly url: string;
  readonly propagation?: number | undefined;
}

/** Local evaluation asks for the definitions every 30 s; a team may make 480 calls a minute and 4800 an hour. */
const CAPABILITIES: FlagCapabilities = {
  kill: true,
  segments: false,
  guards: false,
  shareStep: 0.01,
  propagationMs: 30_000,
  pollMs: 15_000,
};

/** 409 is a flag that was changed, or a change that has to be approved. */
const refusal: VendorApiSettings["refusal"] = ({ status, body }) => {
  if (status === 409 && /approv|change.?request/i.test(JSON.stringify(body) ?? ""))
    return { why: "approval-required", detail: "a policy of the project asks for approval of changes of the flag" };
  const said = z.object({ detail: z.string() }).safeParse(body);
  return status === 400 && said.success ? { detail: said.data.detail } : null;
};

const listSchema = z.object({ results: z.array(postHogFlagSchema) });

/** Finds the flag by its key, and from then on by its number, which stays. */
const finder = (api: VendorApi, flags: string, key: string) => {
  const what = "reading the flag";
  let id: number | null = null;
  const byId = (known: number): Promise<VendorAnswer<PostHogFlag>> =>
    api({ what, method: "GET", path: `${flags}${known}/`, answer: postHogFlagSchema });
  const byKey = async (): Promise<VendorAnswer<PostHogFlag>> => {
    const path = `${flags}?search=${encodeURIComponent(key)}&limit=200`;
    const listed = await api({ what, method: "GET", path, answer: listSchema });
    if (listed.outcome === "failed") return listed;
    const value = listed.value.results.find((each) => each.key === key && !each.deleted);
    return value === undefined
      ? refuse("not-found", "reading the flag: the project has no flag of this key")
      : { ...listed, value };
  };
  const find = async (): Promise<VendorAnswer<PostHogFlag>> => {
    const known = id === null ? null : await byId(id);
    const isGone =
      known !== null &&
      (known.outcome === "failed" ? known.why === "not-found" : known.value.deleted || known.value.key !== key);
    const found = known === null || isGone ? await byKey() : known;
    if (found.outcome === "answered") id = found.value.id;
    return found;
  };
  return { find, knownId: (): number | null => id };
};

/** The flag target type `posthog`: whether a flag is active, and the rollout of one release condition. */
export const postHog: FlagTargetType<PostHogConfig> = {
  type: "posthog",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("posthog"),
    token: tokenSchema,
    project: z.coerce.number().int().positive(),
    url: baseSchema("https://us.posthog.com"),
    propagation: propagationSchema,
  }),
  create: (name, { token, project, url, propagation }, { now, timeoutMs }) => {
    const headers = { authorization: `Bearer ${token}` };
    const api = createVendorApi({ base: url, headers, secrets: [token], now, timeoutMs, refusal });
    const flags = `/api/projects/${project}/feature_flags/`;
    return {
      name,
      problem: () => "",
      close: async () => undefined,
      bind: (route, values) => {
        const { find, knownId } = finder(api, flags, route.flag);
        const understood = (answer: VendorAnswer<PostHogFlag>): VendorAnswer<UnderstoodPostHog> =>
          answer.outcome === "failed" ? answer : { ...answer, value: understandPostHog(answer.value, values) };

        /** Without a version: a person who renames the flag must not keep it from being switched off. */
        const activate = (id: number, active: boolean): Promise<VendorAnswer<PostHogFlag>> => {
          const what = active ? "activating the flag" : "deactivating the flag";
          return api({ what, method: "PATCH", path: `${flags}${id}/`, body: { active }, answer: postHogFlagSchema });
        };

        /** One condition's rollout, of the version that was read: any change since then is a conflict. */
        const roll = async (
          { id, version }: PostHogFlag,
          index: number,
          percent: number,
        ): Promise<VendorAnswer<PostHogFlag>> => {
          const rolled = await api({
            what: "setting the share",
            method: "POST",
            path: `${flags}${id}/set_release_condition_rollout/`,
            body: { condition_index: index, rollout_percentage: percent, version },
            answer: postHogFlagSchema,
          });
          const isMissing = rolled.outcome === "failed" && rolled.why === "not-found";
          return isMissing
            ? refuse(
                "permanent",
                "setting the share: this PostHog has no set_release_condition_rollout (it came in September 2026)",
              )
            : rolled;
        };

        const raise = async (
          { flag, carrier, unknownWhenOn, reading }: UnderstoodPostHog,
          share: number,
          mayGoOn: () => boolean,
        ) => {
          if (carrier === null || carrier.part < 1 || unknownWhenOn !== "")
            return refuse("permanent", `setting the share: ${unknownWhenOn || reading.problems[0]}`);
          const percent = Math.round(share * 100);
          const rolled = carrier.percent === percent ? null : await roll(flag, carrier.index, percent);
          if (rolled?.outcome === "failed" || (rolled !== null && flag.active)) return rolled;
          return mayGoOn() ? activate(flag.id, true) : OVERTAKEN;
        };

        return vendorFlag<UnderstoodPostHog>({
          offUnread: () => {
            const id = knownId();
            return id === null ? null : activate(id, false);
          },
          route,
          capabilities: { ...CAPABILITIES, propagationMs: propagation ?? CAPABILITIES.propagationMs },
          find: async () => understood(await find()),
          understand: ({ reading }) => reading,
          write: async (found, share, mayGoOn) =>
            understood(await (share === 0 ? activate(found.flag.id, false) : raise(found, share, mayGoOn))),
          permission: async ({ flag }) =>
            flag.can_edit
              ? {
                  mayWrite: null,
                  mayWriteBecause:
                    "the flag may be edited; whether the key has the scope feature_flag:write is only said of a write",
                }
              : { mayWrite: false, mayWriteBecause: "the user of the key may not edit the flag" },
        });
      },
    };
  },
};
