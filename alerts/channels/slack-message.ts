import type { Notice } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { oneLine } from "./one-line.ts";

interface PlainText {
  readonly type: "plain_text";
  readonly text: string;
  readonly emoji: false;
}

interface LinkText {
  readonly type: "mrkdwn";
  readonly text: string;
  readonly verbatim: true;
}

/** The blocks a notice needs. */
export type SlackBlock =
  | { readonly type: "header"; readonly text: PlainText }
  | { readonly type: "section"; readonly text: PlainText }
  | { readonly type: "section"; readonly fields: readonly PlainText[] }
  | { readonly type: "context"; readonly elements: readonly (PlainText | LinkText)[] };

/** Body of an incoming webhook call. `text` is what notifications show and what old clients fall back to. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly unfurl_links: false;
}

// Slack's limits, in characters: header 150, section 3000, field 2000, context element 2000 by observation.
const LIMIT = { header: 150, section: 3000, field: 2000, context: 300, text: 3000, link: 2500 } as const;
const FIELDS_PER_SECTION = 10;
const MAX_FACTS = 40;

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

const safe = (text: string, limit: number): string => clamp(disarm(text), limit, escapeOne) || "–";

const plain = (text: string, limit: number): PlainText => ({
  type: "plain_text",
  text: safe(text, limit),
  emoji: false,
});

const field = ([label, value]: readonly [string, string]): PlainText => {
  const head = safe(label, 200);
  return { type: "plain_text", text: `${head}\n${safe(value, LIMIT.field - head.length - 1)}`, emoji: false };
};

const shownFacts = (facts: Notice["facts"]): Notice["facts"] =>
  facts.length <= MAX_FACTS
    ? facts
    : [...facts.slice(0, MAX_FACTS - 1), ["More", `${facts.length - MAX_FACTS + 1} facts are not shown`]];

const factSections = (facts: Notice["facts"]): SlackBlock[] => {
  const fields = shownFacts(facts).map(field);
  const sections: SlackBlock[] = [];
  for (let i = 0; i < fields.length; i += FIELDS_PER_SECTION) {
    sections.push({ type: "section", fields: fields.slice(i, i + FIELDS_PER_SECTION) });
  }
  return sections;
};

/** The link as Slack markup; empty for anything but a plain http(s) address, whose own URL form has no brackets. */
const linkMarkup = (link: string): string => {
  const url = URL.parse(link);
  if (url === null || !/^https?:$/.test(url.protocol)) return "";
  const href = url.href.replace(/[<>|]/g, encodeURIComponent).replaceAll("&", "&amp;");
  return href.length <= LIMIT.link ? `<${href}|Open the evidence>` : "";
};

const context = (notice: Notice): SlackBlock => {
  const facts = [notice.migration, notice.incident, new Date(notice.at).toISOString()].filter((text) => text !== "");
  const markup = linkMarkup(notice.link);
  const link: LinkText[] = markup ? [{ type: "mrkdwn", text: markup, verbatim: true }] : [];
  return { type: "context", elements: [...facts.map((text) => plain(text, LIMIT.context)), ...link] };
};

/**
 * The Slack message for a notice. Pure. All text of the notice is shown as plain text and escaped, so nothing in it
 * can mention, link or format; too long text is cut with a visible mark.
 */
export const slackMessage = (notice: Notice): SlackMessage => ({
  text: safe(`${notice.title}: ${notice.summary}`, LIMIT.text),
  blocks: [
    { type: "header", text: plain(notice.title, LIMIT.header) },
    { type: "section", text: plain(notice.summary, LIMIT.section) },
    ...factSections(notice.facts),
    context(notice),
  ],
  unfurl_links: false,
});
