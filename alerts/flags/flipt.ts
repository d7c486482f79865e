import { z } from "zod";
import { urlSchema } from "../channels/url-schema.ts";
import { durationSchema } from "../duration-schema.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import { type FlagCapabilities, type FlagReadFailure, isReadFailure } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetParts, FlagTargetType } from "./flag-target-type.ts";
import { type Look, type LookedFlagParts, lookedFlag } from "./looked-flag.ts";
import { createVendorApi, type VendorApi, type VendorApiSettings } from "./vendor-api.ts";

/** Configuration of one namespace of a Flipt v2 server, in one environment. */
export interface FliptConfig extends FlagTargetConfig {
  readonly type: "flipt";
  readonly url: string;
  /** Null where the server asks for none. */
  readonly token: string | null;
  readonly environment: string;
  readonly namespace: string;
  /** How long apps may go by the share before, ms: the interval of its clients; next to nothing where the server evaluates. */
  readonly propagation: number;
}

const CAPABILITIES: FlagCapabilities = {
  kill: false,
  segments: false,
  guards: true,
  // an entity falls into one of a hundred buckets
  shareStep: 0.01,
  propagationMs: 120_000,
  pollMs: 15_000,
};

const rolloutSchema = z.looseObject({
  type: z.string(),
  segment: z.looseObject({ value: z.boolean().default(false) }).nullish(),
  threshold: z.looseObject({ percentage: z.number().default(0), value: z.boolean().default(false) }).nullish(),
});

/** What is not named here is written back as it was read. */
const payloadSchema = z.looseObject({
  "@type": z.string(),
  key: z.string(),
  type: z.string().default("VARIANT_FLAG_TYPE"),
  enabled: z.boolean().default(false),
  rollouts: z.array(rolloutSchema).default([]),
});

const answerSchema = z.object({
  resource: z.object({ key: z.string(), payload: payloadSchema }),
  revision: z.string().min(1),
});

/** A write answers with the resource that was sent; what counts of it is the revision. */
const writtenSchema = z.object({ revision: z.string().min(1) });

type Payload = z.infer<typeof payloadSchema>;

const isThreshold = ({ threshold }: Payload["rollouts"][number]): boolean =>
  threshold !== null && threshold !== undefined;

const problemsOf = ({
  type,
  enabled,
  rollouts,
}: Payload): { readonly share: readonly string[]; readonly place: readonly string[] } => {
  if (type !== "BOOLEAN_FLAG_TYPE")
    return {
      share: ["it is no boolean flag: whom a variant's rule reaches depends on segments; make it a boolean one"],
      place: [],
    };
  const thresholds = rollouts.filter(isThreshold);
  const inverted = thresholds.some(({ threshold }) => threshold?.value !== true);
  return {
    share: [
      ...rollouts.flatMap(({ segment }, i) =>
        segment?.value === true
          ? [`rollout ${i + 1} serves the candidate to a segment: let it be false, or remove it`]
          : [],
      ),
      ...(enabled ? ["its default is true, so that whoever no rollout reaches gets the candidate: make it false"] : []),
      ...(inverted || thresholds.length > 1 ? ["expected one threshold rollout, whose value is true"] : []),
    ],
    place: thresholds.length === 0 ? ["no threshold rollout; add one as the last, 0% true"] : [],
  };
};

const lookAt = (
  payload: Payload,
  revision: string,
  { environment, namespace }: FliptConfig,
  values: VariantValues,
): Look<Payload> => {
  const { share: unknown, place } = problemsOf(payload);
  const percentage = payload.rollouts.find(isThreshold)?.threshold?.percentage ?? 0;
  return {
    share: unknown.length > 0 ? null : percentage / 100,
    revision,
    variants: [
      { arm: "baseline", name: "false", value: values.baseline },
      { arm: "canary", name: "true", value: values.canary },
    ],
    facts: [
      ["Environment", environment],
      ["Namespace", namespace],
      ["Rollouts", String(payload.rollouts.length)],
    ],
    problems: [...unknown, ...place],
    raw: payload,
  };
};

const withPercentage = (payload: Payload, percentage: number): Payload => ({
  ...payload,
  rollouts: payload.rollouts.map((rollout) =>
    isThreshold(rollout) && rollout.threshold?.value === true
      ? { ...rollout, threshold: { ...rollout.threshold, percentage } }
      : rollout,
  ),
});

/** As gRPC has it, a conflict may come as 400 (failed precondition) too; the code in the body tells. */
const refusal: VendorApiSettings["refusal"] = ({ status, body }) => {
  const code = typeof body === "object" && body !== null && "code" in body ? body.code : null;
  return status === 400 && (code === 9 || code === 10) ? { why: "conflict" } : null;
};

const flagOf = (
  api: VendorApi,
  flag: string,
  config: FliptConfig,
  values: VariantValues,
): Omit<LookedFlagParts<Payload>, "capabilities"> => {
  const [environment, namespace, key] = [config.environment, config.namespace, flag].map(encodeURIComponent);
  const path = `/api/v2/environments/${environment}/namespaces/${namespace}/resources`;

  const look = async (): Promise<Look<Payload> | FlagReadFailure> => {
    const answer = await api({
      what: "reading the flag",
      method: "GET",
      path: `${path}/flipt.core.Flag/${key}`,
      answer: answerSchema,
    });
    if (isReadFailure(answer)) return answer;
    return lookAt(answer.value.resource.payload, answer.value.revision, config, values);
  };

  return {
    look,
    // The API knows whole flags only; the revision keeps what somebody else changed since from being undone.
    write: async ({ raw, revision }, share) => {
      const payload = withPercentage(raw, Math.round(share * 100));
      const answer = await api({
        what: "setting the flag",
        method: "PUT",
        path,
        body: { key: flag, revision, payload },
        answer: writtenSchema,
      });
      return isReadFailure(answer) ? answer : lookAt(payload, answer.value.revision, config, values);
    },
    mayWrite: async () => ({ mayWrite: null, mayWriteBecause: "Flipt tells no rights, and each write is a commit" }),
  };
};

const createApi = ({ url, token }: FliptConfig, { now, timeoutMs }: FlagTargetParts): VendorApi =>
  createVendorApi({
    base: url.replace(/\/+$/, ""),
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    secrets: token === null ? [] : [token],
    now,
    timeoutMs,
    refusal,
  });

/** The flag target type `flipt`. The share is the threshold of a boolean flag. */
export const flipt: FlagTargetType<FliptConfig> = {
  type: "flipt",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("flipt"),
    url: urlSchema,
    token: z.string().min(1).nullable().default(null),
    environment: z.string().min(1).default("default"),
    namespace: z.string().min(1).default("default"),
    propagation: durationSchema.prefault("120s"),
  }),
  create: (name, config, parts) => {
    const api = createApi(config, parts);
    const capabilities = { ...CAPABILITIES, propagationMs: config.propagation };
    return {
      name,
      bind: (route, values) => lookedFlag(route, { capabilities, ...flagOf(api, route.flag, config, values) }),
      problem: () => "",
      close: async () => undefined,
    };
  },
};
