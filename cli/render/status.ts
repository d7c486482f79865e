import type { UntakenSpans } from "../../core/collector-stats.ts";
import { countText } from "../../core/count-text.ts";
import { tableFigure } from "../../core/figure.ts";
import { logEText } from "../../core/log-e-text.ts";
import { percent } from "../../core/percent.ts";
import { reasonText } from "../../core/undecided-reasons.ts";
import { untakenText } from "../../core/untaken-text.ts";
import type { Doubt } from "../../core/verdict.ts";
import { verdictRemark } from "../../core/verdict-remark.ts";
import type { PreflightCheck } from "../../lifecycle/preflight.ts";
import { callText } from "../../status/call-text.ts";
import { drillLine } from "../../status/drill-text.ts";
import { formatAge } from "../../status/format-age.ts";
import { silenceText } from "../../status/silence-text.ts";
import { STANDING_TEXT } from "../../status/standing-text.ts";
import type { MigrationView, StatusView, VerdictView } from "../../status/status-page.ts";
import { renderFindings } from "./findings.ts";
import { renderMonitors } from "./monitors.ts";
import { renderTable } from "./table.ts";

const OUTCOMES: Readonly<Record<PreflightCheck["outcome"], string>> = {
  ok: "ok",
  failed: "FAILED",
  "not-measured": "not measured",
};

const interval = ({ verdict, unit }: VerdictView): string => {
  const { interval: bounds } = verdict.evidence;
  return bounds === null ? "–" : `${tableFigure(bounds.lower, unit)} to ${tableFigure(bounds.upper, unit)}`;
};

const verdictRow = (view: VerdictView): readonly string[] => {
  const { verdict, unit } = view;
  const { evidence } = verdict;
  const outcome = verdict.outcome === "undecided" ? `undecided: ${verdict.why.replaceAll("-", " ")}` : verdict.outcome;
  return [
    outcome.toUpperCase() === "BREACH" ? "BREACH" : outcome,
    evidence.segment === "" ? verdict.rule : `${verdict.rule} (${evidence.segment})`,
    tableFigure(evidence.value.canary, unit),
    tableFigure(evidence.value.baseline, unit),
    interval(view),
    tableFigure(evidence.limit, unit),
    `${countText(evidence.n.canary)} / ${countText(evidence.n.baseline)}`,
    logEText(evidence),
  ];
};

const COLUMNS = ["verdict", "rule", "canary", "baseline", "99% interval", "limit", "calls c / b", "log e"];

const renderDoubt = ({ reason, detail, since }: Doubt, now: number): string => {
  const { meaning, advice } = reasonText(reason);
  return `  IN DOUBT for ${formatAge(since, now)}: ${meaning}: ${detail}; ${advice}`;
};

/** What there is to say of a rule beside its row, but for what the doubts have said already. */
const remarkOf = ({ verdict, unit }: VerdictView, doubted: ReadonlySet<string>): readonly string[] => {
  if (verdict.outcome === "undecided" && doubted.has(verdict.why)) return [];
  const remark = verdictRemark(verdict, unit);
  return remark === null ? [] : [remark];
};

/** The remarks on the table's rows; what is true of several rules is said once. */
const renderRemarks = ({ verdicts, doubts }: MigrationView): readonly string[] => {
  const doubted = new Set<string>(doubts.map(({ reason }) => reason));
  const remarks = verdicts.flatMap((view) =>
    remarkOf(view, doubted).map((text) => ({ text, rule: view.verdict.rule })),
  );
  return [...Map.groupBy(remarks, ({ text }) => text)].map(
    ([text, rules]) => `${rules.map(({ rule }) => rule).join(", ")}: ${text}`,
  );
};

const renderMigration = (migration: MigrationView, now: number): readonly string[] => {
  const { calls } = migration;
  const newest =
    calls === null
      ? "newest call unknown"
      : migration.newestCall === null
        ? "no call in the last hour"
        : `newest call ${formatAge(migration.newestCall, now)} ago`;
  const seen =
    calls === null
      ? "unknown (the store does not answer)"
      : `${percent(migration.shareObserved)} (${countText(calls.canary)} of ${countText(calls.canary + calls.baseline)} calls of the last hour)`;
  const tick =
    migration.lastTick === null ? "nothing judged yet" : `judged up to ${formatAge(migration.lastTick, now)} ago`;
  return [
    `${migration.name}: ${STANDING_TEXT[migration.standing].headline}`,
    `  stage ${migration.stageIndex + 1} of ${migration.stageCount} (${migration.stage}); canary share set ${percent(migration.shareConfigured)}, seen ${seen}`,
    `  ${newest}; ${tick}; owner ${migration.owner}`,
    ...(migration.why === undefined ? [] : [`  why: ${migration.why}`]),
    ...(migration.incident === null
      ? []
      : [
          `  incident, as decided: ${migration.incident.reason}; drain ${migration.incident.drain}: ${migration.incident.drainDetail}`,
        ]),
    ...[callText(migration.name, migration.call, now), drillLine(migration.drill, now)]
      .filter((text) => text !== "")
      .map((text) => `  ${text}`),
    ...(migration.hold === null ? [] : [`  HELD: ${migration.hold}`]),
    ...(migration.preflight ?? []).map(
      ({ check, outcome, line }) => `  before an advance, ${check}: ${OUTCOMES[outcome]}: ${line}`,
    ),
    ...migration.doubts.map((doubt) => renderDoubt(doubt, now)),
    ...(migration.notes ?? []).map((note) => `  NOT KNOWN: ${note}`),
    "",
    ...renderTable(COLUMNS, migration.verdicts.map(verdictRow)).map((line) => `  ${line}`),
    ...renderRemarks(migration).map((line) => `  ${line}`),
    ...(migration.shape === undefined ? [] : renderFindings(migration.shape).map((line) => `  ${line}`)),
    "",
  ];
};

/** Kinds of spans that are named in a terminal; the status page and `--json` have the others. */
const MAX_UNTAKEN = 12;

const renderUntaken = (untaken: readonly UntakenSpans[]): readonly string[] => [
  ...untaken.slice(0, MAX_UNTAKEN).map((spans) => `NO CALLS: ${untakenText(spans)}`),
  ...(untaken.length > MAX_UNTAKEN
    ? [`NO CALLS: ${untaken.length - MAX_UNTAKEN} more kinds of spans; see --json`]
    : []),
];

/** `leeway status` for people. */
export const renderStatus = (view: StatusView): string =>
  [
    ...view.problems.map((problem) => `PROBLEM: ${problem}`),
    ...(view.silences ?? []).map((silence) => `SILENCED: ${silenceText(silence)}`),
    ...(view.migrations.length === 0 && view.monitors.length === 0
      ? ["no migration is declared; put a document into migrations/ and restart the agent"]
      : []),
    ...view.migrations.flatMap((migration) => renderMigration(migration, view.now)),
    ...renderMonitors(view.monitors, view.now),
    ...view.pipeline
      .filter(({ alarming }) => alarming)
      .map(({ name, value, unit }) => `LOOK: ${name}: ${tableFigure(value, unit)}`),
    ...renderUntaken(view.untaken ?? []),
  ].join("\n");
