import { unreachable } from "../../core/exhaustive.ts";
import { utcSecond } from "../../core/utc-text.ts";
import { type Html, html } from "../html.ts";
import { STYLE_SHEET } from "../style-sheet.ts";
import { evidencePlot } from "./evidence-plot.ts";
import type { Report } from "./report.ts";
import { type Block, shownText } from "./section.ts";
import { sectionsOf } from "./sections.ts";

/** Plots, one column on paper, and tables that become cards where the screen is narrow. */
const STYLE = `${STYLE_SHEET}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:.8rem 0}a{color:var(--bar)}
h2{font-size:1.15rem;margin-bottom:.6rem}h3{margin:1.4rem 0 .4rem;overflow-wrap:anywhere}p,li,td,dd{overflow-wrap:anywhere}td.whole{white-space:nowrap}
.plots{display:flex;flex-wrap:wrap;gap:.5rem}svg.plot{flex:1 1 18rem;max-width:40rem;min-width:0;font:12px system-ui,sans-serif;fill:var(--fg)}
svg .axis{fill:var(--dim);font-size:11px}svg polyline{fill:none;stroke-width:1.6}svg .value{stroke:var(--bar)}svg circle.value{fill:var(--bar)}
svg .limit{stroke:var(--bad);stroke-dasharray:5 4}svg .interval{fill:var(--bar);opacity:.18}
@media(max-width:46rem){body{padding:.7rem}thead{display:none}tr{display:block;border-top:1px solid var(--line);padding:.4rem 0}td{display:block;border:0;padding:.1rem 0}td.whole{white-space:normal}svg.plot{overflow:visible;margin-top:.6rem;font-size:22px}svg .axis{font-size:20px}svg polyline{stroke-width:3}td::before{content:attr(data-label) ": ";color:var(--dim);font-size:.875rem}}
@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--card:#fff;--bar:#234;--bad:#900}nav{display:none}body{max-width:none;padding:0;font-size:11px}section{border:0;padding:0}h2,h3{break-after:avoid}tr,svg{break-inside:avoid}}`;

/** A cell of so few characters (a moment, a name, a length of time) stays on one line: others have the room to wrap. */
const SHORT = 19;
const WHOLE: Html = { markup: ' class="whole"' };
const NOTHING: Html = { markup: "" };

const table = ({ columns, rows }: Extract<Block, { readonly kind: "table" }>): Html => html`<div class="wide"><table>
<thead><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td${cell.length <= SHORT ? WHOLE : NOTHING} data-label="${columns[i] ?? ""}">${shownText(cell)}</td>`)}</tr>\n`)}</tbody></table></div>`;

const renderBlock = (block: Block): Html => {
  switch (block.kind) {
    case "text":
      return html`<p>${shownText(block.text)}</p>`;
    case "heading":
      return html`<h3>${shownText(block.text)}</h3>`;
    case "list":
      return html`<ul>${block.items.map((item) => html`<li>${shownText(item)}</li>`)}</ul>`;
    case "facts":
      return html`<dl>${block.pairs.map(([label, value]) => html`<div><dt>${label}</dt><dd>${shownText(value)}</dd></div>`)}</dl>`;
    case "table":
      return table(block);
    case "plot":
      return evidencePlot(block.points, block.unit);
    default:
      return unreachable(block);
  }
};

/** The report as one page: no script, no request to anywhere, light and dark, to be printed, and every text escaped. */
export const renderReportPage = (report: Report): string => {
  const sections = sectionsOf(report);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${shownText(report.name)} · Leeway report</title><style>${{ markup: STYLE }}</style></head><body>
<header><h1>Migration ${shownText(report.name)}</h1><span class="dim">made ${utcSecond(report.at)} UTC</span></header>
<nav>${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
${sections.map(({ id, title, blocks }) => html`<section id="${id}"><h2>${title}</h2>\n${blocks.map((block) => html`${renderBlock(block)}\n`)}</section>\n`)}
</body></html>
`.markup;
};
