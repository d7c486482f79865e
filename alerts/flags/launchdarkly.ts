import { z } from "zod";
import { exactPercent } from "../../core/percent.ts";
import type { FlagCapabilities } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import {
  type LaunchDarklyFlag,
  launchDarklyFlagSchema,
  type ServingPlace,
  type UnderstoodFlag,
  understandLaunchDarkly,
  WHOLE,
  weightIn,
} from "./launchdarkly-flag.ts";
import { refuse } from "./looked-flag.ts";
import { createVendorApi, type VendorAnswer, type VendorApiSettings } from "./vendor-api.ts";
import { permissionOf, vendorFlag } from "./vendor-flag.ts";
import { baseSchema, propagationSchema, tokenSchema, vendorNameSchema } from "./vendor-keys.ts";

/** Configuration of a LaunchDarkly project. */
export interface LaunchDarklyConfig extends FlagTargetConfig {
  readonly type: "launchdarkly";
  /** An access token with the role Writer, or one that may update targeting of the flag; not an SDK key. */
  readonly token: string;
  readonly project: string;
  readonly environment: string;
  /** Where the REST API is: another one for the EU and federal instances. */
  readonly url: string;
  readonly propagation?: number | undefined;
}

/** Server SDKs stream by default, and hear of a change within a second or two; the limits on calls are not published. */
const CAPABILITIES: FlagCapabilities = {
  kill: true,
  segments: false,
  guards: false,
  shareStep: 1 / WHOLE,
  propagationMs: 5_000,
  pollMs: 10_000,
};

/** The version of the API that this adapter was written for. */
const API_VERSION = "20240415";

/** 405: the environment requires approvals. 400: a scheduled change or an approval request is in the way. */
const refusal: VendorApiSettings["refusal"] = ({ status, body }) => {
  if (status === 405)
    return { why: "approval-required", detail: "the environment requires approvals; let this token bypass them" };
  if (status !== 400) return null;
  const said = z.object({ message: z.string() }).safeParse(body);
  if (said.success && /conflict|scheduled|pending/i.test(said.data.message))
    return { why: "approval-required", detail: "a pending scheduled change or approval request is in the way" };
  return said.success ? { detail: said.data.message } : null;
};

/** X-Ratelimit-Reset is when the window ends, in epoch ms; it is in every answer. */
const wait: VendorApiSettings["wait"] = (headers, now) => {
  const isUsedUp = ["route", "global"].some((kind) => headers.get(`x-ratelimit-${kind}-remaining`) === "0");
  if (!isUsedUp) return null;
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
  return reset > now ? reset - now : null;
};

type Instruction = Readonly<Record<string, unknown>> & { readonly kind: string };

/** The weights of one place with the candidate at `weight`; the baseline gets what it gives up, others keep theirs. */
const weightsAt = (
  place: ServingPlace,
  { flag, canary, baseline }: UnderstoodFlag,
  weight: number,
): Instruction | null => {
  const others = flag.variations.map((_, index) => index).filter((index) => index !== canary && index !== baseline);
  const rest = WHOLE - weight - others.reduce((sum, index) => sum + weightIn(place, index), 0);
  if (rest < 0) return null;
  const weights = [[canary, weight], [baseline, rest], ...others.map((index) => [index, weightIn(place, index)])];
  const rolloutWeights = Object.fromEntries(
    weights
      .toSorted(([a = 0], [b = 0]) => a - b)
      .flatMap(([index = 0, each = 0]) => {
        const id = flag.variations[index]?.id;
        return id === undefined || (each === 0 && index !== canary && index !== baseline) ? [] : [[id, each]];
      }),
  );
  const { bucketBy, contextKind } = place.rollout ?? {};
  return {
    kind: place.ruleId === null ? "updateFallthroughVariationOrRollout" : "updateRuleVariationOrRollout",
    ...(place.ruleId === null ? {} : { ruleId: place.ruleId }),
    rolloutWeights,
    // left out, LaunchDarkly would go back to its default, and every user be dealt anew
    ...(bucketBy === undefined ? {} : { rolloutBucketBy: bucketBy }),
    ...(contextKind === undefined ? {} : { rolloutContextKind: contextKind }),
  };
};

