import { lengthText, secondsText } from "../../core/length-text.ts";
import { exactPercent } from "../../core/percent.ts";
import { utcSecond } from "../../core/utc-text.ts";
import type { Incident, NoticeRecord, Report } from "./report.ts";
import { type Block, listOf, type Section, tableOf } from "./section.ts";
import { momentOr } from "./summary-section.ts";

/** A length between two moments; what is not on record is not measured, and neither is one that a clock turned back. */
const between = (from: number | null, to: number | null): string => {
  if (from === null || to === null) return "not measured";
  if (to < from) return "not measured: a clock was set";
  return to - from < 120_000 ? secondsText(to - from) : lengthText(to - from);
};

const incidentBlocks = (incident: Incident): readonly Block[] => {
  const { decidedAt, by, reason, shareBefore, harmSince, flippedAt, readBackAt, drainedAt, toldAt, rearmed } = incident;
  return [
    { kind: "heading", text: `Rollback of ${utcSecond(decidedAt)} UTC` },
    { kind: "text", text: `${by}: ${reason}` },
    {
      kind: "facts",
      pairs: [
        ["share before", shareBefore === null ? "unknown" : exactPercent(shareBefore)],
        ["harm since, by the evidence", momentOr(harmSince, "not measured")],
        ["from there to the decision", between(harmSince, decidedAt)],
        ["decision to flip", between(decidedAt, flippedAt)],
        ["decision to read-back", between(decidedAt, readBackAt)],
        ["decision to proof of the drain", between(decidedAt, drainedAt)],
        ["decision to the first notice delivered", between(decidedAt, toldAt)],
        ["flag writes that failed", `${incident.failedWrites}`],
        ["fallbacks tried", incident.fallbacks.join(", ") || "none"],
        ["acknowledged", incident.acknowledged || "by nobody"],
        ["re-armed", rearmed === null ? "no" : `${utcSecond(rearmed.at)} UTC, ${rearmed.by}: ${rearmed.reason}`],
      ],
    },
    ...(incident.overdue.length + incident.returned.length === 0
      ? []
      : listOf([...incident.overdue, ...incident.returned], "")),
  ];
};

/** Rollbacks with their times; then what people were called for beside them. */
export const incidentSection = ({ incidents, calls }: Report): Section => ({
  id: "incidents",
  title: "Incidents",
  blocks: [
    ...(incidents.length === 0 ? [{ kind: "text", text: "No rollback." } as const] : incidents.flatMap(incidentBlocks)),
    { kind: "heading", text: "Pauses and pages" },
    ...tableOf(
      ["time (UTC)", "what", "why"],
      calls.map(({ at, kind, reason }) => [utcSecond(at), kind, reason]),
      "None.",
    ),
  ],
});

/** People's decisions with reasons and who. */
export const peopleSection = ({ people }: Report): Section => ({
  id: "people",
  title: "People's decisions",
  blocks: tableOf(
    ["time (UTC)", "who", "what", "why"],
    people.map(({ at, by, what, reason }) => [utcSecond(at), by, what, reason]),
    "No person has decided anything yet.",
  ),
});

const toWhom = ({ channels }: NoticeRecord): string =>
  channels.map(({ channel, outcome }) => `${channel}: ${outcome}`).join("; ") || "no channel asked for it";

/** Who was told of what, and whether it arrived. */
export const noticeSection = ({ notices }: Report): Section => ({
  id: "notices",
  title: "Notices",
  blocks: tableOf(
    ["time (UTC)", "type", "title", "channels"],
    notices.map((notice) => [utcSecond(notice.at), notice.type, notice.title, toWhom(notice)]),
    "None.",
  ),
});

/** What is still to be answered. */
export const openSection = ({ open }: Report): Section => ({
  id: "open",
  title: "Open questions",
  blocks: listOf(open, "None: every rule is clear, nothing is in doubt, and nothing is held."),
});
