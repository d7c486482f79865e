import { createHash } from "node:crypto";
import { type Notice, type NoticeSeverity, SECTION_HEADINGS } from "../core/notice.ts";
import { utcClock } from "../core/utc-text.ts";
import { clamp } from "./clamp.ts";
import { sectionText } from "./section-text.ts";

const GRAVITY: Readonly<Record<NoticeSeverity, number>> = { critical: 2, warning: 1, info: 0 };

/** As many notices are named by their titles; the others are counted. */
const MAX_NAMED = 10;
const LIMIT = { title: 150, line: 200 } as const;

const gravest = (first: Notice, others: readonly Notice[]): Notice =>
  others.reduce((worst, next) => (GRAVITY[next.severity] > GRAVITY[worst.severity] ? next : worst), first);

/**
 * Several notices of one group as one message, oldest first: type, severity, links and what to do now are those of the gravest. It
 * opens the incident where one of them does. Its id is made of theirs, so that the same ones are the same message.
 */
export const digestOf = (first: Notice, others: readonly Notice[]): Notice => {
  const all = [first, ...others];
  const worst = gravest(first, others);
  const named = all.slice(0, MAX_NAMED);
  const lines = named.map(({ at, title }) => `${utcClock(at)} UTC: ${clamp(title, LIMIT.line)}.`);
  const more = all.length > named.length ? [`And ${all.length - named.length} more.`] : [];
  const next = worst.sections.filter(([heading]) => heading === SECTION_HEADINGS.next);
  const sections = [[SECTION_HEADINGS.happened, [...lines, ...more].join(" ")] as const, ...next];
  const digest = createHash("sha256")
    .update(JSON.stringify(all.map(({ id }) => id)))
    .digest("hex");
  return {
    ...worst,
    id: `${first.id}+${others.length}-${digest.slice(0, 8)}`,
    at: Math.max(...all.map(({ at }) => at)),
    phase: all.some(({ phase }) => phase === "open") ? "open" : "update",
    title: clamp(`${all.length} notices: ${worst.title}`, LIMIT.title),
    summary: sections.map(sectionText).join(" "),
    sections,
    facts: [["Notices", String(all.length)], ...worst.facts],
  };
};
