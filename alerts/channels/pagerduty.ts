import { z } from "zod";
import type { Delivery, Notice } from "../../core/notice.ts";
import { type Attempt, acceptsFor, type Channel, type ChannelProbe } from "./channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "./channel-type.ts";
import { httpPost, type PostResult, toDelivery } from "./http-post.ts";
import { type PagerDutyAction, type PagerDutyEvent, pagerDutyEvent } from "./pagerduty-event.ts";
import { urlSchema } from "./url-schema.ts";

/** Configuration of a PagerDuty service, reached by its Events API v2. */
export interface PagerDutyConfig extends ChannelConfig {
  readonly type: "pagerduty";
  /** The integration key of the service, 32 letters and digits: the secret. */
  readonly routingKey: string;
  /** Where the Events API is. Default: the US region. */
  readonly url: string;
}

const keySchema = z
  .string({ error: "no text; expected the integration key of an Events API v2 integration" })
  .regex(/^[A-Za-z0-9]{32}$/, "no usable key; expected the 32 letters and digits of an Events API v2 integration");

const ADVICE: Readonly<Record<number, string>> = {
  400: "PagerDuty refuses the event; check that routingKey is the key of an Events API v2 integration, and the region of url",
  404: "no Events API here; check url (https://events.pagerduty.com, https://events.eu.pagerduty.com)",
};

const acceptedSchema = z.object({ status: z.literal("success") });

const isAccepted = (text: string): boolean => {
  try {
    return acceptedSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
};

const judge = (result: PostResult, now: number, receipt: string): Delivery => {
  const status = "status" in result ? result.status : 0;
  if (status === 202 && "text" in result && isAccepted(result.text))
    return { outcome: "delivered", detail: `accepted (${receipt})`, receipt };
  if (status < 200 || status > 299) return toDelivery(result, ADVICE[status] ?? "", now);
  // PagerDuty answers 202 and says success. Anything else came from something in between, e.g. a proxy's login page.
  return { outcome: "retry", detail: `HTTP ${status}, but the answer is not PagerDuty's`, retryAfterMs: null };
};

/** Whoever writes the address of the call itself means its host. */
const baseOf = (url: string): string => url.replace(/\/+$/, "").replace(/\/v2(\/change)?\/enqueue$/, "");

/** What a delivered event did is its receipt: a change event opens nothing that could be closed. */
const wasTriggered = ({ earlier = [] }: Attempt): boolean => earlier.some(({ receipt }) => receipt === "trigger");

/**
 * Sends notices to PagerDuty: what opens an incident or says more about it triggers the alert of its key, what ends it
 * resolves the alert, if this channel triggered it. Stages are change events. 429, 5xx and network errors are tried
 * again, honouring Retry-After; 400 is final.
 */
export const createPagerDutyChannel = (
  { name, routingKey, url, on }: Omit<PagerDutyConfig, "type" | "name"> & { readonly name: string },
  { now }: { readonly now: () => number },
): Channel => {
  const post = async (path: string, body: object, receipt: string, signal: AbortSignal): Promise<Delivery> => {
    const text = JSON.stringify({ routing_key: routingKey, ...body });
    const headers = { "content-type": "application/json" };
    return judge(await httpPost({ url: `${baseOf(url)}${path}`, headers, body: text, signal }), now(), receipt);
  };
  const alert = (
    body: Extract<PagerDutyEvent, { kind: "alert" }>["body"],
    action: PagerDutyAction,
    { signal }: Attempt,
  ) => post("/v2/enqueue", { ...body, event_action: action }, action, signal);

  const send = async (notice: Notice, attempt: Attempt): Promise<Delivery> => {
    const event = pagerDutyEvent(notice);
    if (event.kind === "change") return post("/v2/change/enqueue", event.body, "change", attempt.signal);
    const { event_action: action } = event.body;
    if (action !== "trigger" && !wasTriggered(attempt))
      return { outcome: "delivered", detail: `nothing to ${action}: no alert was triggered`, receipt: "" };
    const sent = await alert(event.body, action, attempt);
    // A test shows that an alert gets there, and leaves none behind.
    return notice.type === "test" && sent.outcome === "delivered" ? alert(event.body, "resolve", attempt) : sent;
  };
  /** The end of an alert that never was is dropped; whether the key is one of an integration is told all the same. */
  const probe = async (signal: AbortSignal): Promise<ChannelProbe> => {
    const body = { event_action: "resolve", dedup_key: `leeway-probe-${name}` };
    const { outcome, detail } = await post("/v2/enqueue", body, "resolve", signal);
    return outcome === "delivered"
      ? { outcome: "ready", detail: "PagerDuty takes events for this key" }
      : { outcome: "failed", detail };
  };
  return { name, accepts: acceptsFor(on), send, probe };
};

/** The channel type `pagerduty`. A service in the other region is another destination. */
export const pagerduty: ChannelType<PagerDutyConfig> = {
  type: "pagerduty",
  isRead: true,
  schema: z
    .strictObject({
      type: z.literal("pagerduty"),
      routingKey: keySchema,
      url: urlSchema.default("https://events.pagerduty.com"),
      ...commonKeys,
    })
    .refine(({ routingKey, on }) => !(routingKey.startsWith("R") && on.includes("stage")), {
      path: ["on"],
      error: "the key of a ruleset (R…) takes no change events; use a service's key, or list in `on` all but stage",
    }),
  destination: ({ routingKey, url }) => `${baseOf(url)} ${routingKey}`,
  create: createPagerDutyChannel,
};
