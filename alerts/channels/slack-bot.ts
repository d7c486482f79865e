import { z } from "zod";
import type { Delivery, Notice } from "../../core/notice.ts";
import { type Attempt, acceptsFor, type Channel } from "./channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "./channel-type.ts";
import { probeSlack } from "./probe-slack.ts";
import { callSlack, refusalOf, type SlackAccess, type SlackAnswer } from "./slack-api.ts";
import { pageButton } from "./slack-button.ts";
import { type SlackMessage, slackMessage } from "./slack-message.ts";
import { readRoot, rootMessage, rootOf, rootReceipt, type ThreadRoot } from "./slack-thread.ts";
import { urlSchema } from "./url-schema.ts";

/** Configuration of a Slack app that posts by its bot token: one thread an incident. The token is the secret. */
export interface SlackBotConfig extends ChannelConfig {
  readonly type: "slack-bot";
  /** Bot token of the app, with the scope chat:write. */
  readonly token: string;
  /** Id of the channel. */
  readonly channel: string;
  /** Whether messages have a button to the agent's page, beside the link. */
  readonly buttons: boolean;
  /** Where Slack's methods are, with a slash at the end. */
  readonly url: string;
}

/** Refusals of the layout and not of the message. */
const LAYOUT_ERRORS = new Set([
  ...["invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long"],
  ...["block_mismatch", "invalid_arguments"],
]);

/** Refusals that say that the first message is gone, or another app's: the app was made anew. */
const NO_ROOT = new Set(["message_not_found", "thread_not_found", "cant_update_message"]);
/** Refusals of a reply to it. */
const NO_REPLY = new Set([
  ...["message_not_found", "thread_not_found", "cannot_reply_to_message"],
  "restricted_action_non_threadable_channel",
]);

/** Longest wait for the first message's new state, ms: the notice itself is what people wait for. */
const UPDATE_MS = 3_000;

/** Where a message goes. */
interface Place {
  readonly channel: string;
  readonly thread_ts?: string;
  /** Shows a reply in the channel as well. */
  readonly reply_broadcast?: true;
}

/** Nothing is looked for in the text: neither names nor addresses. */
const AS_IT_IS = { parse: "none", link_names: false } as const;

const isWord = (answer: SlackAnswer, words: ReadonlySet<string>): answer is Extract<SlackAnswer, { ok: false }> =>
  answer.ok === false && words.has(answer.error);

/** Slack posts the reply to a message that was just deleted as a message of its own: that is the root from then on. */
const newRootOf = ({ body }: Extract<SlackAnswer, { readonly ok: true }>, { title }: Notice): ThreadRoot | null => {
  const message = body.message as Readonly<Record<string, unknown>> | null | undefined;
  const isReply = typeof message !== "object" || message === null || "thread_ts" in message;
  return isReply ? null : readRoot(body, title);
};

const deliveryOf = (answer: Exclude<SlackAnswer, { readonly ok: true }>): Delivery =>
  answer.ok === null ? answer.delivery : refusalOf(answer);

/**
 * Posts notices with a bot token. The first notice of an incident is a message, and each further one a reply in its
 * thread; what is critical or ends the incident is shown in the channel as well, since a reply alone wakes nobody. The first
 * message is brought up to date; where it was deleted, the next notice is a first message again. An update that fails
 * fails no delivery.
 */
export const createSlackBotChannel = (
  { name, on, token, channel, buttons, url }: Omit<SlackBotConfig, "type" | "name"> & { readonly name: string },
  { now }: { readonly now: () => number },
): Channel => {
  const access: SlackAccess = { url, token };
  const call = (method: string, body: object, signal: AbortSignal): Promise<SlackAnswer> =>
    callSlack(access, method, body, { signal, now: now() });

  const post = async (message: SlackMessage, place: Place, signal: AbortSignal): Promise<SlackAnswer> => {
    const answer = await call("chat.postMessage", { ...place, ...message, ...AS_IT_IS }, signal);
    if (!isWord(answer, LAYOUT_ERRORS)) return answer;
    // A page that is plain is better than a page that is lost.
    return call("chat.postMessage", { ...place, text: message.text, unfurl_links: false, ...AS_IT_IS }, signal);
  };

  const messageOf = (notice: Notice): SlackMessage =>
    buttons ? pageButton(notice, slackMessage(notice)) : slackMessage(notice);

  const postFirst = async (notice: Notice, signal: AbortSignal, detail: string): Promise<Delivery> => {
    const answer = await post(messageOf(notice), { channel }, signal);
    if (answer.ok !== true) return deliveryOf(answer);
    const root = notice.incident === "" ? null : readRoot(answer.body, notice.title);
    return { outcome: "delivered", detail, ...(root === null ? {} : { receipt: rootReceipt(root) }) };
  };

  const update = (root: ThreadRoot, notice: Notice, signal: AbortSignal): Promise<SlackAnswer> => {
    const { unfurl_links: _, ...message } = rootMessage(root, notice);
    const soon = AbortSignal.any([signal, AbortSignal.timeout(UPDATE_MS)]);
    return call("chat.update", { channel: root.channel, ts: root.ts, ...message, ...AS_IT_IS }, soon);
  };

  const reply = async (root: ThreadRoot, notice: Notice, signal: AbortSignal): Promise<Delivery> => {
    // Before the reply: one in the thread of a deleted message would be seen by nobody.
    const updated = await update(root, notice, signal);
    if (isWord(updated, NO_ROOT)) return postFirst(notice, signal, "ok, anew: the first message is gone");
    const isLoud = notice.severity === "critical" || notice.phase === "resolve";
    const place: Place = {
      ...{ channel: root.channel, thread_ts: root.ts },
      ...(isLoud ? { reply_broadcast: true as const } : {}),
    };
    const answer = await post(messageOf(notice), place, signal);
    if (isWord(answer, NO_REPLY)) return postFirst(notice, signal, "ok, anew: the thread takes no replies");
    if (answer.ok !== true) return deliveryOf(answer);
    const detail = updated.ok === true ? "ok, in the thread" : "ok, in the thread; the first message is not up to date";
    return { outcome: "delivered", detail, receipt: rootReceipt(newRootOf(answer, notice) ?? root) };
  };

  return {
    name,
    accepts: acceptsFor(on),
    send: (notice, { signal, earlier = [] }: Attempt) => {
      const root = notice.incident === "" ? null : rootOf(earlier);
      return root === null ? postFirst(notice, signal, "ok") : reply(root, notice, signal);
    },
    probe: (signal) => probeSlack(access, channel, { signal, now: now() }),
  };
};

/** The channel type `slack-bot`. */
export const slackBot: ChannelType<SlackBotConfig> = {
  type: "slack-bot",
  isRead: true,
  schema: z.strictObject({
    type: z.literal("slack-bot"),
    token: z
      .string({ error: "no text; expected a bot token (xoxb-…)" })
      .regex(/^xox[a-z.-]+[A-Za-z0-9.-]{8,500}$/, "no usable token; expected a bot token (xoxb-…)"),
    channel: z
      .string({ error: "no text; expected the id of a channel, such as C0123456789" })
      .regex(/^[CGDU][A-Z0-9]{5,20}$/, "expected the id of a channel, such as C0123456789: its details show it"),
    buttons: z.boolean().default(false),
    url: urlSchema.default("https://slack.com/api/").transform((url) => (url.endsWith("/") ? url : `${url}/`)),
    ...commonKeys,
  }),
  destination: ({ url, channel }) => `${url} ${channel}`,
  create: createSlackBotChannel,
};
