import { z } from "zod";
import type { FlagCapabilities } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import {
  type FlagsmithFlag,
  type FlagsmithIdentity,
  type FlagsmithWeight,
  flagsmithStateSchema,
  type UnderstoodFlagsmith,
  understandFlagsmith,
} from "./flagsmith-flag.ts";
import { refuse } from "./looked-flag.ts";
import { createVendorApi, type VendorAnswer, type VendorApi, type VendorApiSettings } from "./vendor-api.ts";
import { permissionOf, vendorFlag } from "./vendor-flag.ts";
import { baseSchema, propagationSchema, tokenSchema, vendorNameSchema } from "./vendor-keys.ts";

/** Configuration of a Flagsmith project. */
export interface FlagsmithConfig extends FlagTargetConfig {
  readonly type: "flagsmith";
  /** An organisation's API key that may view the environment and its identities, update feature states, manage segment overrides. */
  readonly token: string;
  /** The project's number. */
  readonly project: number;
  /** The environment's client-side key: its name in the API. */
  readonly environment: string;
  /** Where the API is: of Flagsmith's cloud, or one's own. */
  readonly url: string;
  /** False where identities are kept in the database: a server of one's own without the Edge API. Default true. */
  readonly edge: boolean;
  readonly propagation?: number | undefined;
}

/** Local evaluation asks for the environment every 60 s; 500 calls a minute are allowed, and one look makes three. */
const CAPABILITIES: FlagCapabilities = {
  kill: false,
  segments: false,
  guards: false,
  shareStep: 0.0001,
  propagationMs: 60_000,
  pollMs: 10_000,
};

/** 409 is the refusal where change requests are on; there is no other conflict, because the last write wins. */
const refusal: VendorApiSettings["refusal"] = ({ status, body }) => {
  const code = z.object({ code: z.string() }).safeParse(body);
  if (status === 409 && code.success && code.data.code === "change_requests_enabled")
    return {
      why: "approval-required",
      detail: "the environment requires change requests, and the API cannot bypass them",
    };
  return status === 400 ? { detail: "the body was refused" } : null;
};

const featuresSchema = z.object({
  results: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      multivariate_options: z.array(
        z.object({
          id: z.int(),
          type: z.string(),
          string_value: z.string().nullish(),
          integer_value: z.int().nullish(),
          boolean_value: z.boolean().nullish(),
        }),
      ),
    }),
  ),
});

const ownStateSchema = z.object({
  feature_state_value: z.unknown(),
  multivariate_feature_state_values: z
    .array(z.object({ multivariate_feature_option: z.unknown(), percentage_allocation: z.number() }))
    .default([]),
});

const identitiesSchema = z.object({
  // the Edge API wraps each state, and its pages end without a word
  results: z.array(z.union([z.object({ feature_state: ownStateSchema }), ownStateSchema])),
  next: z.unknown().optional(),
});

const optionIdSchema = z.union([z.int(), z.object({ id: z.int() }).transform(({ id }) => id)]);
const heldSchema = z
  .object({ type: z.string(), string_value: z.unknown(), boolean_value: z.unknown(), integer_value: z.unknown() })
  .partial();

/** The core API gives a value with its type, the Edge API as it is. */
const ownValue = (value: unknown): unknown => {
  const held = heldSchema.safeParse(value);
  if (!held.success || held.data.type === undefined) return value;
  return held.data.type === "bool" ? held.data.boolean_value : held.data.string_value;
};

const identityOf = (result: z.infer<typeof identitiesSchema>["results"][number]): FlagsmithIdentity => {
  const state = "feature_state" in result ? result.feature_state : result;
  const served = state.multivariate_feature_state_values.filter(({ percentage_allocation: weight }) => weight > 0);
  const options = served.flatMap(
    ({ multivariate_feature_option: option }) => optionIdSchema.safeParse(option).data ?? [],
  );
  return { value: ownValue(state.feature_state_value), options };
};

type Found = FlagsmithFlag & { readonly feature: number };

