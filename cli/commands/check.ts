import { type Config, readConfig } from "../../agent/config/load-config.ts";
import { formatProblem } from "../../agent/config/problem.ts";
import { type Migration, shortHash } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { printableValues } from "../../core/printable-values.ts";
import { breachThreshold } from "../../detectors/plan.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import { describeRule } from "../../status/describe-rule.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderMonitorPlans } from "../render/monitor-plan.ts";
import { renderPower } from "../render/power.ts";
import { renderTable } from "../render/table.ts";

const describeMigration = (migration: Migration): readonly string[] => {
  const { rules, stages, baseline, candidate, route, hash } = migration;
  const stageText = stages.map((stage) => `${exactPercent(shareOfStage(stage))}${stage.approval ? " (approval)" : ""}`);
  const rows = rules.map((rule) => {
    const sameSeverity = rules.filter(({ severity }) => severity === rule.severity).length;
    return [rule.id, describeRule(rule), rule.severity, breachThreshold(rule.severity, sameSeverity).toFixed(2)];
  });
  return [
    `${migration.name}: ${baseline.model} -> ${candidate.model}, flag ${route.flag} on ${route.target}, document ${shortHash(hash, 12)}`,
    `  stages ${stageText.join(" -> ")}`,
    ...renderTable(["rule", "limit", "severity", "log e-value to act"], rows).map((line) => `  ${line}`),
    "",
  ];
};

const describeConfig = (config: Config, callsPerHour: number): readonly string[] => {
  const { settings, migrations } = config;
  return [
    `store ${settings.store.url}; tick ${settings.agent.tick / 1000} s, settle ${settings.agent.settle / 1000} s; ` +
      `flags ${Object.keys(settings.flags).join(", ")}; alerts ${settings.alerts.map(({ type }) => type).join(", ") || "none: nobody will be told"}`,
    "",
    ...migrations.flatMap((migration) => [...describeMigration(migration), ...renderPower(migration, callsPerHour)]),
    ...(migrations.length === 0 && settings.monitors.length === 0
      ? ["no migration document found; expected migrations/*.yaml beside leeway.yaml"]
      : []),
    ...renderMonitorPlans(config),
  ];
};

/**
 * `leeway check`: validates both kinds of files, says what they mean and how many calls each rule needs. `documents` empty = all
 * beside leeway.yaml; `callsPerHour` counts both arms.
 */
export const check = (
  config: string,
  documents: readonly string[],
  callsPerHour: number,
  print: (text: string) => void,
  complain: (text: string) => void,
): ExitCode => {
  const read = readConfig(config, process.env, documents.length > 0 ? documents : null);
  if ("problems" in read) {
    for (const problem of read.problems) complain(`${formatProblem(problem)}\n`);
    return 2;
  }
  print(`${describeConfig(printableValues(read.config), callsPerHour).join("\n").trimEnd()}\n`);
  return 0;
};
