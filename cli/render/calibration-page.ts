import type { ToldCalibration } from "../../agent/calibration/told-calibration.ts";
import type { ArmCalibration } from "../../detectors/calibration/calibrate.ts";
import { type Html, html } from "../../status/html.ts";
import { STYLE_SHEET } from "../../status/style-sheet.ts";
import { calibrationCounts, calibrationNotes, figureTable, thresholdTable } from "./calibration.ts";

const SIZE = 300;
const EDGE = 36;

const x = (share: number): string => (EDGE + share * (SIZE - EDGE - 8)).toFixed(1);
const y = (share: number): string => (8 + (1 - share) * (SIZE - EDGE - 8)).toFixed(1);

const AXIS = [0, 0.25, 0.5, 0.75, 1].map(
  (share) =>
    html`<text x="${x(share)}" y="${SIZE - 14}" text-anchor="middle">${share}</text><text x="${EDGE - 6}" y="${Number(y(share)) + 4}" text-anchor="end">${share}</text>`,
);

/** A reliability curve: each bin's share of right answers with its interval, beside the diagonal. */
const curvePlot = (name: "baseline" | "canary", { bins }: ArmCalibration): Html => {
  const points = bins.map(({ confidence, right }) => `${x(confidence)},${y(right.value)}`).join(" ");
  const marks = bins.map(
    ({ confidence, right, n, from, to }) =>
      html`<line class="interval" x1="${x(confidence)}" x2="${x(confidence)}" y1="${y(right.lower)}" y2="${y(right.upper)}"/><circle class="${name}" cx="${x(confidence)}" cy="${y(right.value)}" r="4"><title>${`${from.toFixed(2)} to ${to.toFixed(2)}: ${n} answers, ${(100 * right.value).toFixed(1)}% right`}</title></circle>`,
  );
  return html`<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="reliability curve of the ${name}">${AXIS}<line class="diagonal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/><polyline class="${name}" points="${points}"/>${marks}<text x="${SIZE / 2}" y="${SIZE - 1}" text-anchor="middle">confidence of the ${name}; upwards: share that is right</text></svg>`;
};

const table = ([header, rows]: readonly [readonly string[], readonly (readonly string[])[]]): Html =>
  html`<table><thead><tr>${header.map((cell) => html`<th>${cell}</th>`)}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table>`;

const STYLE = `${STYLE_SHEET}
svg { max-width: 420px; width: 48%; font: 10px system-ui, sans-serif; fill: currentColor }
circle.baseline { fill: #6b7f99 } circle.canary { fill: #d9822b }
polyline { fill: none; stroke-width: 2 } polyline.baseline { stroke: #6b7f99 } polyline.canary { stroke: #d9822b }
line.interval { stroke: currentColor; stroke-width: 1.5 } line.diagonal { stroke: currentColor; stroke-dasharray: 4 4; opacity: 0.5 }`;

/** `leeway calibration --html`: one page without scripts, every text escaped. */
export const renderCalibrationPage = (told: ToldCalibration): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${told.verdict} · Leeway calibration</title><style>${{ markup: STYLE }}</style></head><body>
<header><h1>Leeway calibration: ${told.verdict}</h1><span class="dim">${calibrationCounts(told)}; grey baseline, orange canary; intervals 95%</span></header>
${calibrationNotes(told).map((note) => html`<p>${note}</p>`)}
<section><h2>Curves</h2>${told.baseline === null ? null : curvePlot("baseline", told.baseline)}${told.canary === null ? null : curvePlot("canary", told.canary)}</section>
<section><h2>Figures</h2>${table(figureTable(told))}</section>
${told.thresholds.length === 0 ? null : html`<section><h2>Thresholds</h2>${table(thresholdTable(told))}</section>`}
</body></html>
`.markup;
