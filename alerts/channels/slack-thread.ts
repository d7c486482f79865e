import { type DeliveredNotice, type Notice, type NoticePhase, SECTION_HEADINGS } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { sectionText } from "../section-text.ts";
import { jsonObject } from "./json-object.ts";
import { type SlackMessage, slackContext, slackFallback, slackHeader, slackParagraph } from "./slack-message.ts";

/** The first message of an incident, which its thread hangs on. */
export interface ThreadRoot {
  /** Id of the channel. */
  readonly channel: string;
  /** What Slack knows the message by. */
  readonly ts: string;
  /** Title it was posted under. */
  readonly title: string;
}

const CHANNEL = /^[A-Z0-9]{1,30}$/;
const TS = /^\d{1,20}\.\d{1,20}$/;

/** The root in the form that the ledger keeps. */
export const rootReceipt = ({ channel, ts, title }: ThreadRoot): string =>
  JSON.stringify({ channel, ts, title: clamp(title, 150) });

/** The root that a text stands for, or that Slack's answer tells of; null for anything else. */
export const readRoot = (value: Readonly<Record<string, unknown>> | null, title?: string): ThreadRoot | null => {
  const { channel, ts, title: own = title } = value ?? {};
  if (typeof channel !== "string" || typeof ts !== "string" || typeof own !== "string") return null;
  return CHANNEL.test(channel) && TS.test(ts) ? { channel, ts, title: own } : null;
};

/** The newest root among what was delivered before: one that was deleted was followed by another. */
export const rootOf = (earlier: readonly DeliveredNotice[]): ThreadRoot | null => {
  const roots = earlier.map(({ receipt }) => readRoot(jsonObject(receipt)));
  return roots.findLast((root) => root !== null) ?? null;
};

/** Where an incident stands after a notice of a phase. */
const STATES: Readonly<Record<NoticePhase, string>> = {
  open: "OPEN",
  update: "OPEN",
  acknowledge: "SEEN",
  resolve: "OVER",
};

/**
 * What becomes of the first message: its own title with where the incident stands now, and what the newest notice says
 * is to be done. Whoever scrolls by sees how it ended; the rest is in the thread.
 */
export const rootMessage = (root: ThreadRoot, newest: Notice): SlackMessage => {
  const title = `${STATES[newest.phase]} · ${root.title}`;
  const next = newest.sections.filter(([heading]) => heading === SECTION_HEADINGS.next);
  return {
    text: slackFallback(`${title}: ${newest.title}`),
    blocks: [
      slackHeader(title),
      slackParagraph(`Newest: ${newest.title}`),
      ...next.map((section) => slackParagraph(sectionText(section))),
      slackContext(newest),
    ],
    unfurl_links: false,
  };
};
