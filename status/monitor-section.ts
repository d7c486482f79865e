import { countText } from "../core/count-text.ts";
import { tableFigure } from "../core/figure.ts";
import { logEText } from "../core/log-e-text.ts";
import type { WatchReading } from "../core/monitor.ts";
import { utcSecond } from "../core/utc-text.ts";
import { formatAge } from "./format-age.ts";
import { type Html, html } from "./html.ts";
import type { MonitorView, SentinelView } from "./monitor-view.ts";

const STATE: Readonly<Record<WatchReading["state"], { readonly text: string; readonly tone: string }>> = {
  learning: { text: "learning: too little past", tone: "open" },
  thin: { text: "too few calls in this hour's past", tone: "open" },
  silent: { text: "no call in the last hour", tone: "open" },
  watching: { text: "as before", tone: "good" },
  drifted: { text: "drifted", tone: "bad" },
};

/** The words for how a watched signal stands. */
export const readingText = ({ state }: Pick<WatchReading, "state">): string => STATE[state].text;

/** All readings of a monitor, its sentinel's too. */
export const readingsOf = ({ readings, sentinel }: MonitorView): readonly WatchReading[] => [
  ...readings,
  ...(sentinel?.readings ?? []),
];

const stateCell = (reading: WatchReading): Html => {
  const { drift, unit } = reading;
  const { text, tone } = STATE[reading.state];
  return html`<span class="tag ${tone}">${text}</span>${
    drift === null
      ? null
      : html`<br><span class="dim">since ${utcSecond(drift.since)} UTC: ${tableFigure(drift.seen, unit)}</span>`
  }`;
};

const evidence = ({ logE, threshold }: WatchReading): string =>
  logE === null ? "–" : logEText({ logE, threshold }, 1, " / ");

const row = (reading: WatchReading): Html => html`<tr>
<td>${reading.signal} <span class="dim">${reading.direction}</span>${reading.series === "" ? null : html`<br><span class="dim">${reading.series}</span>`}</td>
<td>${stateCell(reading)}</td>
<td class="figure">${tableFigure(reading.seen, reading.unit)}</td>
<td class="figure">${tableFigure(reading.expected, reading.unit)}</td>
<td class="figure">${tableFigure(reading.limit, reading.unit)}</td>
<td class="figure">${countText(reading.n)}</td>
<td class="figure">${evidence(reading)}</td>
</tr>`;

/** What a sentinel did last, in one line. */
export const sentinelText = (sentinel: SentinelView, now: number): string => {
  const { spent, budget, lastRun, probes, model } = sentinel;
  const run =
    lastRun === null
      ? "not run yet"
      : `last run ${formatAge(lastRun, now)} ago, ${sentinel.asked} asked, ${sentinel.failed} failed`;
  const usd = budget.usdPerDay === null ? "" : `, $${(spent?.usd ?? 0).toFixed(4)} of $${budget.usdPerDay}`;
  const used = spent === null ? "" : `; today ${spent.calls} of ${budget.callsPerDay} calls${usd}`;
  return `sentinel: ${probes} probes to ${model}, ${run}${used}`;
};

/** One monitor: a row per series, signal and direction. */
export const monitorSection = (monitor: MonitorView, now: number): Html => {
  const { name, lastSlice, sentinel, ignored } = monitor;
  const readings = readingsOf(monitor);
  const drifted = readings.filter(({ state }) => state === "drifted").length;
  const isWatching = readings.some(({ state }) => state === "watching");
  const tone = drifted > 0 ? "bad" : isWatching ? "good" : "open";
  const headline =
    drifted > 0 ? `${drifted} drifted` : isWatching ? "As in its own past" : "Nothing to compare with yet";
  return html`<section class="${tone}" id="monitor:${monitor.name}">
<h2>monitor ${name}</h2>
<p class="headline">${headline}</p>
<p class="dim">judged up to ${lastSlice === null ? "nothing yet" : `${formatAge(lastSlice, now)} ago`}${
    ignored.length === 0 ? null : ` · no room for ${ignored.length} more series: ${ignored.join("; ")}`
  }</p>
${
  readings.length === 0
    ? null
    : html`<div class="wide"><table>
<thead><tr><th>signal</th><th>state</th><th>this hour</th><th>expected</th><th>no change up to</th><th>calls</th><th>log wealth / alarm at</th></tr></thead>
<tbody>${readings.map(row)}</tbody></table></div>`
}
${sentinel === null ? null : html`<p class="dim">${sentinelText(sentinel, now)}</p>`}
${sentinel === null || sentinel.problem === "" ? null : html`<p><span class="tag bad">look</span> ${sentinel.problem}</p>`}
</section>`;
};
