import type { RampForecast } from "../../agent/forecast/forecast-ramp.ts";
import type { StagesRun } from "../../agent/forecast/walk-stages.ts";
import type { Migration } from "../../core/migration.ts";

const HOUR_MS = 3_600_000;
/** Within so many days a healthy migration is to reach observation. */
const AIM_DAYS = 6;

const quantile = (all: readonly (number | null)[], q: number): number | null => {
  const sorted = all.map((each) => each ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(found) ? found : null;
};

const hours = (ms: number | null): string => (ms === null ? "held" : `${(ms / HOUR_MS).toFixed(1)} h`);
const ratio = (a: number | null, b: number | null): string => (a === null || b === null ? "–" : (a / b).toFixed(2));

const commonest = (names: readonly string[]): string =>
  [...Map.groupBy(names, (name) => name)]
    .toSorted((a, b) => b[1].length - a[1].length)
    .slice(0, 2)
    .map(([name, all]) => `${name || "its time"} ${all.length}`)
    .join(", ");

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** How long a whole run took to the end of its stages, ms; null = some stage was held, or it ended early. */
const totalMs = ({ passages }: StagesRun, stages: number): number | null =>
  passages.length < stages || passages.some(({ tookMs }) => tookMs === null)
    ? null
    : passages.reduce((sum, { tookMs }) => sum + (tookMs ?? 0), 0);

/** Hours of each stage of healthy migrations, beside what is foreseen. */
export const rampTable = (
  { stages }: Migration,
  callsPerDay: number,
  runs: readonly StagesRun[],
  foreseen: RampForecast,
): string => {
  const rows = stages.map((_, i) => {
    const passages = runs.flatMap(({ passages: all }) => all[i] ?? []);
    const took = passages.map(({ tookMs }) => tookMs);
    const [median, p95] = [quantile(took, 0.5), quantile(took, 0.95)];
    const { medianMs = null, p95Ms = null } = foreseen.stages[i] ?? {};
    return [
      ...[callsPerDay, i + 1, took.length, hours(median), hours(p95), commonest(passages.map(({ heldBy }) => heldBy))],
      ...[hours(medianMs), hours(p95Ms), ratio(median, medianMs)],
    ];
  });
  const totals = runs.map((run) => totalMs(run, stages.length));
  const inTime = totals.filter((ms) => ms !== null && ms <= AIM_DAYS * 24 * HOUR_MS).length;
  const rolledBack = runs.filter((run) => run.rolledBack !== null);
  const paused = runs.filter(({ pausedFor }) => pausedFor.length > 0);
  const names = (of: readonly string[]): string => (of.length === 0 ? "" : ` (${commonest(of)})`);
  return `${table(
    ["calls a day", "stage", "runs", "median", "p95", "last to be clear", "foreseen", "p95", "measured / foreseen"],
    rows,
  )}

Observation reached after ${hours(quantile(totals, 0.5))} (p95 ${hours(quantile(totals, 0.95))}), within ${AIM_DAYS} days in ${inTime} of ${runs.length}; \
rolled back ${rolledBack.length}${names(rolledBack.flatMap((run) => run.rolledBack ?? []))}, paused ${paused.length}${names(
    paused.flatMap(({ pausedFor }) => pausedFor),
  )}.
`;
};

/** How often a candidate that stands exactly at one rule's limit reached observation all the same. */
export const limitsTable = (
  { stages }: Migration,
  callsPerDay: number,
  all: readonly { readonly rule: string; readonly run: StagesRun }[],
): string => {
  const rows = [...Map.groupBy(all, ({ rule }) => rule)].map(([rule, runs]) => {
    const promoted = runs.filter(({ run }) => totalMs(run, stages.length) !== null).length;
    const acted = runs.filter(({ run }) => run.rolledBack === rule || run.pausedFor.includes(rule)).length;
    return [callsPerDay, rule, runs.length, promoted, acted];
  });
  const promoted = rows.reduce((sum, [, , , each]) => sum + Number(each), 0);
  return `${table(["calls a day", "exactly at the limit of", "runs", "reached observation", "rule acted"], rows)}

Reached observation: ${promoted} of ${all.length}.
`;
};
