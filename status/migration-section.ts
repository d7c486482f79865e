import { countText } from "../core/count-text.ts";
import { tableFigure } from "../core/figure.ts";
import { reasonText } from "../core/undecided-reasons.ts";
import { utcSecond } from "../core/utc-text.ts";
import type { Doubt } from "../core/verdict.ts";
import type { PreflightCheck } from "../lifecycle/preflight.ts";
import { callText } from "./call-text.ts";
import { drillLine } from "./drill-text.ts";
import { findingList } from "./finding-list.ts";
import { formatAge } from "./format-age.ts";
import { type Html, html } from "./html.ts";
import { shadowSection } from "./shadow-section.ts";
import { STANDING_TEXT } from "./standing-text.ts";
import type { IncidentView, MigrationView } from "./status-view.ts";
import { verdictTable } from "./verdict-table.ts";

const DRAIN: Readonly<Record<IncidentView["drain"], string>> = {
  draining: "draining",
  proven: "drained",
  overdue: "drain overdue",
};

const incidentBlock = (incident: IncidentView, now: number): Html => html`<div class="incident">
<p><strong>Incident ${incident.id}</strong>, open for ${formatAge(incident.openedAt, now)} (since ${utcSecond(incident.openedAt)} UTC)</p>
<p>As decided: ${incident.reason}</p>
<p><span class="tag ${incident.drain === "proven" ? "good" : "bad"}">${DRAIN[incident.drain]}</span> ${incident.drainDetail}</p>
</div>`;

const callBlock = (text: string): Html | null => (text === "" ? null : html`<p><strong>People:</strong> ${text}</p>`);

const drillBlock = (text: string): Html | null => (text === "" ? null : html`<p class="dim">${text}</p>`);

const fact = (label: string, value: string, detail: string): Html =>
  html`<div><dt>${label}</dt><dd>${value}</dd><dd class="dim">${detail}</dd></div>`;

const newestText = ({ calls, newestCall }: MigrationView, now: number): string => {
  if (newestCall !== null) return `${formatAge(newestCall, now)} ago`;
  return calls === null ? "unknown" : "none in the last hour";
};

const facts = (migration: MigrationView, now: number): Html => {
  const { calls, stageIndex, stageCount } = migration;
  return html`<dl>
${fact("stage", migration.stage, `${stageIndex + 1} of ${stageCount}, for ${formatAge(migration.stageSince, now)}`)}
${fact("canary share, set", tableFigure(migration.shareConfigured, "share"), `seen over the last hour ${tableFigure(migration.shareObserved, "share")}`)}
${
  calls === null
    ? fact("calls, last hour", "unknown", "the store does not answer")
    : fact(
        "calls, last hour",
        countText(calls.canary + calls.baseline),
        `${countText(calls.canary)} canary, ${countText(calls.baseline)} baseline`,
      )
}
${fact("newest call", newestText(migration, now), `judged up to ${migration.lastTick === null ? "nothing yet" : `${formatAge(migration.lastTick, now)} ago`}`)}
</dl>`;
};

/** What people must know before they trust the table: shown above it. */
const doubtBlock = ({ reason, detail, since }: Doubt, now: number): Html => {
  const { meaning, advice } = reasonText(reason);
  return html`<div class="doubt"><p><strong>In doubt:</strong> ${meaning}, for ${formatAge(since, now)}</p>
<p>${detail}</p><p class="dim">Nothing is promoted on such data, harm is judged on. ${advice[0]?.toUpperCase() ?? ""}${advice.slice(1)}.</p></div>`;
};

/** What keeps nothing from being clear, and should be known. */
const noteBlock = (note: string): Html => html`<p><strong>Not known:</strong> ${note}.</p>`;

/** What the next advance waits for: only what is not in order. */
const preflightBlock = (checks: readonly PreflightCheck[]): Html | null => {
  const open = checks.filter(({ outcome }) => outcome !== "ok");
  if (open.length === 0) return null;
  const items = open.map(({ check, outcome, line }) => html`<li>${check}: ${outcome.replace("-", " ")}: ${line}</li>`);
  return html`<div class="doubt"><p><strong>Before the next advance:</strong></p><ul>${items}</ul></div>`;
};

const holdBlock = (hold: string): Html => html`<div class="doubt"><p><strong>Held:</strong> ${hold}</p></div>`;

/** One migration: where it stands, its open incident, stage and share, then a row per rule. */
export const migrationSection = (migration: MigrationView, now: number): Html => {
  const { headline, tone } = STANDING_TEXT[migration.standing];
  return html`<section class="${tone}" id="${migration.name}">
<h2>${migration.name}</h2>
<p class="headline">${headline}</p>
${migration.incident === null ? null : incidentBlock(migration.incident, now)}
${callBlock(callText(migration.name, migration.call, now))}
${facts(migration, now)}
${drillBlock(drillLine(migration.drill, now))}
${migration.hold === null ? null : holdBlock(migration.hold)}
${preflightBlock(migration.preflight ?? [])}
${migration.doubts.map((doubt) => doubtBlock(doubt, now))}
${(migration.notes ?? []).map(noteBlock)}
${migration.shadow === undefined ? null : shadowSection(migration.shadow)}
${verdictTable(migration.verdicts)}
${migration.shape === undefined ? null : findingList(migration.shape, now)}
<p class="dim">owner ${migration.owner}${migration.why === undefined ? "" : `; why: ${migration.why}`}</p>
</section>`;
};
