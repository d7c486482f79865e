import { countText } from "../core/count-text.ts";
import { percent } from "../core/percent.ts";
import type { PairCluster, SegmentReading } from "../detectors/pairs/pair-report.ts";
import { PAIR_CLASSES, type PairClass } from "../detectors/pairs/triage.ts";
import { type CoverageLine, coverageLines, coverageText } from "./coverage-text.ts";
import { type Html, html } from "./html.ts";
import { labelsText } from "./judge-text.ts";
import type { PairsView } from "./pairs-view.ts";
import { spendInAllText, spendText } from "./spend-text.ts";

/** More segments and clusters are for `leeway pairs`. */
const MAX_SEGMENTS = 20;
const MAX_CLUSTERS = 5;
const MAX_VALUES = 10;

const TONE: Readonly<Record<SegmentReading["outcome"], string>> = { breach: "bad", clear: "good", undecided: "open" };

const part = (own: PairClass, share: number): Html =>
  html`<i class="${own}" style="width:${(100 * share).toFixed(1)}%"></i>`;

/** A bar of the classes, whose figures stand beside it: nobody has to tell colours apart. */
const stack = ({ pairs, classes }: SegmentReading): Html => {
  const shown = PAIR_CLASSES.filter((each) => classes[each] > 0);
  const text = shown.map((each) => `${countText(classes[each])} ${each}`).join(", ") || "no pair yet";
  return html`<span class="stack">${shown.map((each) => part(each, classes[each] / Math.max(1, pairs)))}</span><br><span class="dim">${text}</span>`;
};

const row = (segment: SegmentReading): Html => html`<tr>
<td>${segment.segment === "" ? "all pairs" : segment.segment}${segment.isCritical ? html` <span class="dim">critical</span>` : null}</td>
<td>${stack(segment)}</td>
<td class="figure">${countText(segment.pairs)}</td>
<td class="figure">${percent(segment.upper)}</td>
<td class="figure">${percent(segment.limit)}</td>
<td><span class="tag ${TONE[segment.outcome]}">${segment.outcome}</span></td>
</tr>`;

const cluster = ({ id, codes, class: own, pairs, share }: PairCluster): Html =>
  html`<li>${own}: ${codes.join(", ")} <span class="dim">${countText(pairs)} pairs, ${percent(share.value)}; cluster ${id}</span></li>`;

const coverageLine = ({ coverage: { candidate, rerun } }: PairsView): string => {
  const text = coverageText(candidate);
  return text === null
    ? "No call was to be shadowed yet."
    : `${text.replace(":", " calls to be shadowed:")}; ${countText(rerun.paired ?? 0)} reruns of the baseline.`;
};

const spendLines = ({ spend, spendInAll }: PairsView): readonly Html[] =>
  [spend === null ? null : spendText(spend), spendInAllText(spendInAll)].flatMap((line) =>
    line === null ? [] : [html`<br>${line}`],
  );

const coverageRow = ({ label, calls, shadowed, unpaired }: CoverageLine): Html => html`<tr>
<td>${label}</td><td class="figure">${calls}</td><td class="figure">${shadowed}</td><td>${unpaired}</td>
</tr>`;

const coverageTable = ({ coverage: { segments } }: PairsView): Html | null =>
  segments.length === 0
    ? null
    : html`<details><summary>What is shadowed, by segment</summary><div class="wide"><table>
<thead><tr><th>segment</th><th>calls</th><th>shadowed</th><th>not shadowed, by reason</th></tr></thead>
<tbody>${coverageLines(segments, MAX_VALUES).map(coverageRow)}</tbody></table></div></details>`;

const labelsLine = (view: PairsView): Html | null => {
  const text = labelsText(view);
  return text === null ? null : html`<br>${text}.`;
};

/** What the answers of a shadow differ in: the gate, a row a segment, coverage, spend, and the largest clusters. */
export const shadowSection = (view: PairsView): Html => {
  const { evidence, segments } = view;
  const worst = (segments[0]?.clusters ?? []).filter((each) => each.class !== "neutral").slice(0, MAX_CLUSTERS);
  return html`<h3>Shadow: answers that no user sees</h3>
<p><span class="tag ${TONE[evidence.outcome]}">${evidence.outcome}</span> ${evidence.reason}</p>
<div class="wide"><table>
<thead><tr><th>segment</th><th>what the pairs are</th><th>pairs</th><th>regressions at most</th><th>limit</th><th>gate</th></tr></thead>
<tbody>${segments.slice(0, MAX_SEGMENTS).map(row)}</tbody></table></div>
${worst.length === 0 ? null : html`<p>What differs most:</p><ul>${worst.map(cluster)}</ul>`}
<p class="dim">${coverageLine(view)}${spendLines(view)}${labelsLine(view)}</p>
${coverageTable(view)}`;
};
