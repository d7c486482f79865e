import { unreachable } from "../../core/exhaustive.ts";
import type { Report } from "./report.ts";
import { type Block, shownText } from "./section.ts";
import { sectionsOf } from "./sections.ts";

/** What begins a mention or a link by itself, as an entity: it is shown, and nothing comes of it. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "@": "&#64;",
  "://": "&#58;//",
  "www.": "www&#46;",
};

/**
 * Plain text as Markdown that shows just that text: no markup, link, mention or cell comes of it. An underscore or a
 * star between letters means nothing, and stays.
 */
export const escapeMarkdown = (text: string): string =>
  shownText(text)
    .replace(/[\\`*[\]|~$#!{}]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\$&")
    .replace(/[&<>@]|:\/\/|www\./gi, (found) => ENTITIES[found.toLowerCase()] ?? found)
    .replace(/^(\s*)([-+=]|\d+[.)])/, (_all, space: string, mark: string) =>
      /^\d/.test(mark) ? `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}` : `${space}\\${mark}`,
    );

const cells = (row: readonly string[]): string => `| ${row.map(escapeMarkdown).join(" | ")} |`;

const renderBlock = (block: Block): string => {
  switch (block.kind) {
    case "text":
      return escapeMarkdown(block.text);
    case "heading":
      return `### ${escapeMarkdown(block.text)}`;
    case "list":
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join("\n");
    case "facts":
      return block.pairs.map(([label, value]) => `- ${escapeMarkdown(label)}: ${escapeMarkdown(value)}`).join("\n");
    case "table":
      return [cells(block.columns), `|${" --- |".repeat(block.columns.length)}`, ...block.rows.map(cells)].join("\n");
    case "plot":
      // Markdown has no picture of its own: the page has it.
      return "";
    default:
      return unreachable(block);
  }
};

/** The report as GitHub-flavoured Markdown, without plots. */
export const renderReportMarkdown = (report: Report): string => {
  const parts = sectionsOf(report).flatMap(({ title, blocks }) => [`## ${title}`, ...blocks.map(renderBlock)]);
  const shown = parts.filter((part) => part !== "");
  return `${[`# Migration ${escapeMarkdown(report.name)}`, ...shown].join("\n\n")}\n`;
};