/** Asks for the three parts of a flag, which Flagsmith keeps apart. */
const finder =
  (api: VendorApi, { project, environment, edge }: FlagsmithConfig, flag: string) =>
  async (): Promise<VendorAnswer<Found>> => {
    const what = "reading the flag";
    const search = `/api/v1/projects/${project}/features/?search=${encodeURIComponent(flag)}&page_size=100`;
    const listed = await api({ what, method: "GET", path: search, answer: featuresSchema });
    if (listed.outcome === "failed") return listed;
    const feature = listed.value.results.find(({ name }) => name === flag);
    if (feature === undefined) return refuse("not-found", "reading the flag: the project has no flag of this name");
    const key = encodeURIComponent(environment);
    const identities = edge
      ? `/api/v1/environments/${key}/edge-identity-overrides?feature=${feature.id}`
      : `/api/v1/environments/${key}/featurestates/?anyIdentity=1&feature=${feature.id}`;
    const [state, own] = await Promise.all([
      api({ what, method: "GET", path: statePath(environment, feature.id), answer: flagsmithStateSchema }),
      api({ what: "reading overrides of identities", method: "GET", path: identities, answer: identitiesSchema }),
    ]);
    if (state.outcome === "failed") return state;
    if (own.outcome === "failed") return own;
    const options = feature.multivariate_options.map(({ id, type, ...held }) => ({
      id,
      value: type === "bool" ? held.boolean_value : type === "int" ? held.integer_value : held.string_value,
    }));
    const value = {
      feature: feature.id,
      options,
      state: state.value,
      identities: own.value.results.map(identityOf),
      areAllIdentities: (own.value.next ?? null) === null,
    };
    return { ...state, value };
  };

const statePath = (environment: string, feature: number): string =>
  `/api/__future__/environments/${encodeURIComponent(environment)}/features/${feature}/`;

/** Every variant has to be named, with the weight it has. */
const reweighted = (weights: readonly FlagsmithWeight[], canary: number, weight: number): FlagsmithWeight[] => {
  const others = weights.filter(({ id }) => id !== canary);
  return [...others, { id: canary, weight }].toSorted((a, b) => a.id - b.id);
};

/** What sets the share, and at 0 also ends what segments are given it by a weight; or why nothing can. */
const changeTo = (share: number, { flag, canary, unknownBesides, reading }: UnderstoodFlagsmith): object | string => {
  if (canary === null) return unknownBesides || (reading.problems[0] ?? "there is no variant of the candidate");
  if (share > 0 && unknownBesides !== "") return unknownBesides;
  const { environment_default: everybody, segment_overrides: overrides } = flag.state;
  const variants = reweighted(everybody.variants, canary, Math.round(share * 10_000) / 100);
  if (variants.reduce((sum, { weight }) => sum + weight, 0) > 100)
    return "other variants have so much that this share is not left";
  const given = overrides.filter(({ variants: own }) => own.some(({ id, weight }) => id === canary && weight > 0));
  const ended = given.map(({ segment, variants: own }) => ({
    segment: { id: segment.id },
    variants: reweighted(own, canary, 0),
  }));
  return {
    environment_default: { variants, ...(share > 0 && !everybody.enabled ? { enabled: true } : {}) },
    ...(share === 0 && ended.length > 0 ? { segment_overrides: ended } : {}),
  };
};

/** The flag target type `flagsmith`: the weight of one variant of a multivariate flag. */
export const flagsmith: FlagTargetType<FlagsmithConfig> = {
  type: "flagsmith",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("flagsmith"),
    token: tokenSchema,
    project: z.coerce.number().int().positive(),
    environment: vendorNameSchema,
    url: baseSchema("https://api.flagsmith.com"),
    edge: z.boolean().default(true),
    propagation: propagationSchema,
  }),
  create: (name, config, { now, timeoutMs }) => {
    const { token, environment, url: base, propagation } = config;
    const headers = { authorization: `Api-Key ${token}` };
    const api = createVendorApi({ base, headers, secrets: [token], now, timeoutMs, refusal });
    return {
      name,
      problem: () => "",
      close: async () => undefined,
      bind: (route, values) => {
        const find = finder(api, config, route.flag);
        const understood = (found: Found): UnderstoodFlagsmith & { readonly feature: number } => ({
          ...understandFlagsmith(found, environment, values),
          feature: found.feature,
        });
        const patch = (what: string, feature: number, body: object) =>
          api({ what, method: "PATCH", path: statePath(environment, feature), body, answer: flagsmithStateSchema });
        return vendorFlag<UnderstoodFlagsmith & { readonly feature: number }>({
          route,
          capabilities: { ...CAPABILITIES, propagationMs: propagation ?? CAPABILITIES.propagationMs },
          find: async () => {
            const found = await find();
            return found.outcome === "failed" ? found : { ...found, value: understood(found.value) };
          },
          understand: ({ reading }) => reading,
          write: async (found, share) => {
            const change = changeTo(share, found);
            if (typeof change === "string") return refuse("permanent", `setting the share: ${change}`);
            const written = await patch("setting the share", found.feature, change);
            if (written.outcome === "failed") return written;
            return { ...written, value: understood({ ...found.flag, feature: found.feature, state: written.value }) };
          },
          permission: async ({ feature }) =>
            permissionOf(
              await patch("trying the right to write", feature, { environment_default: {}, segment_overrides: [] }),
              "a change of nothing was accepted",
            ),
        });
      },
    };
  },
};
