import { z } from "zod";
import type { Notice } from "../../core/notice.ts";
import { createSigner, secretSchema } from "../standard-webhooks.ts";
import { acceptsFor, type Channel } from "./channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "./channel-type.ts";
import { httpPost, type PostResult, toDelivery } from "./http-post.ts";
import { probeAddress } from "./probe-address.ts";
import { urlSchema } from "./url-schema.ts";

/** Configuration of a signed webhook (https://www.standardwebhooks.com). */
export interface WebhookConfig extends ChannelConfig {
  readonly type: "webhook";
  readonly url: string;
  /** `whsec_` and the base64 of 24 to 64 bytes. */
  readonly secret: string;
}

/** The body: `timestamp` is when it happened, the header's `webhook-timestamp` when this try was made. */
const bodyOf = (notice: Notice): string =>
  JSON.stringify({ type: `leeway.${notice.type}`, timestamp: new Date(notice.at).toISOString(), data: notice });

const reasonFor = (result: PostResult): string => {
  const status = "status" in result ? result.status : 0;
  if (status >= 300 && status < 400) return "redirects are not followed; configure the final address";
  return status === 410 ? "the receiver is gone; remove this channel" : "";
};

/**
 * Posts notices as Standard Webhooks: `webhook-id` is the notice's id and stays the same on every try, so a receiver
 * can drop repeats. Any 2xx is delivered; 408, 429, 5xx and network errors are tried again, honouring Retry-After.
 */
export const createWebhookChannel = (
  { name, url, secret, on }: Pick<WebhookConfig, "url" | "secret" | "on"> & { readonly name: string },
  { now }: { readonly now: () => number },
): Channel => {
  const sign = createSigner(secret, now);
  return {
    name,
    accepts: acceptsFor(on),
    send: async (notice, { signal }) => {
      const body = bodyOf(notice);
      const result = await httpPost({ url, headers: sign(notice.id, body), body, signal });
      if ("status" in result && result.status >= 200 && result.status < 300) {
        return { outcome: "delivered", detail: `HTTP ${result.status}` };
      }
      return toDelivery(result, reasonFor(result), now());
    },
    probe: (signal) => probeAddress(url, signal),
  };
};

/** The channel type `webhook`. A new secret is the same destination. */
export const webhook: ChannelType<WebhookConfig> = {
  type: "webhook",
  schema: z.strictObject({ type: z.literal("webhook"), url: urlSchema, secret: secretSchema, ...commonKeys }),
  destination: ({ url }) => url,
  create: createWebhookChannel,
};
