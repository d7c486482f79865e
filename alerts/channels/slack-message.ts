import type { Notice } from "../../core/notice.ts";
import { sectionText } from "../section-text.ts";
import { linkText, plainText, type SlackLinkText, type SlackPlainText, safeText } from "./slack-text.ts";

/** A button that opens an address, and does nothing else. */
export interface SlackButton {
  readonly type: "button";
  readonly action_id: string;
  readonly text: SlackPlainText;
  readonly url: string;
}

/** The blocks a notice needs. */
export type SlackBlock =
  | { readonly type: "header"; readonly text: SlackPlainText }
  | { readonly type: "section"; readonly text: SlackPlainText }
  | { readonly type: "section"; readonly fields: readonly SlackPlainText[] }
  | { readonly type: "actions"; readonly elements: readonly SlackButton[] }
  | { readonly type: "context"; readonly elements: readonly (SlackPlainText | SlackLinkText)[] };

/** A message. `text` is what notifications show and what old clients fall back to. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly unfurl_links: false;
}

// Slack's limits, in characters: header 150, section 3000, field 2000, context element 2000 by observation.
const LIMIT = { header: 150, section: 3000, field: 2000, context: 300, text: 3000 } as const;
const FIELDS_PER_SECTION = 10;
const MAX_FACTS = 40;
const MAX_SECTIONS = 10;
/** More links than this are left out: a context block has room for ten elements. */
const MAX_LINKS = 6;

const field = ([label, value]: readonly [string, string]): SlackPlainText => {
  const head = safeText(label, 200);
  return { type: "plain_text", text: `${head}\n${safeText(value, LIMIT.field - head.length - 1)}`, emoji: false };
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

/** Where the notice belongs, when it happened, and its links. */
export const slackContext = ({ migration, incident, at, links }: Notice): SlackBlock => {
  const facts = [migration, incident, new Date(at).toISOString()].filter((text) => text !== "");
  const found = links.map(linkText).filter((link) => link !== null);
  return {
    type: "context",
    elements: [...facts.map((text) => plainText(text, LIMIT.context)), ...found.slice(0, MAX_LINKS)],
  };
};

/** A title. */
export const slackHeader = (text: string): SlackBlock => ({ type: "header", text: plainText(text, LIMIT.header) });

/** A paragraph. */
export const slackParagraph = (text: string): SlackBlock => ({ type: "section", text: plainText(text, LIMIT.section) });

/** What is shown of a message where blocks are not. */
export const slackFallback = (text: string): string => safeText(text, LIMIT.text);

/**
 * The Slack message for a notice. Pure. All text of the notice is shown as plain text and escaped, so nothing in it
 * can mention, link or format; too long text is cut with a visible mark.
 */
export const slackMessage = (notice: Notice): SlackMessage => ({
  text: slackFallback(`${notice.title}: ${notice.summary}`),
  blocks: [
    slackHeader(notice.title),
    ...notice.sections.slice(0, MAX_SECTIONS).map((section) => slackParagraph(sectionText(section))),
    ...factSections(notice.facts),
    slackContext(notice),
  ],
  unfurl_links: false,
});
