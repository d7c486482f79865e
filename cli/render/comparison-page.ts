import { percent } from "../../core/percent.ts";
import { shortNumber } from "../../core/short-number.ts";
import { binValues } from "../../detectors/compare/bin-values.ts";
import type { Comparison } from "../../detectors/compare/compare.ts";
import type { Finding } from "../../detectors/compare/findings.ts";
import type { Observation } from "../../detectors/compare/observation.ts";
import { rateInterval } from "../../detectors/stats/one-sample.ts";
import { type Html, html } from "../../status/html.ts";
import { STYLE_SHEET } from "../../status/style-sheet.ts";
import { countText, pText } from "./comparison.ts";

type Values = Readonly<Record<Observation["arm"], readonly (number | string)[]>>;

const WIDTH = 560;
const ROW = 22;
const LABEL = 130;

const valuesOf = ({ feature, segment }: Finding, observations: readonly Observation[]): Values => {
  const of = (arm: Observation["arm"]): readonly (number | string)[] =>
    observations.flatMap(({ arm: own, stratum, values }) => {
      const value = own === arm && (segment === "" || stratum === segment) ? values.get(feature) : undefined;
      return value === undefined ? [] : [value];
    });
  return { baseline: of("baseline"), canary: of("canary") };
};

interface Bar {
  readonly label: string;
  readonly share: number;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  readonly arm: Observation["arm"];
}

/** Bars of shares, with their 99% interval as a line. */
const barPlot = (bars: readonly Bar[]): Html => {
  const x = (share: number): number => LABEL + share * (WIDTH - LABEL - 60);
  const rows = bars.map(({ label, share, interval, arm }, i) => {
    const y = i * ROW;
    const line =
      interval === null
        ? null
        : html`<line class="interval" x1="${x(interval.lower).toFixed(1)}" x2="${x(interval.upper).toFixed(1)}" y1="${y + 11}" y2="${y + 11}"/>`;
    return html`<text x="0" y="${y + 15}">${label}</text><rect class="${arm}" x="${LABEL}" y="${y + 4}" width="${(x(share) - LABEL).toFixed(1)}" height="14"/>${line}<text x="${WIDTH - 55}" y="${y + 15}">${percent(share)}</text>`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${bars.length * ROW}" role="img">${rows}</svg>`;
};

const flagBars = (values: Values): readonly Bar[] =>
  (["baseline", "canary"] as const).map((arm) => {
    const events = values[arm].filter((value) => value === 1).length;
    const n = values[arm].length;
    return { label: arm, arm, share: n === 0 ? 0 : events / n, interval: rateInterval(events, n, 0.01) };
  });

/** Shares of both arms per bin. */
const binBars = (values: Values, kind: "number" | "label"): readonly Bar[] => {
  const bins = binValues(kind, values);
  return bins.names.flatMap((name, i) =>
    (["baseline", "canary"] as const).map((arm) => ({
      label: arm === "baseline" ? name : "",
      arm,
      share: (bins[arm][i] ?? 0) / Math.max(1, values[arm].length),
      interval: null,
    })),
  );
};

const barsFor = (values: Values): readonly Bar[] => {
  const all = [...values.baseline, ...values.canary];
  if (all.some((value) => typeof value === "string")) return binBars(values, "label");
  return all.every((value) => value === 0 || value === 1) ? flagBars(values) : binBars(values, "number");
};

const section = (finding: Finding, observations: readonly Observation[]): Html => {
  const { family, feature, segment, direction, label, baseline, canary, effect, evidence, n, also } = finding;
  const change = `: ${shortNumber(baseline)} to ${shortNumber(canary)}`;
  return html`<section><h2>${family}</h2>
<p><strong>${feature}</strong>${label === null ? "" : `: ${label}`}${segment === "" ? "" : ` in ${segment}`} ${direction}${change}; effect ${shortNumber(effect)}, p = ${pText(evidence.p)} over everything that was asked (needed ${evidence.alpha}), ${n.baseline} baseline and ${n.canary} canary answers.${also.length === 0 ? "" : ` Also: ${also.join(", ")}.`}</p>
${barPlot(barsFor(valuesOf(finding, observations)))}</section>`;
};

const STYLE = `${STYLE_SHEET}
svg { max-width: 640px; width: 100%; font: 12px system-ui, sans-serif; fill: currentColor }
rect.baseline { fill: #6b7f99 } rect.canary { fill: #d9822b } line.interval { stroke: currentColor; stroke-width: 2 }`;

/** `leeway compare --html`: one page without scripts, every text escaped. */
export const renderComparisonPage = (comparison: Comparison, observations: readonly Observation[]): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${comparison.verdict} · Leeway compare</title><style>${{ markup: STYLE }}</style></head><body>
<header><h1>Leeway compare: ${comparison.verdict}</h1><span class="dim">${countText(observations)}; grey baseline, orange canary</span></header>
${comparison.notes.map((note) => html`<p>${note}</p>`)}
${comparison.findings.map((finding) => section(finding, observations))}
</body></html>
`.markup;
