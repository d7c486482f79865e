import type { UntakenSpans } from "../core/collector-stats.ts";
import { tableFigure } from "../core/figure.ts";
import { untakenText } from "../core/untaken-text.ts";
import { utcSecond } from "../core/utc-text.ts";
import { formatAge } from "./format-age.ts";
import { type Html, html } from "./html.ts";
import { migrationSection } from "./migration-section.ts";
import { monitorSection } from "./monitor-section.ts";
import { silenceText } from "./silence-text.ts";
import { STANDING_TEXT } from "./standing-text.ts";
import type { LedgerLineView, PipelineView, SilenceView, StatusView } from "./status-view.ts";
import { STYLE_SHEET } from "./style-sheet.ts";

export type {
  IncidentView,
  LedgerLineView,
  MigrationView,
  PipelineView,
  SilenceView,
  StatusView,
  VerdictView,
} from "./status-view.ts";

/** The browser's tab says the worst of it, so that a pinned tab is enough. */
const tabTitle = ({ migrations, problems }: StatusView): string => {
  if (problems.length > 0) return "PROBLEM · Leeway";
  const [worst] = migrations.map(({ standing }) => STANDING_TEXT[standing]).sort((a, b) => b.urgency - a.urgency);
  return worst === undefined ? "Leeway" : `${worst.headline} · Leeway`;
};

const problemBlock = (problems: readonly string[]): Html | null =>
  problems.length === 0
    ? null
    : html`<div class="problems">${problems.map((problem) => html`<p>${problem}</p>`)}</div>`;

const silenceBlock = (silences: readonly SilenceView[]): Html | null =>
  silences.length === 0
    ? null
    : html`<div class="doubt">${silences.map((silence) => html`<p><strong>Silenced:</strong> ${silenceText(silence)}</p>`)}</div>`;

const pipelineTable = (pipeline: readonly PipelineView[]): Html => html`<h3>From the apps to the store</h3>
<div class="wide"><table><tbody>${pipeline.map(
  ({ name, value, unit, alarming }) =>
    html`<tr><td>${name}</td><td>${tableFigure(value, unit)}${alarming ? html` <span class="tag bad">look</span>` : null}</td></tr>`,
)}</tbody></table></div>`;

const untakenList = (untaken: readonly UntakenSpans[]): Html => html`<h3>Spans about a model that are no calls here</h3>
<ul>${untaken.map((spans) => html`<li>${untakenText(spans)}</li>`)}</ul>`;

const ledgerTable = (lines: readonly LedgerLineView[]): Html => html`<h3>Latest of the ledger</h3>
<div class="wide"><table><thead><tr><th>UTC</th><th>migration</th><th>by</th><th>what</th></tr></thead><tbody>${lines.map(
  ({ at, migration, by, text }) =>
    html`<tr><td class="time">${utcSecond(at)}</td><td>${migration}</td><td>${by}</td><td class="text">${text}</td></tr>`,
)}</tbody></table></div>`;

const migrationList = ({ migrations, monitors, now }: StatusView): Html | null =>
  migrations.length === 0 && monitors.length > 0
    ? null
    : migrations.length === 0
      ? html`<p>No migration is loaded. Put a document into migrations/ and restart the agent; leeway init writes an example.</p>`
      : html`${migrations.map((migration) => migrationSection(migration, now))}`;

/**
 * The agent's status page: a whole HTML document that needs no script, no font and no second request, reloads itself
 * every 5 seconds and follows the reader's dark or light setting. Every text is escaped. Pure.
 */
export const renderStatusPage = (status: StatusView): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<title>${tabTitle(status)}</title><style>${{ markup: STYLE_SHEET }}</style></head><body>
<header><h1>Leeway</h1><span class="dim">${utcSecond(status.now)} UTC · version ${status.version} · up ${formatAge(status.startedAt, status.now)}</span></header>
${problemBlock(status.problems)}
${silenceBlock(status.silences ?? [])}
${migrationList(status)}
${status.monitors.map((monitor) => monitorSection(monitor, status.now))}
${status.ledger.length === 0 ? null : ledgerTable(status.ledger)}
${status.pipeline.length === 0 ? null : pipelineTable(status.pipeline)}
${(status.untaken ?? []).length === 0 ? null : untakenList(status.untaken ?? [])}
</body></html>
`.markup;
