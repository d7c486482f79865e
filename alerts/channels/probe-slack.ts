import type { ChannelProbe } from "./channel.ts";
import { callSlack, refusalOf, type SlackAccess, type SlackAnswer } from "./slack-api.ts";

const failed = (answer: Exclude<SlackAnswer, { readonly ok: true }>): ChannelProbe => {
  const { outcome, detail } = answer.ok === null ? answer.delivery : refusalOf(answer);
  return { outcome: outcome === "retry" ? "unknown" : "failed", detail };
};

/** Slack names the scopes of a token with every answer; null where it does not. */
const mayWrite = (headers: Headers): boolean | null => {
  const scopes = headers.get("x-oauth-scopes");
  return scopes === null ? null : scopes.split(",").some((scope) => scope.trim() === "chat:write");
};

/**
 * Asks Slack who the token is, and about the channel. Without the scope to read channels (`channels:read`, of private ones
 * `groups:read`), which posting does not need, whether the app is in it stays unknown.
 */
export const probeSlack = async (
  access: SlackAccess,
  channel: string,
  when: { readonly signal: AbortSignal; readonly now: number },
): Promise<ChannelProbe> => {
  const who = await callSlack(access, "auth.test", null, when);
  if (who.ok !== true) return failed(who);
  if (mayWrite(who.headers) === false)
    return { outcome: "failed", detail: "the token may not post: give the app the scope chat:write" };
  const found = await callSlack(access, `conversations.info?channel=${encodeURIComponent(channel)}`, null, when);
  if (found.ok === null || (found.ok === false && found.error === "missing_scope"))
    return { outcome: "unknown", detail: "the token is valid; whether the app is in the channel is not known" };
  if (found.ok === false) return failed(found);
  const about = found.body.channel as Readonly<Record<string, unknown>> | null | undefined;
  if (about?.is_archived === true) return { outcome: "failed", detail: "the channel is archived; name another one" };
  return about?.is_member === true
    ? { outcome: "ready", detail: "the token is valid, and the app is in the channel" }
    : { outcome: "unknown", detail: "the token is valid, but the app is not in the channel: invite it" };
};
