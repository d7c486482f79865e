import { countText } from "../core/count-text.ts";
import { tableFigure } from "../core/figure.ts";
import { logEText } from "../core/log-e-text.ts";
import type { Evidence, Verdict } from "../core/verdict.ts";
import { verdictRemark } from "../core/verdict-remark.ts";
import { type Html, html } from "./html.ts";
import type { VerdictView } from "./status-view.ts";

const TONE: Readonly<Record<Verdict["outcome"], string>> = { breach: "bad", clear: "good", undecided: "open" };

/** What an undecided rule takes yet; of a breach what healthy hours before it dilute in the row. */
const outcomeCell = (verdict: Verdict, unit: string): Html => {
  const remark = verdictRemark(verdict, unit);
  return html`<span class="tag ${TONE[verdict.outcome]}">${verdict.outcome}</span>${
    remark === null ? null : html` <span class="dim">${remark}</span>`
  }`;
};

const interval = ({ interval: range }: Evidence, unit: string): string =>
  range === null ? "" : `${tableFigure(range.lower, unit)} to ${tableFigure(range.upper, unit)}`;

/** The bar is full at the threshold: a glance says how near a breach is. */
const evidenceCell = ({ logE, threshold }: Evidence): Html => {
  const share = threshold > 0 ? Math.min(1, Math.max(0, logE / threshold)) : 0;
  return html`<span class="bar"><i style="width:${Math.round(share * 100)}%"></i></span> ${logEText({ logE, threshold }, 2, " / ")}`;
};

const row = ({ verdict, title, unit }: VerdictView): Html => {
  const { evidence } = verdict;
  return html`<tr>
<td>${title}<br><span class="dim">${verdict.rule} · ${verdict.severity}${evidence.segment ? ` · ${evidence.segment}` : ""}</span></td>
<td>${outcomeCell(verdict, unit)}</td>
<td class="figure">${tableFigure(evidence.value.canary, unit)}<br><span class="dim">${interval(evidence, unit)}</span></td>
<td class="figure">${tableFigure(evidence.value.baseline, unit)}</td>
<td class="figure">${tableFigure(evidence.limit, unit)}</td>
<td class="figure">${countText(evidence.n.canary)} / ${countText(evidence.n.baseline)}</td>
<td class="figure">${evidenceCell(evidence)}</td>
</tr>`;
};

/** One row per rule: outcome, canary value with its interval, baseline, limit, calls and evidence against the threshold. */
export const verdictTable = (verdicts: readonly VerdictView[]): Html =>
  verdicts.length === 0
    ? html`<p class="dim">No tick has been judged yet.</p>`
    : html`<div class="wide"><table>
<thead><tr><th>rule</th><th>verdict</th><th>canary, 99% interval</th><th>baseline</th><th>limit</th><th>calls, canary / base</th><th>log e-value / breach at</th></tr></thead>
<tbody>${verdicts.map(row)}</tbody></table></div>`;
