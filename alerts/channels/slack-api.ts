import type { Delivery } from "../../core/notice.ts";
import { retryAfterMs } from "../../core/retry-after.ts";
import { httpCall } from "../http-call.ts";
import { jsonObject } from "./json-object.ts";

/** Where Slack's methods are, and who asks. */
export interface SlackAccess {
  /** With a slash at its end. */
  readonly url: string;
  readonly token: string;
}

/** How a call of a method ended. */
export type SlackAnswer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>>; readonly headers: Headers }
  /** Slack refused; its own word for why. */
  | { readonly ok: false; readonly error: string; readonly retryAfterMs: number | null }
  /** No answer of Slack's. */
  | { readonly ok: null; readonly delivery: Delivery };

/** How much of an answer is read, bytes: it repeats the message. */
const ANSWER_BYTES = 512 * 1024;

const isRetryable = (status: number): boolean => status === 408 || status === 429 || status >= 500;

const noAnswer = (status: number, waitMs: number | null): SlackAnswer => {
  if (isRetryable(status) || status === 200)
    return {
      ok: null,
      delivery: {
        outcome: "retry",
        detail: status === 200 ? "HTTP 200, but the answer is not Slack's" : `HTTP ${status}`,
        retryAfterMs: waitMs,
      },
    };
  return { ok: null, delivery: { outcome: "failed", detail: `HTTP ${status}` } };
};

/**
 * Calls one of Slack's methods: with a body by POST, without one (null) by GET. Never rejects; errors are kept as Slack's
 * own word, and nothing else of its answer.
 */
export const callSlack = async (
  { url, token }: SlackAccess,
  method: string,
  body: object | null,
  { signal, now }: { readonly signal: AbortSignal; readonly now: number },
): Promise<SlackAnswer> => {
  const sent = body === null ? ({ method: "GET" } as const) : ({ method: "POST", body: JSON.stringify(body) } as const);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === null ? {} : { "content-type": "application/json; charset=utf-8" }),
  };
  const answer = await httpCall({ ...sent, headers, url: new URL(method, url).href, signal, maxBytes: ANSWER_BYTES });
  if ("error" in answer) return { ok: null, delivery: { outcome: "retry", detail: answer.error, retryAfterMs: null } };
  const waitMs = retryAfterMs(answer.headers.get("retry-after"), now);
  const found = jsonObject(answer.text);
  if (answer.status === 200 && found?.ok === true) return { ok: true, body: found, headers: answer.headers };
  const error = found?.ok === false && typeof found.error === "string" ? found.error : "";
  // A status of its own, such as 429, says more than the word that may come with it.
  if (!/^[a-z_]{2,60}$/.test(error) || (answer.status !== 200 && answer.status !== 429))
    return noAnswer(answer.status, waitMs);
  return { ok: false, error, retryAfterMs: waitMs };
};

/** Refusals that no further try changes, and what a person can do about them. */
const FINAL: Readonly<Record<string, string>> = {
  channel_not_found: "check the channel's id, and invite the app to a private one",
  not_in_channel: "invite the app to the channel",
  is_archived: "the channel is archived; name another one",
  is_inactive: "the channel is archived; name another one",
  restricted_action: "the workspace does not let the app post there",
  restricted_action_read_only_channel: "the app may not post to this channel",
  restricted_action_thread_only_channel: "the channel takes replies only",
  invalid_auth: "the token is not valid, or not from this address",
  not_authed: "the token is not valid",
  account_inactive: "the app was removed; make a new token",
  token_revoked: "make a new token",
  token_expired: "make a token that does not expire",
  missing_scope: "give the app the scope chat:write",
  no_permission: "give the app the scope chat:write, and invite it to the channel",
  not_allowed_token_type: "use the bot token of an app (xoxb-)",
  access_denied: "the workspace refuses the app",
  ekm_access_denied: "the workspace's administrators suspended posting",
  team_access_not_granted: "the token is for another workspace",
  no_text: "",
  too_many_attachments: "",
};

/** What a refusal means for a notice. A word nobody has seen is tried again: a page that comes late is better than none. */
export const refusalOf = ({ error, retryAfterMs }: Extract<SlackAnswer, { readonly ok: false }>): Delivery => {
  const advice = Object.hasOwn(FINAL, error) ? FINAL[error] : undefined;
  if (advice === undefined) return { outcome: "retry", detail: error, retryAfterMs };
  return { outcome: "failed", detail: advice === "" ? error : `${error}: ${advice}` };
};
