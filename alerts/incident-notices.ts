import type { Command } from "../core/ledger.ts";
import { secondsText } from "../core/length-text.ts";
import { type Notice, SECTION_HEADINGS } from "../core/notice.ts";
import type { Standing } from "../core/standing.ts";
import { utcStamp } from "../core/utc-text.ts";
import type { RepeatDue } from "../lifecycle/repeat-due.ts";
import { clamp } from "./clamp.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";
import { sectionText } from "./section-text.ts";

const MAX_TITLE = 150;

/** `ack`: a person is at the incident. Id: `<incident>/ack/<at>`. */
export const acknowledgedNotice = (
  context: NoticeContext,
  { by, reason }: { readonly by: string; readonly reason: string },
): Notice => {
  const { name } = context.migration;
  return finishNotice(context, {
    type: "ack",
    id: `${scopeOf(context)}/ack/${context.at}`,
    title: `Acknowledged ${name}: ${by} is at it`,
    summary: [reason === "" ? "" : `${by}: ${reason}.`, "The incident is repeated no more; what is new in it is told."],
    next: [`How it stands: leeway status ${name}.`],
    facts: [["By", by]],
  });
};

const ENDED_BY: Partial<Readonly<Record<Command, string>>> = {
  resume: "let the ramp go on",
  rearm: "re-armed it at its first stage",
};

/** `ack`, resolving: a person's command ended what people were called for. Id: `<incident>/closed/<at>`. */
export const closedNotice = (
  context: NoticeContext,
  { by, command, reason }: { readonly by: string; readonly command: Command; readonly reason: string },
): Notice => {
  const { name } = context.migration;
  const what = ENDED_BY[command] ?? `gave the command ${command}`;
  return finishNotice(context, {
    type: "ack",
    phase: "resolve",
    id: `${scopeOf(context)}/closed/${context.at}`,
    title: `Closed ${name}: ${by} ${what}`,
    summary: [`${by} ${what}: ${reason}.`, "What people were called for is over; what is new is told."],
    facts: [
      ["By", by],
      ["Reason", reason],
    ],
  });
};

const repeatsOf = (incident: string): string => `${incident}/repeat/`;

/** True for a notice that `repeatedNotice` wrote. */
export const isRepeat = ({ id, incident }: Pick<Notice, "id" | "incident">): boolean =>
  incident !== "" && id.startsWith(repeatsOf(incident));

/**
 * The notice of an incident once more: nobody has acknowledged it. It says how often, since when and where the migration stands
 * now, then what was said before. Id: `<incident>/repeat/<since>/<nth>`.
 */
export const repeatedNotice = (
  original: Notice,
  { nth, at, since }: RepeatDue,
  { standing, everyMs }: { readonly standing: Standing; readonly everyMs: number },
): Notice => {
  const open = `Open since ${utcStamp(since)}, told ${nth + 1} times now, and nobody has acknowledged it.`;
  const state = `The migration stands at: ${standing.replaceAll("-", " ")}.`;
  const stop = `To be told no more: leeway ack ${original.migration}. Else again in ${secondsText(everyMs)}.`;
  const said = original.sections.filter(([heading]) => heading !== SECTION_HEADINGS.next);
  const next = original.sections.filter(([heading]) => heading === SECTION_HEADINGS.next).map(([, text]) => text);
  const sections = [
    [SECTION_HEADINGS.happened, `${open} ${state}`] as const,
    ...said.map(([heading, text]) => [`${heading} (as told before)`, text] as const),
    [SECTION_HEADINGS.next, [...next, stop].join(" ")] as const,
  ];
  return {
    ...original,
    id: `${repeatsOf(original.incident)}${since}/${nth}`,
    at,
    phase: "update",
    title: clamp(`Still open (${nth}): ${original.title}`, MAX_TITLE),
    summary: sections.map(sectionText).join(" "),
    sections,
    facts: [["Told before", String(nth)], ["Open since", utcStamp(since)], ...original.facts],
  };
};