/** What brings the flag to `share`, or why nothing does. */
const instructionsFor = (found: UnderstoodFlag, share: number): readonly Instruction[] | string => {
  const { environment, canary, baseline, killServesBaseline, unknownWhenOn, serving, carrier, reading } = found;
  if (share === 0 && killServesBaseline) return [{ kind: "turnFlagOff" }];
  if (canary < 0 || baseline < 0) return reading.problems[0] ?? "an arm has no variation";
  if (share > 0 && unknownWhenOn !== "") return `the share could not be told then: ${unknownWhenOn}`;
  if (share === 0 && environment.on && serving.length === 0) return `the weights are 0, but ${unknownWhenOn}`;
  if (share > 0 && carrier.rollout?.experimentAllocation !== undefined)
    return "an experiment runs on its rollout; end it";
  const places = share === 0 && serving.length > 0 ? serving : [carrier];
  const weights = places.map((place) => weightsAt(place, found, Math.round(share * WHOLE)));
  const written = weights.filter((each) => each !== null);
  if (written.length < weights.length)
    return "other variations have so much of the traffic that this share is not left";
  return environment.on ? written : [{ kind: "turnFlagOn" }, ...written];
};

/** The flag target type `launchdarkly`: semantic patches of one environment's targeting. */
export const launchDarkly: FlagTargetType<LaunchDarklyConfig> = {
  type: "launchdarkly",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("launchdarkly"),
    token: tokenSchema,
    project: vendorNameSchema,
    environment: vendorNameSchema,
    url: baseSchema("https://app.launchdarkly.com"),
    propagation: propagationSchema,
  }),
  create: (name, { token, project, environment, url, propagation }, { now, timeoutMs }) => {
    const headers = { authorization: token, "ld-api-version": API_VERSION };
    const api = createVendorApi({ base: url, headers, secrets: [token], now, timeoutMs, refusal, wait });
    return {
      name,
      problem: () => "",
      close: async () => undefined,
      bind: (route, values) => {
        let doesKillServe = false;
        const path = `/api/v2/flags/${encodeURIComponent(project)}/${encodeURIComponent(route.flag)}`;

        const understood = (answer: VendorAnswer<LaunchDarklyFlag>): VendorAnswer<UnderstoodFlag> => {
          if (answer.outcome === "failed") return answer;
          const value = understandLaunchDarkly(answer.value, environment, values);
          doesKillServe = value?.killServesBaseline ?? false;
          return value === null
            ? refuse("not-found", "reading the flag: it has no such environment; check `environment`")
            : { ...answer, value };
        };

        const patch = async (what: string, instructions: readonly Instruction[], comment: string, query = "") =>
          understood(
            await api({
              what,
              method: "PATCH",
              path: `${path}${query}`,
              headers: { "content-type": "application/json; domain-model=launchdarkly.semanticpatch" },
              body: { environmentKey: environment, comment, instructions },
              answer: launchDarklyFlagSchema,
            }),
          );

        return vendorFlag<UnderstoodFlag>({
          // only where it was seen to: a flag that serves the candidate when it is off must not be switched off unread
          offUnread: () =>
            doesKillServe ? patch("switching it off", [{ kind: "turnFlagOff" }], "Leeway: switched off unread") : null,
          route,
          capabilities: { ...CAPABILITIES, propagationMs: propagation ?? CAPABILITIES.propagationMs },
          find: async () =>
            understood(
              await api({
                what: "reading the flag",
                method: "GET",
                path: `${path}?env=${encodeURIComponent(environment)}`,
                answer: launchDarklyFlagSchema,
              }),
            ),
          understand: ({ reading }) => reading,
          write: async (found, share) => {
            const instructions = instructionsFor(found, share);
            if (typeof instructions === "string") return refuse("permanent", `setting the share: ${instructions}`);
            return patch(
              "setting the share",
              instructions,
              `Leeway: the candidate is served to ${exactPercent(share)}`,
            );
          },
          permission: async (found) => {
            const { carrier, environment: at, canary } = found;
            const weights = carrier.rollout && weightsAt(carrier, found, weightIn(carrier, canary));
            const same = [{ kind: at.on ? "turnFlagOn" : "turnFlagOff" }, ...(weights ? [weights] : [])];
            const tried = await patch("trying the right to write", same, "Leeway: may it write?", "?dryRun=true");
            return permissionOf(tried, "a dry run of what is there already was accepted");
          },
        });
      },
    };
  },
};
