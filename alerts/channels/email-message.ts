import { createHash } from "node:crypto";
import type { DeliveredNotice, Notice } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { factsWithin } from "./facts-within.ts";
import { oneLine } from "./one-line.ts";
import { webLink } from "./web-link.ts";

/** A mail about a notice. No text of it holds a line break that is not ours. */
export interface EmailMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** In angle brackets: the same for the same notice, so that a repeated delivery is told as one. */
  readonly messageId: string;
  /** The incident's thread; empty outside an incident. */
  readonly references: readonly string[];
  /** What this channel sent of the incident last; empty for the first. */
  readonly inReplyTo: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly priority: "high" | "normal";
}

// Far below what mail servers take (10 MB and more), and as much as anybody reads.
const LIMIT = { subject: 180, paragraph: 4_000, label: 100 } as const;
const FACTS = { label: 100, value: 1_000, bytes: 60_000 } as const;
const MAX_LINKS = 10;
/** More of them make a header line that some servers refuse. */
const MAX_REFERENCES = 8;

/** What mail programs make a link of is broken visibly: only our own links lead anywhere. */
const shown = (text: string, limit: number): string => clamp(oneLine(text).replaceAll("://", "[:]//"), limit) || "–";

const ENTITY: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITY[character] ?? character);

interface Parts {
  readonly title: string;
  readonly sections: Notice["sections"];
  readonly facts: Notice["facts"];
  readonly links: Notice["links"];
}

const partsOf = (notice: Notice): Parts => ({
  title: shown(notice.title, LIMIT.subject),
  sections: notice.sections.map(([heading, text]) => [shown(heading, LIMIT.label), shown(text, LIMIT.paragraph)]),
  facts: factsWithin(notice.facts, FACTS).map(([label, value]) => [
    shown(label, FACTS.label),
    shown(value, FACTS.value),
  ]),
  links: notice.links
    .map(({ label, url }) => ({ label: shown(label, LIMIT.label), url: webLink(url) }))
    .filter(({ url }) => url !== "")
    .slice(0, MAX_LINKS),
});

const textOf = ({ title, sections, facts, links }: Parts, footer: string): string =>
  [
    title,
    ...sections.map(([heading, text]) => `${heading}\n${text}`),
    facts.map(([label, value]) => `${label}: ${value}`).join("\n"),
    links.map(({ label, url }) => `${label}: ${url}`).join("\n"),
    `-- \n${footer}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");

const row = ([label, value]: readonly [string, string]): string =>
  `<tr><th align="left" valign="top" style="padding:2px 16px 2px 0">${escaped(label)}</th><td>${escaped(value)}</td></tr>`;

const htmlOf = ({ title, sections, facts, links }: Parts, footer: string): string =>
  [
    "<!doctype html>",
    `<html><head><meta charset="utf-8"><title>${escaped(title)}</title></head>`,
    '<body style="font-family:sans-serif;font-size:14px;line-height:1.4">',
    `<h2 style="font-size:18px">${escaped(title)}</h2>`,
    ...sections.map(([heading, text]) => `<p><b>${escaped(heading)}</b><br>${escaped(text)}</p>`),
    ...(facts.length === 0 ? [] : ["<table>", ...facts.map(row), "</table>"]),
    ...links.map(({ label, url }) => `<p><a href="${escaped(url)}">${escaped(label)}</a></p>`),
    `<p style="color:#666;font-size:12px">${escaped(footer)}</p>`,
    "</body></html>",
  ].join("\n");

const idOf = (kind: "incident" | "notice", id: string, domain: string): string =>
  `<leeway.${kind}.${createHash("sha256").update(id).digest("hex").slice(0, 32)}@${domain}>`;

/**
 * The mail for a notice, from an address of `domain`. Pure. The notices of one incident refer to one id that is made of the
 * incident's, and to what was sent of it before: mail programs show them as one thread.
 */
export const emailMessage = (notice: Notice, earlier: readonly DeliveredNotice[], domain: string): EmailMessage => {
  const parts = partsOf(notice);
  const footer = [notice.migration, notice.incident, new Date(notice.at).toISOString()]
    .filter((text) => text !== "")
    .map((text) => shown(text, LIMIT.label))
    .join(" · ");
  const before = earlier.filter(({ id }) => id !== notice.id).map(({ id }) => idOf("notice", id, domain));
  const thread = notice.incident === "" ? [] : [idOf("incident", notice.incident, domain)];
  return {
    subject: parts.title,
    text: textOf(parts, footer),
    html: htmlOf(parts, footer),
    messageId: idOf("notice", notice.id, domain),
    references: [...thread, ...before.slice(-MAX_REFERENCES)],
    inReplyTo: before.at(-1) ?? "",
    headers: {
      // RFC 3834: no out-of-office answer to a machine, also by the name Exchange knows.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "X-Leeway-Type": notice.type,
      "X-Leeway-Severity": notice.severity,
    },
    priority: notice.severity === "critical" ? "high" : "normal",
  };
};
