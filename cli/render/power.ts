import type { Migration, Rule } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { shortNumber } from "../../core/short-number.ts";
import { breachThreshold } from "../../detectors/plan.ts";
import { powerOf } from "../../detectors/power/power-of.ts";
import { renderTable } from "./table.ts";

const hours = (calls: number, perHour: number): string => {
  const value = calls / perHour;
  if (value < 1) return `${Math.max(1, Math.round(value * 60))} min`;
  return value < 48 ? `${shortNumber(value, 2)} h` : `${shortNumber(value / 24, 2)} d`;
};

const figure = (calls: number | null, perHour: number): string =>
  calls === null ? "beyond 20000" : `${calls} (${hours(calls, perHour)})`;

const row = (migration: Migration, rule: Rule, share: number, callsPerHour: number): readonly string[] => {
  const sameSeverity = migration.rules.filter(({ severity }) => severity === rule.severity).length;
  const canaryCallsPerHour = share * callsPerHour;
  const threshold = breachThreshold(rule.severity, sameSeverity);
  const power = powerOf(rule, { share, canaryCallsPerHour, threshold });
  if (power === null) return [rule.id, "–", "–", "–", "needs 500 canary answers to act on a shift"];
  const { breachAt1_5, breachAt2, clear, assumption } = power;
  return [rule.id, ...[breachAt1_5, breachAt2, clear].map((calls) => figure(calls, canaryCallsPerHour)), assumption];
};

/**
 * What every rule needs at the first stage's share: canary calls and time until a breach at 1.5 and 2 times its limit,
 * and until clear. Medians of seeded runs of the shipped judges on simulated calls; `callsPerHour` counts both arms.
 */
export const renderPower = (migration: Migration, callsPerHour: number): readonly string[] => {
  const share = migration.stages[0]?.share ?? 0;
  const rows = migration.rules.map((rule) => row(migration, rule, share, callsPerHour));
  return [
    `  power at ${callsPerHour} calls an hour, ${exactPercent(share)} of them canary: canary calls (time) until the rule acts`,
    ...renderTable(["rule", "1.5x its limit", "2x its limit", "clear", "assumed"], rows).map((line) => `  ${line}`),
    "",
  ];
};
