import { expect, it } from "vitest";
import type { Why } from "../../../core/why.ts";
import { makeReport } from "../../../status/report/make-report.ts";
import { escapeMarkdown, renderReportMarkdown } from "../../../status/report/render-markdown.ts";
import { renderReportPage } from "../../../status/report/render-page.ts";
import { anEvidence } from "../../fixtures/an-evidence.ts";
import { OBEYED } from "../../fixtures/hostile-text.ts";
import { aVerdict, HOUR, ledgerOf, START, started, THE_MIGRATION, WHOLE_LIFE } from "./a-ledger.ts";

const of = (entries: typeof WHOLE_LIFE) =>
  makeReport({ name: "support-bot", document: THE_MIGRATION, entries, at: START + 100 * HOUR });

it("writes a page that asks nobody for anything, has no script, and has a plot of what was breached", () => {
  const page = renderReportPage(of(WHOLE_LIFE));
  expect(page).not.toMatch(/<script|src=|url\(|@import|<link|https?:\/\//i);
  expect(page).toContain('<svg class="plot"');
  expect(page).toContain("prefers-color-scheme:dark");
  expect(page).toContain("@media print");
  expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
});

it("has every chapter in both", () => {
  const [markdown, page] = [renderReportMarkdown(of(WHOLE_LIFE)), renderReportPage(of(WHOLE_LIFE))];
  for (const title of ["Phases, planned and real", "Incidents", "Notices", "Open questions", "What to take along"]) {
    expect(markdown).toContain(`## ${title}`);
    expect(page).toContain(`<h2>${title}</h2>`);
  }
});

const HOSTILE =
  "</td><script>alert(1)</script> <!channel> [x](https://evil.example) | a | `b` @everyone \u202e\u001b[31m\n# h";

it("shows hostile text as text", () => {
  const evil = ledgerOf(
    [0, started],
    [1, { type: "command", command: "ack", reason: HOSTILE }, HOSTILE],
    [
      2,
      {
        type: "verdict",
        tick: 0,
        verdict: aVerdict({
          rule: HOSTILE,
          outcome: "breach",
          evidence: anEvidence({ seen: HOSTILE, segment: HOSTILE }),
        }),
      },
    ],
  );
  const [markdown, page] = [renderReportMarkdown(of(evil)), renderReportPage(of(evil))];
  expect(page).not.toContain("<script");
  expect(markdown).not.toMatch(/<script|<!channel|https:\/\/evil|@everyone|^# h/m);
  for (const text of [markdown, page]) expect(text).not.toMatch(OBEYED);
  const rows = markdown.split("\n").filter((line) => line.includes("| ack |"));
  expect(rows).toHaveLength(1);
  expect(rows[0]?.match(/(?<!\\)\|/g)).toHaveLength(5);
});

it("says in short why it is made, as text", () => {
  const said = (why: Why | undefined) => {
    const document = why === undefined ? THE_MIGRATION : { ...THE_MIGRATION, why };
    const report = makeReport({ name: "support-bot", document, entries: WHOLE_LIFE, at: START + 100 * HOUR });
    return [renderReportMarkdown(report), renderReportPage(report)];
  };
  for (const text of said(undefined)) expect(text).toMatch(/why(: |<\/dt><dd>)not written down/);
  for (const text of said({ deprecation: "2027-01-14", other: HOSTILE })) {
    expect(text).toMatch(/why(: |<\/dt><dd>)the baseline is retired on 2027-01-14; /);
    expect(text).not.toMatch(/<script|^# h/m);
    expect(text).not.toMatch(OBEYED);
  }
});

it("cuts what is enormous", () => {
  const page = renderReportPage(
    of(ledgerOf([0, started], [1, { type: "command", command: "ack", reason: "x".repeat(1e6) }, "ana"])),
  );
  expect(page.length).toBeLessThan(40_000);
});

it.each([
  ["a_b latency_ms.p99", "a_b latency_ms.p99"],
  ["_a_ *b*", "\\_a\\_ \\*b\\*"],
  ["- item", "\\- item"],
  ["1. item", "1\\. item"],
  ["a\\|b", "a\\\\\\|b"],
])("writes %j as Markdown that shows it", (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected);
});
