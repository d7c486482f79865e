import { z } from "zod";
import type { Delivery } from "../../core/notice.ts";
import { acceptsFor, type Channel } from "./channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "./channel-type.ts";
import { httpPost, type PostResult, toDelivery } from "./http-post.ts";
import { probeAddress } from "./probe-address.ts";
import { slackMessage } from "./slack-message.ts";
import { urlSchema } from "./url-schema.ts";

/** Configuration of a Slack incoming webhook. The address is the secret. */
export interface SlackConfig extends ChannelConfig {
  readonly type: "slack";
  readonly url: string;
}

/** Slack's own word for an error (`invalid_blocks`), and nothing else: a proxy's page does not belong in the ledger. */
const wordOf = (result: PostResult): string => {
  const text = "text" in result ? result.text.trim() : "";
  return /^[a-z_]{2,60}$/.test(text) ? text : "";
};

/** Answers that refuse the layout and not the message. */
const LAYOUT_ERRORS = new Set(["invalid_blocks", "invalid_blocks_format", "invalid_payload"]);

const judge = (result: PostResult, now: number): Delivery => {
  const word = wordOf(result);
  const status = "status" in result ? result.status : 0;
  if (status === 200 && word === "ok") return { outcome: "delivered", detail: "ok" };
  if (status < 200 || status > 299) return toDelivery(result, word, now);
  // Slack answers 200 with exactly "ok". Anything else came from something in between, e.g. a proxy's login page.
  return { outcome: "retry", detail: `HTTP ${status}, but the answer is not Slack's ok`, retryAfterMs: null };
};

/**
 * Posts notices to a Slack incoming webhook. When Slack refuses the layout, the same try sends the bare text: a page
 * that is plain is better than a page that is lost. 429 and 5xx are tried again, honouring Retry-After.
 */
export const createSlackChannel = (
  { name, url, on }: Pick<SlackConfig, "url" | "on"> & { readonly name: string },
  { now }: { readonly now: () => number },
): Channel => {
  const post = (message: object, signal: AbortSignal): Promise<PostResult> =>
    httpPost({ url, headers: { "content-type": "application/json" }, body: JSON.stringify(message), signal });
  return {
    name,
    accepts: acceptsFor(on),
    send: async (notice, { signal }) => {
      const message = slackMessage(notice);
      const result = await post(message, signal);
      if (!LAYOUT_ERRORS.has(wordOf(result))) return judge(result, now());
      const plain = judge(await post({ text: message.text }, signal), now());
      return plain.outcome === "delivered" ? { ...plain, detail: `ok, as plain text (${wordOf(result)})` } : plain;
    },
    probe: (signal) => probeAddress(url, signal),
  };
};

/** The channel type `slack`. */
export const slack: ChannelType<SlackConfig> = {
  type: "slack",
  isRead: true,
  schema: z.strictObject({ type: z.literal("slack"), url: urlSchema, ...commonKeys }),
  destination: ({ url }) => url,
  create: createSlackChannel,
};
