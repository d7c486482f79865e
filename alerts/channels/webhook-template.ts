import { z } from "zod";
import { unreachable } from "../../core/exhaustive.ts";
import type { Delivery, NoticePhase } from "../../core/notice.ts";
import { fillBody, fillText, type Json, templateProblem, textsOf } from "./body-template.ts";
import { acceptsFor, type Channel } from "./channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "./channel-type.ts";
import { httpPost, toDelivery } from "./http-post.ts";
import { probeAddress } from "./probe-address.ts";
import { urlSchema } from "./url-schema.ts";

/** One request, with placeholders. */
export interface RequestTemplate {
  readonly url: string;
  readonly body: Json;
}

/** Configuration of a receiver that is told by JSON of its own. */
export interface WebhookTemplateConfig extends ChannelConfig {
  readonly type: "webhook-template";
  /** Sent with every request; may hold the secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly open: RequestTemplate;
  /** Null = as `open`. */
  readonly update: RequestTemplate | null;
  /** Null = the receiver is not told. */
  readonly acknowledge: RequestTemplate | null;
  readonly resolve: RequestTemplate | null;
}

/** Placeholders belong behind the host: production text chooses no receiver. */
const isFixedHost = (url: string): boolean =>
  !(URL.parse(url)?.host ?? "{").includes("{") && !/^[^/]*\/\/[^/?#]*\{/.test(url);

const url = urlSchema
  .refine(isFixedHost, { error: "a placeholder in the host; expected placeholders in path and query only" })
  .superRefine((text, context) => {
    const problem = templateProblem(text) ?? (text.includes("{{facts}}") ? "facts are for the body" : null);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

const body = z.json().superRefine((value, context) => {
  for (const { path, text, isKey } of textsOf(value as Json)) {
    const problem = isKey ? (text.includes("{{") ? "a placeholder in a key" : null) : templateProblem(text);
    if (problem !== null) context.addIssue({ code: "custom", path: [...path], message: problem });
  }
});

const request = z.strictObject({ url, body }) as unknown as z.ZodType<RequestTemplate>;

const headers = z.record(
  z.string().regex(/^[A-Za-z0-9-]{1,64}$/, "expected the name of a header"),
  z
    .string({ error: "no text" })
    .regex(/^[\x20-\x7e]{1,4096}$/, "expected printable ASCII on one line")
    .refine((text) => !text.includes("{{"), "headers have no placeholders"),
);

/**
 * Tells a receiver by requests that the configuration writes: one to open an incident, and those for what is said later. Any
 * 2xx is delivered; 408, 429, 5xx and network errors are tried again, honouring Retry-After. An acknowledgement and an end are
 * sent only where something of the incident was delivered before.
 */
export const createWebhookTemplateChannel = (
  config: Omit<WebhookTemplateConfig, "type" | "name"> & { readonly name: string },
  { now }: { readonly now: () => number },
): Channel => {
  const templateOf = (phase: NoticePhase): RequestTemplate | null => {
    switch (phase) {
      case "open":
        return config.open;
      case "update":
        return config.update ?? config.open;
      case "acknowledge":
        return config.acknowledge;
      case "resolve":
        return config.resolve;
      default:
        return unreachable(phase);
    }
  };
  const nothing = (detail: string): Delivery => ({ outcome: "delivered", detail, receipt: "" });

  return {
    name: config.name,
    accepts: acceptsFor(config.on),
    send: async (notice, { signal, earlier = [] }) => {
      const { phase } = notice;
      const template = templateOf(phase);
      if (template === null) return nothing(`nothing to tell: there is no template for ${phase}`);
      const isLater = phase === "acknowledge" || phase === "resolve";
      if (isLater && !earlier.some(({ receipt }) => receipt === "told"))
        return nothing(`nothing to ${phase}: nothing was told before`);
      const result = await httpPost({
        url: fillText(template.url, notice, encodeURIComponent),
        headers: { "content-type": "application/json", ...config.headers },
        body: JSON.stringify(fillBody(template.body, notice)),
        signal,
      });
      if ("status" in result && result.status >= 200 && result.status < 300)
        return { outcome: "delivered", detail: `HTTP ${result.status}`, receipt: isLater ? "" : "told" };
      return toDelivery(result, "", now());
    },
    probe: (signal) => probeAddress(config.open.url, signal),
  };
};

/** The channel type `webhook-template`. Other bodies and headers are the same destination. */
export const webhookTemplate: ChannelType<WebhookTemplateConfig> = {
  type: "webhook-template",
  schema: z.strictObject({
    type: z.literal("webhook-template"),
    headers: headers.default({}),
    open: request,
    update: request.nullable().default(null),
    acknowledge: request.nullable().default(null),
    resolve: request.nullable().default(null),
    ...commonKeys,
  }),
  destination: ({ open }) => open.url,
  create: createWebhookTemplateChannel,
};
