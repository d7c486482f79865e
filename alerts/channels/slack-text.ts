import type { NoticeLink } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { oneLine } from "./one-line.ts";
import { webLink } from "./web-link.ts";

/** Text that Slack shows as it is. */
export interface SlackPlainText {
  readonly type: "plain_text";
  readonly text: string;
  readonly emoji: false;
}

/** Text with a link in it; Slack looks for nothing else in it. */
export interface SlackLinkText {
  readonly type: "mrkdwn";
  readonly text: string;
  readonly verbatim: true;
}

/** Longest address that is offered, characters, with what stands for `&`: Slack takes 3000. */
const MAX_LINK = 2500;
const MAX_LABEL = 80;

const ENTITY: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escapeOne = (codePoint: string): string => ENTITY[codePoint] ?? codePoint;

/**
 * Takes the meaning out of what a model or a user may have written. `<!channel>`, `<@U1>` and `<url|text>` lose their
 * brackets to escaping; what Slack would still turn into a link or a mention by itself is broken visibly (`[:]//`) or
 * by an invisible joiner (`@channel`).
 */
const disarm = (text: string): string =>
  oneLine(text)
    .replaceAll("://", "[:]//")
    .replace(/@(?=channel|here|everyone|group)/gi, "@\u2060");

/** `text` without any meaning to Slack, escaped, at most `limit` characters, never empty. */
export const safeText = (text: string, limit: number): string => clamp(disarm(text), limit, escapeOne) || "–";

/** Such a text as an object of Slack's. */
export const plainText = (text: string, limit: number): SlackPlainText => ({
  type: "plain_text",
  text: safeText(text, limit),
  emoji: false,
});

/** A link as Slack markup, whose own form has no brackets; null for anything but a plain http(s) address. */
export const linkText = ({ label, url }: NoticeLink): SlackLinkText | null => {
  const href = webLink(url).replace(/[<>|]/g, encodeURIComponent).replaceAll("&", "&amp;");
  const text = `<${href}|${safeText(label, MAX_LABEL).replaceAll("|", "/")}>`;
  return href === "" || href.length > MAX_LINK ? null : { type: "mrkdwn", text, verbatim: true };
};
