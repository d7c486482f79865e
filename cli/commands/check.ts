import { type Config, readConfig } from "../../agent/config/load-config.ts";
import { formatProblem } from "../../agent/config/problem.ts";
import type { AssumedTraffic } from "../../agent/forecast/assumed-traffic.ts";
import { forecastRamp } from "../../agent/forecast/forecast-ramp.ts";
import { daysUntil } from "../../core/days-until.ts";
import { DEFAULT_SEGMENT_VALUES, type Migration, shortHash } from "../../core/migration.ts";
import { printableValues } from "../../core/printable-values.ts";
import { breachThreshold } from "../../detectors/plan.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import { describeRule } from "../../status/describe-rule.ts";
import type { ExitCode } from "../exit-code.ts";
import { isNeverLeft, renderForecast } from "../render/forecast.ts";
import { renderMonitorPlans } from "../render/monitor-plan.ts";
import { renderNotifyPlan } from "../render/notify-plan.ts";
import { planLines, planNotes, planText } from "../render/plan.ts";
import { renderPower } from "../render/power.ts";
import { createProgress } from "../render/progress.ts";
import { renderTable } from "../render/table.ts";
import type { Terminal } from "../terminal.ts";
import { checkLive } from "./check-live.ts";

const describeMigration = (migration: Migration, config: Config): readonly string[] => {
  const { rules, baseline, candidate, route, hash } = migration;
  const rows = rules.map((rule) => {
    const sameSeverity = rules.filter(({ severity }) => severity === rule.severity).length;
    return [rule.id, describeRule(rule), rule.severity, breachThreshold(rule.severity, sameSeverity).toFixed(2)];
  });
  return [
    `${migration.name}: ${baseline.model} -> ${candidate.model}, flag ${route.flag} on ${route.target}, document ${shortHash(hash, 12)}`,
    `  stages ${planText(migration)}`,
    ...planLines(migration).map((line) => `  ${line}`),
    ...segmentText(migration),
    ...endingModels(migration, config, Date.now()).map((line) => `  ${line}`),
    ...[...planNotes(migration), ...withoutBaseline(migration)].map((line) => `  ${line}`),
    ...renderTable(["rule", "limit", "severity", "log e-value to act"], rows).map((line) => `  ${line}`),
    "",
  ];
};

/** What the arms are compared within, and how values are told apart. */
const segmentText = ({ segments, segmentOptions = {} }: Migration): readonly string[] => {
  const each = segments.map((name) => {
    const { normalise, values } = segmentOptions[name] ?? { normalise: [], values: DEFAULT_SEGMENT_VALUES };
    return `${name} (${[...normalise, `${values} values at most by themselves`].join(", ")})`;
  });
  return each.length === 0 ? [] : [`  segments ${each.join("; ")}`];
};

/** Which stages leave nothing to compare with, and which rules that concerns. */
const withoutBaseline = ({ stages, rules }: Migration): readonly string[] => {
  const compared = rules.filter(({ reference }) => reference === "baseline").map(({ id }) => id);
  const bare = stages.flatMap((stage, index) => (shareOfStage(stage) >= 1 ? [index + 1] : []));
  const consequence =
    compared.length === 0
      ? "its rules are judged on the canary alone, and an incident of the provider looks like the candidate's"
      : `absolute limits are judged on the canary alone; ${compared.join(", ")} cannot be judged, so it does not end by itself. Let it be 99%`;
  return bare.map((stage) => `LOOK: stage ${stage} of 100% has no baseline to compare with: ${consequence}`);
};

