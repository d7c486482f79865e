import { tableFigure } from "../../core/figure.ts";
import { logEText } from "../../core/log-e-text.ts";
import { percent } from "../../core/percent.ts";
import { reasonText } from "../../core/undecided-reasons.ts";
import type { Doubt } from "../../core/verdict.ts";
import { formatAge } from "../../status/format-age.ts";
import { STANDING_TEXT } from "../../status/standing-text.ts";
import type { MigrationView, StatusView, VerdictView } from "../../status/status-page.ts";
import { renderFindings } from "./findings.ts";
import { renderMonitors } from "./monitors.ts";
import { renderTable } from "./table.ts";

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
    `${evidence.n.canary} / ${evidence.n.baseline}`,
    logEText(evidence),
  ];
};

const COLUMNS = ["verdict", "rule", "canary", "baseline", "99% interval", "limit", "calls c / b", "log e"];

const renderDoubt = ({ reason, detail, since }: Doubt, now: number): string => {
  const { meaning, advice } = reasonText(reason);
  return `  IN DOUBT for ${formatAge(since, now)}: ${meaning}: ${detail}; ${advice}`;
};

/** What the undecided of the table mean and what to do, each reason once; doubts have said so already. */
const renderReasons = ({ verdicts, doubts }: MigrationView): readonly string[] => {
  const said = new Set<string>(doubts.map(({ reason }) => reason));
  const reasons = verdicts.flatMap(({ verdict }) => (verdict.outcome === "undecided" ? [verdict.why] : []));
  return [...new Set(reasons)]
    .filter((why) => !said.has(why))
    .map((why) => `${why.replaceAll("-", " ")}: ${reasonText(why).meaning}; ${reasonText(why).advice}`);
};

const renderMigration = (migration: MigrationView, now: number): readonly string[] => {
  const { calls } = migration;
  const newest =
    migration.newestCall === null
      ? "no call in the last hour"
      : `newest call ${formatAge(migration.newestCall, now)} ago`;
  const tick =
    migration.lastTick === null ? "nothing judged yet" : `judged up to ${formatAge(migration.lastTick, now)} ago`;
  return [
    `${migration.name}: ${STANDING_TEXT[migration.standing].headline}`,
    `  stage ${migration.stageIndex + 1} of ${migration.stageCount} (${migration.stage}); canary share set ${percent(migration.shareConfigured)}, seen ${percent(migration.shareObserved)} (${calls.canary} of ${calls.canary + calls.baseline} calls of the last hour)`,
    `  ${newest}; ${tick}; owner ${migration.owner}`,
    ...(migration.incident === null
      ? []
      : [
          `  incident: ${migration.incident.reason}; drain ${migration.incident.drain}: ${migration.incident.drainDetail}`,
        ]),
    ...(migration.hold === null ? [] : [`  HELD: ${migration.hold}`]),
    ...migration.doubts.map((doubt) => renderDoubt(doubt, now)),
    "",
    ...renderTable(COLUMNS, migration.verdicts.map(verdictRow)).map((line) => `  ${line}`),
    ...renderReasons(migration).map((line) => `  ${line}`),
    ...(migration.shape === undefined ? [] : renderFindings(migration.shape).map((line) => `  ${line}`)),
    "",
  ];
};

/** `leeway status` for people. */
export const renderStatus = (view: StatusView): string =>
  [
    ...view.problems.map((problem) => `PROBLEM: ${problem}`),
    ...(view.migrations.length === 0 && view.monitors.length === 0
      ? ["no migration is declared; put a document into migrations/ and restart the agent"]
      : []),
    ...view.migrations.flatMap((migration) => renderMigration(migration, view.now)),
    ...renderMonitors(view.monitors, view.now),
    ...view.pipeline
      .filter(({ alarming }) => alarming)
      .map(({ name, value, unit }) => `LOOK: ${name}: ${value} ${unit}`.trimEnd()),
  ].join("\n");
