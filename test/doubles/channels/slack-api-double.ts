import { z } from "zod";
import { slackPayload } from "../../../demo/slack-shape.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "../flags/vendor-double.ts";

/** A message as the double has it. */
export interface SlackDoubleMessage {
  readonly ts: string;
  /** The message it is a reply to; null for one of its own. */
  readonly thread: string | null;
  /** True for a reply that the channel shows as well. */
  readonly isBroadcast: boolean;
  /** What it says now. */
  readonly content: z.infer<typeof slackPayload>;
  readonly edits: number;
}

/** Slack's Web API, as far as posting needs it. */
export interface SlackApiDouble extends Omit<VendorDouble, "url"> {
  /** Where its methods are, with a slash at the end. */
  readonly url: string;
  readonly messages: () => readonly SlackDoubleMessage[];
  /** A person deletes a message. */
  readonly remove: (ts: string) => void;
}

/** The token and the channel the double knows; the app is in the channel unless `isMember` is false. */
export interface SlackApiDoubleSettings {
  readonly token: string;
  readonly channel: string;
  readonly isMember?: boolean;
  readonly scopes?: string;
  /** Least time between two messages, ms; the next one sooner is refused with 429 and Retry-After. Default 0. */
  readonly spacingMs?: number;
}

const AS_IT_IS = { parse: z.literal("none"), link_names: z.literal(false) };
const TS = z.string().regex(/^\d{10}\.\d{6}$/);
const CONTENT = ["text", "blocks", "unfurl_links"] as const;

const posted = z
  .strictObject({
    ...{ channel: z.string(), thread_ts: TS.optional(), reply_broadcast: z.boolean().optional() },
    ...{ text: z.unknown(), blocks: z.unknown().optional(), unfurl_links: z.literal(false), ...AS_IT_IS },
  })
  .refine((body) => body.thread_ts !== undefined || body.reply_broadcast === undefined);
const edited = z.strictObject({
  ...{ channel: z.string(), ts: TS, text: z.unknown(), blocks: z.unknown().optional(), ...AS_IT_IS },
});

const contentOf = (body: object) =>
  slackPayload.safeParse(Object.fromEntries(Object.entries(body).filter(([key]) => CONTENT.some((k) => k === key))));

const no = (error: string): VendorDoubleReply => ({ status: 200, body: { ok: false, error } });

/** Starts the double. What Slack would refuse is refused with Slack's own word, bodies that nobody documents included. */
export const startSlackApiDouble = async (settings: SlackApiDoubleSettings): Promise<SlackApiDouble> => {
  const { token, channel, isMember = true, scopes = "chat:write,channels:read", spacingMs = 0 } = settings;
  let messages: SlackDoubleMessage[] = [];
  let [count, lastAt] = [0, Number.NEGATIVE_INFINITY];

  const post = (input: unknown): VendorDoubleReply => {
    const body = posted.safeParse(input);
    if (!body.success) return no("invalid_arguments");
    if (body.data.channel !== channel) return no("channel_not_found");
    if (!isMember) return no("not_in_channel");
    const content = contentOf(body.data);
    if (!content.success) return no(content.error.issues[0]?.path[0] === "blocks" ? "invalid_blocks" : "no_text");
    if (Date.now() - lastAt < spacingMs)
      return { status: 429, headers: { "retry-after": "1" }, body: { ok: false, error: "ratelimited" } };
    lastAt = Date.now();
    // As Slack does: the reply to a message that is gone is one of its own.
    const root = messages.find(({ ts }) => ts === body.data.thread_ts)?.ts ?? null;
    count += 1;
    const ts = `${1_800_000_000 + count}.${String(count).padStart(6, "0")}`;
    const isBroadcast = root !== null && body.data.reply_broadcast === true;
    messages = [...messages, { ts, thread: root, isBroadcast, content: content.data, edits: 0 }];
    const message = { type: "message", ts, text: content.data.text, ...(root === null ? {} : { thread_ts: root }) };
    return { status: 200, body: { ok: true, channel, ts, message } };
  };

  const edit = (input: unknown): VendorDoubleReply => {
    const body = edited.safeParse(input);
    if (!body.success) return no("invalid_arguments");
    if (body.data.channel !== channel) return no("channel_not_found");
    const content = contentOf(body.data);
    if (!content.success) return no("invalid_blocks");
    if (!messages.some(({ ts }) => ts === body.data.ts)) return no("message_not_found");
    messages = messages.map((each) =>
      each.ts === body.data.ts ? { ...each, content: content.data, edits: each.edits + 1 } : each,
    );
    return { status: 200, body: { ok: true, channel, ts: body.data.ts, text: content.data.text } };
  };

  const about = (asked: string | null): VendorDoubleReply => {
    if (!scopes.includes("channels:read")) return no("missing_scope");
    return asked === channel
      ? { status: 200, body: { ok: true, channel: { id: channel, is_member: isMember, is_archived: false } } }
      : no("channel_not_found");
  };

  const handle = ({ method, path, headers, query, body }: VendorDoubleRequest): VendorDoubleReply => {
    if (headers.authorization !== `Bearer ${token}`) return no(headers.authorization ? "invalid_auth" : "not_authed");
    const isJson = (headers["content-type"] ?? "").startsWith("application/json");
    if (method === "POST" && !isJson) return no("invalid_post_type");
    if (path === "/api/auth.test") return { status: 200, headers: { "x-oauth-scopes": scopes }, body: { ok: true } };
    if (method === "GET")
      return path === "/api/conversations.info" ? about(query.get("channel")) : no("unknown_method");
    if (path === "/api/chat.postMessage") return post(body);
    return path === "/api/chat.update" ? edit(body) : no("unknown_method");
  };

  const double = await startVendorDouble({
    handle,
    keep: () => {
      const kept = messages;
      return () => {
        messages = kept;
      };
    },
  });
  return {
    ...double,
    url: `${double.url}/api/`,
    messages: () => messages,
    remove: (ts) => {
      messages = messages.filter((each) => each.ts !== ts);
    },
  };
};