/** Which of its models ends before the plan does; what no table knows is said too, because nobody watches its day. */
const endingModels = (
  { stages, baseline, candidate }: Migration,
  { findLife }: Pick<Config, "findLife">,
  now: number,
): readonly string[] => {
  const ends = now + stages.reduce((sum, { forMs }) => sum + forMs, 0);
  return Object.entries({ baseline, candidate }).flatMap(([arm, { model, provider }]) => {
    const life = findLife(model, provider);
    if (life === null) return [`the ${arm} ${model}: when it is retired is unknown (leeway models)`];
    const { retires, source, table } = life;
    if (retires === null || ends < Date.parse(retires)) return [];
    const left = daysUntil(retires, now);
    const when = left <= 0 ? "is retired since" : `is retired in ${left} days, on`;
    const plan = left <= 0 ? "" : `, and the plan ends on ${new Date(ends).toISOString().slice(0, 10)} at the earliest`;
    const then =
      arm === "baseline" ? "there is nothing to roll back to from then on" : "the candidate fails from then on";
    return [`LOOK: the ${arm} ${model} ${when} ${retires}${plan}: ${then} (${source === "" ? table : source})`];
  });
};

/** What a rule's power is worked out at where nobody says what the traffic is. */
const USUAL_CALLS_PER_HOUR = 10_000;

const describeConfig = (config: Config, callsPerHour: number): readonly string[] => {
  const { settings, migrations } = config;
  return [
    `store ${settings.store.url}; tick ${settings.agent.tick / 1000} s, settle ${settings.agent.settle / 1000} s; ` +
      `flags ${Object.keys(settings.flags).join(", ")}`,
    ...renderNotifyPlan(settings),
    "",
    ...migrations.flatMap((migration) => [
      ...describeMigration(migration, config),
      ...renderPower(migration, callsPerHour),
    ]),
    ...(migrations.length === 0 && settings.monitors.length === 0
      ? ["no migration document found; expected migrations/*.yaml beside leeway.yaml"]
      : []),
    ...renderMonitorPlans(config),
  ];
};

const trafficOf = (callsPerHour: number, users: number | null): AssumedTraffic => {
  const callsPerDay = 24 * callsPerHour;
  return { callsPerDay, users: users ?? Math.max(1, Math.round(callsPerDay)) };
};

/** Prints what is foreseen of every migration; 1 where a healthy candidate would never leave a stage. */
const foresee = (
  migrations: readonly Migration[],
  traffic: AssumedTraffic,
  { output, errors }: { readonly output: Terminal; readonly errors: Terminal },
): ExitCode => {
  const forecasts = migrations.map((migration) => {
    const progress = createProgress(errors, Date.now);
    const forecast = forecastRamp(migration, traffic, (done) => progress.show(done));
    progress.end();
    output.print(`\n${renderForecast(migration, forecast, traffic).join("\n")}\n`);
    return forecast;
  });
  return forecasts.some(({ stages }) => stages.some(isNeverLeft)) ? 1 : 0;
};

/** What `leeway check` is told. */
export interface CheckOptions {
  readonly config: string;
  /** Migration documents; empty = all beside leeway.yaml. */
  readonly documents: readonly string[];
  /** Counts both arms; null = not said, and then nothing is foreseen. */
  readonly callsPerHour: number | null;
  /** Null = as many as calls a day. */
  readonly users: number | null;
  /** Asks flag systems and channels as well. */
  readonly live: boolean;
}

/** `leeway check`: validates both kinds of files, says what they mean and how many calls each rule needs. */
export const check = async (
  { config, documents, callsPerHour, users, live }: CheckOptions,
  terminals: { readonly output: Terminal; readonly errors: Terminal },
): Promise<ExitCode> => {
  const read = readConfig(config, process.env, documents.length > 0 ? documents : null);
  if ("problems" in read) {
    for (const problem of read.problems) terminals.errors.print(`${formatProblem(problem)}\n`);
    return 2;
  }
  const { print } = terminals.output;
  const shown = printableValues(read.config);
  print(
    `${describeConfig(shown, callsPerHour ?? USUAL_CALLS_PER_HOUR)
      .join("\n")
      .trimEnd()}\n`,
  );
  const foreseen = callsPerHour === null ? 0 : foresee(shown.migrations, trafficOf(callsPerHour, users), terminals);
  if (!live) return foreseen;
  print("\n");
  return Math.max(foreseen, await checkLive(read.config, terminals)) as ExitCode;
};
