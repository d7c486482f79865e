import { createHash } from "node:crypto";
import { z } from "zod";
import { urlSchema } from "../channels/url-schema.ts";
import { durationSchema } from "../duration-schema.ts";
import { createSigner, secretSchema } from "../standard-webhooks.ts";
import { type FlagCapabilities, type FlagReadFailure, isReadFailure } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import { type AskPlainly, type PlainRequest, plainAnswerSchema, plainFlag } from "./plain-protocol.ts";
import { createVendorApi } from "./vendor-api.ts";

/** Configuration of a receiver of the user's own, which reads and sets flags for Leeway. Durations are ms. */
export interface FlagWebhookConfig extends FlagTargetConfig {
  readonly type: "webhook";
  readonly url: string;
  /** What requests are signed with: `whsec_` and the base64 of 24 to 64 bytes. */
  readonly secret: string;
  /** How long after a write apps may still go by the share before. Default 30 s. */
  readonly propagation: number;
  /** Shortest time between two looks. Default 30 s. */
  readonly poll: number;
  /** Longest wait for one answer; no answer is asked for once more. Default 4 s. */
  readonly timeout: number;
}

const CAPABILITIES: FlagCapabilities = {
  kill: false,
  segments: false,
  guards: true,
  shareStep: 0,
  propagationMs: 30_000,
  pollMs: 30_000,
};

const isTimeout = (ms: number): boolean => ms >= 10 && ms <= 5_000;

/** Nobody answered, or something in between did: the same request again is worth its time, because its id is the same. */
const isWorthARepeat = (answer: object | FlagReadFailure): boolean =>
  isReadFailure(answer) && answer.why === "transient" && answer.retryAfterMs === null;

/** Asks a receiver. Each request has an id of its own, which a repeat of it keeps: a receiver may drop what it has done. */
const askReceiver = ({ url, secret, timeout }: FlagWebhookConfig, name: string, now: () => number): AskPlainly => {
  const { pathname, search } = new URL(url);
  const secrets = [secret, secret.slice("whsec_".length), url, ...(pathname.length > 1 ? [pathname + search] : [])];
  const api = createVendorApi({ base: url, headers: {}, secrets, now, timeoutMs: timeout });
  const sign = createSigner(secret, now);
  let asked = 0;

  const idOf = (request: PlainRequest): string => {
    asked += 1;
    const content = JSON.stringify([name, now(), asked, request]);
    return `flag_${createHash("sha256").update(content).digest("hex").slice(0, 32)}`;
  };

  return async (request) => {
    const body = {
      type: `leeway.flag.${request.do}`,
      timestamp: new Date(now()).toISOString(),
      data: request,
    };
    const [id, text] = [idOf(request), JSON.stringify(body)];
    const send = async () =>
      api({
        what: request.do === "read" ? "reading the flag" : "setting the flag",
        method: "POST",
        path: "",
        headers: sign(id, text),
        body,
        answer: plainAnswerSchema,
      });
    const first = await send();
    const answer = isWorthARepeat(first) ? await send() : first;
    return isReadFailure(answer) ? answer : answer.value;
  };
};

/** The flag target type `webhook`: any flag system, behind a receiver that verifies Standard Webhooks; docs/flags.md has one. */
export const webhook: FlagTargetType<FlagWebhookConfig> = {
  type: "webhook",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("webhook"),
    url: urlSchema,
    secret: secretSchema,
    propagation: durationSchema.prefault("30s"),
    poll: durationSchema.prefault("30s"),
    timeout: durationSchema.refine(isTimeout, "expected 10ms to 5s: a flip asks twice in its ten").prefault("4s"),
  }),
  create: (name, config, { now }) => {
    const ask = askReceiver(config, name, now);
    const capabilities = { ...CAPABILITIES, propagationMs: config.propagation, pollMs: config.poll };
    const who = `the receiver at ${new URL(config.url).host}`;
    return {
      name,
      bind: (route, values) => plainFlag(route, values, { ask, capabilities, who }),
      problem: () => "",
      close: async () => undefined,
    };
  },
};
