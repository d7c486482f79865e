import type { Notice, NoticeSeverity } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { oneLine } from "./one-line.ts";
import { webLink } from "./web-link.ts";

type Color = "Attention" | "Warning" | "Good" | "Accent";

interface TextRun {
  readonly type: "TextRun";
  readonly text: string;
  readonly weight?: "Bolder";
  readonly size?: "Large";
  readonly color?: Color;
  readonly isSubtle?: true;
}

/** Runs of text. Unlike a TextBlock or a FactSet it knows no Markdown: what is in a run is shown as it is. */
interface RichTextBlock {
  readonly type: "RichTextBlock";
  readonly spacing?: "None" | "Medium";
  readonly inlines: readonly TextRun[];
}

interface OpenUrl {
  readonly type: "Action.OpenUrl";
  readonly title: string;
  readonly url: string;
}

/** What a workflow of Teams takes: a message with one adaptive card. Mentions need an entity, and there is none. */
export interface TeamsMessage {
  readonly type: "message";
  readonly attachments: readonly [
    {
      readonly contentType: "application/vnd.microsoft.card.adaptive";
      readonly contentUrl: null;
      readonly content: {
        readonly $schema: "http://adaptivecards.io/schemas/adaptive-card.json";
        readonly type: "AdaptiveCard";
        /** The newest version that every Teams shows. */
        readonly version: "1.4";
        readonly body: readonly RichTextBlock[];
        readonly actions?: readonly OpenUrl[];
        readonly msteams: { readonly width: "Full" };
      };
    },
  ];
}

/**
 * Longest message, bytes. Teams refuses more than 28 KB of what it makes of a message, which is up to a third more than was sent;
 * and it does so in the workflow's run, after the workflow has said that it took it.
 */
export const MAX_MESSAGE_BYTES = 20_000;

/** How much of a notice is shown: the first of these that fits. */
interface Room {
  readonly facts: number;
  /** Characters of a part of the summary. */
  readonly text: number;
  /** Characters of a fact. */
  readonly value: number;
  readonly links: number;
}

const ROOMS: readonly Room[] = [
  { facts: 40, text: 2_000, value: 400, links: 6 },
  { facts: 20, text: 2_000, value: 200, links: 6 },
  { facts: 10, text: 700, value: 100, links: 3 },
];
const LEAST: Room = { facts: 0, text: 200, value: 0, links: 1 };
const MAX_SECTIONS = 8;

/** Dates that cards fill in, and what would read as an address or a mention, are broken. */
const safe = (text: string, limit: number): string =>
  clamp(
    oneLine(text)
      .replaceAll("://", "[:]//")
      .replaceAll("{{", "{\u2060{")
      .replace(/<(?=\/?at\b)/gi, "<\u2060"),
    limit,
  ) || "–";

const COLORS: Readonly<Record<NoticeSeverity, Color>> = { critical: "Attention", warning: "Warning", info: "Accent" };

const colorOf = ({ severity, phase }: Notice): Color => (phase === "resolve" ? "Good" : COLORS[severity]);

const block = (inlines: readonly TextRun[], spacing: "None" | "Medium" = "Medium"): RichTextBlock => ({
  type: "RichTextBlock",
  spacing,
  inlines,
});

const labelled = (label: string, text: string, spacing?: "None"): RichTextBlock =>
  block(
    [
      { type: "TextRun", text: `${label}: `, weight: "Bolder" },
      { type: "TextRun", text },
    ],
    spacing,
  );

const factsWithin = (facts: Notice["facts"], { facts: most, value }: Room): RichTextBlock[] => {
  const shown = facts.length <= most ? facts : facts.slice(0, Math.max(0, most - 1));
  const left = facts.length - shown.length;
  return [
    ...shown.map(([label, text], i) => labelled(safe(label, 80), safe(text, value), i === 0 ? undefined : "None")),
    ...(left === 0 ? [] : [labelled("More", `${left} facts are not shown …`, "None")]),
  ];
};

const linksWithin = ({ links }: Notice, { links: most }: Room): OpenUrl[] =>
  links
    .map(({ label, url }): OpenUrl => ({ type: "Action.OpenUrl", title: safe(label, 80), url: webLink(url) }))
    .filter(({ url }) => url !== "")
    .slice(0, most);

const messageWithin = (notice: Notice, room: Room): TeamsMessage => {
  const { migration, incident, at } = notice;
  const belongs = [migration, incident, new Date(at).toISOString()].filter((text) => text !== "");
  const actions = linksWithin(notice, room);
  const title: TextRun = { type: "TextRun", text: safe(notice.title, 150), weight: "Bolder", size: "Large" };
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            block([{ ...title, color: colorOf(notice) }]),
            ...notice.sections
              .slice(0, MAX_SECTIONS)
              .map(([heading, text]) => labelled(safe(heading, 80), safe(text, room.text))),
            ...factsWithin(notice.facts, room),
            block([{ type: "TextRun", text: safe(belongs.join(" · "), 400), isSubtle: true }]),
          ],
          ...(actions.length === 0 ? {} : { actions }),
          msteams: { width: "Full" },
        },
      },
    ],
  };
};

/**
 * The message of Teams for a notice. Pure. All text of the notice is shown as it is; facts and text that do not fit into
 * {@link MAX_MESSAGE_BYTES} are cut with a visible mark.
 */
export const teamsMessage = (notice: Notice): TeamsMessage => {
  const fits = (message: TeamsMessage): boolean => Buffer.byteLength(JSON.stringify(message)) <= MAX_MESSAGE_BYTES;
  for (const room of ROOMS) {
    const message = messageWithin(notice, room);
    if (fits(message)) return message;
  }
  return messageWithin(notice, LEAST);
};
