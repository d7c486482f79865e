import type { CaseResult } from "../../agent/suite/judge-suite.ts";
import type { SuiteReport } from "../../agent/suite/suite-report.ts";
import { printableLine } from "../../core/printable.ts";
import { type Html, html } from "../../status/html.ts";
import { STYLE_SHEET } from "../../status/style-sheet.ts";
import { chanceText, groupLines, suiteLines, troubleLines, wordsLine } from "./suite.ts";

const STYLE = `${STYLE_SHEET}
table { border-collapse: collapse } td, th { text-align: left; padding: 2px 10px 2px 0; vertical-align: top }
tr.worse td:first-child { color: #c0392b; font-weight: bold } tr.better td:first-child { color: #2e8b57; font-weight: bold }
tr.flaky td:first-child, tr.unknown td:first-child { color: #b7791f; font-weight: bold }`;

const ORDER = ["worse", "unknown", "better", "flaky", "same"] as const;

const passes = ({ passes: count, runs }: CaseResult["baseline"]): string => `${count}/${runs}`;

const row = (each: CaseResult): Html => {
  const { id, kind, task, incident, place, baseline, candidate, verdict } = each;
  const reasons = [
    ...baseline.reasons.map((reason) => `baseline: ${reason}`),
    ...candidate.reasons.map((reason) => `candidate: ${reason}`),
  ];
  return html`<tr class="${verdict.word}"><td>${verdict.word}</td><td>${printableLine(id)}</td><td>${kind}${task === "" ? "" : `, ${task}`}</td><td>${passes(baseline)}</td><td>${passes(candidate)}</td><td>${chanceText(verdict.noise)}</td><td>${reasons.map((reason) => html`${printableLine(reason)}<br>`)}${incident === "" ? null : `incident ${printableLine(incident)}`}</td><td class="dim">${place}</td></tr>
`;
};

const lines = (texts: readonly string[]): Html | null =>
  texts.length === 0 ? null : html`<pre>${texts.map((text) => `${printableLine(text)}\n`).join("")}</pre>`;

/** `leeway suite run --html`: one page without scripts, every text escaped. */
export const renderSuitePage = (report: SuiteReport): string => {
  const [verdict = "", ...rest] = suiteLines(report);
  const cases = ORDER.flatMap((word) => report.cases.filter((each) => each.verdict.word === word));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${report.verdict} · ${printableLine(report.suite)}</title><style>${{ markup: STYLE }}</style></head><body>
<header><h1>${printableLine(report.suite)}: ${report.verdict}</h1><span class="dim">${report.baseline} and ${report.candidate}, ${report.date}</span></header>
<p><strong>${verdict}</strong></p>
${rest.map((text) => html`<p>${text}</p>`)}<p>${wordsLine(report)}</p>
${lines(troubleLines(report))}
${lines(groupLines(report))}
<table><thead><tr><th></th><th>case</th><th>kind</th><th>baseline</th><th>candidate</th><th>noise</th><th>why</th><th></th></tr></thead><tbody>
${cases.map(row)}</tbody></table>
</body></html>
`.markup;
};
