import type { Migration, Rule } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { shortNumber } from "../../core/short-number.ts";
import { breachThreshold } from "../../detectors/plan.ts";
import { powerOf, type RulePower } from "../../detectors/power/power-of.ts";
import { firstCanaryShare } from "../../lifecycle/stages.ts";
import { renderTable } from "./table.ts";

const hours = (calls: number, perHour: number): string => {
  const value = calls / perHour;
  if (value < 1) return `${Math.max(1, Math.round(value * 60))} min`;
  return value < 48 ? `${shortNumber(value, 2)} h` : `${shortNumber(value / 24, 2)} d`;
};

const figure = (calls: number | null, perHour: number): string =>
  calls === null ? "beyond 20000" : `${calls} (${hours(calls, perHour)})`;

/** A rule's figures, for the table and for what holds the stage. */
interface RuleFigures {
  readonly rule: Rule;
  readonly power: RulePower | null;
}

const figuresOf = (migration: Migration, rule: Rule, share: number, canaryCallsPerHour: number): RuleFigures => {
  const sameSeverity = migration.rules.filter(({ severity }) => severity === rule.severity).length;
  const threshold = breachThreshold(rule.severity, sameSeverity);
  return { rule, power: powerOf(rule, { share, canaryCallsPerHour, threshold }) };
};

const row = ({ rule, power }: RuleFigures, perHour: number): readonly string[] => {
  if (power === null) return [rule.id, "–", "–", "–", "–", "–", "needs 500 canary answers to act on a shift"];
  const { breachAt1_5, breachAt2, clear, clearIn9of10, least, assumption } = power;
  const figures = [breachAt1_5, breachAt2, clear, clearIn9of10].map((calls) => figure(calls, perHour));
  const assumed = rule.by === null ? assumption : `${assumption}; calls of each ${rule.by}`;
  return [rule.id, ...figures, least === null ? "–" : figure(least, perHour), assumed];
};

const slowness = ({ power }: RuleFigures): number => power?.clearIn9of10 ?? Number.POSITIVE_INFINITY;

/**
 * Of what the first canary stage waits for: which rule takes longest to be clear, and what no test can undercut; empty where none
 * has a figure.
 */
const heldBy = (all: readonly RuleFigures[], { stages }: Migration, perHour: number): readonly string[] => {
  const gate = stages.find(({ kind }) => kind === "canary")?.gate;
  const figures = all.filter(({ rule }) => gate?.includes(rule.id) ?? true);
  const [slowest] = figures.filter(({ power }) => power !== null).toSorted((a, b) => slowness(b) - slowness(a));
  const [hardest] = figures.toSorted((a, b) => (b.power?.least ?? 0) - (a.power?.least ?? 0));
  if (slowest?.power === undefined || slowest.power === null) return [];
  const least = hardest?.power?.least ?? null;
  return [
    `the first canary stage ends when ${gate === undefined ? "every rule is clear" : `the rules of its gate are clear (${gate.join(", ")})`}; longest takes ${slowest.rule.id}: in 9 of 10 healthy cases ${figure(slowest.power.clearIn9of10, perHour)}`,
    ...(least === null
      ? []
      : [
          `no test whatever can be as sure of ${hardest?.rule.id ?? ""} before ${figure(least, perHour)}: until then the calls do not tell`,
        ]),
  ];
};

const HEADINGS = ["rule", "1.5x its limit", "2x its limit", "clear", "clear in 9 of 10", "no test before", "assumed"];

/**
 * What every rule needs at the first stage's share: canary calls and time until a breach at 1.5 and 2 times its limit,
 * and until clear, also in nine of ten cases; and what no test can undercut. Medians of seeded runs of the shipped judges
 * on simulated calls; `callsPerHour` counts both arms.
 */
export const renderPower = (migration: Migration, callsPerHour: number): readonly string[] => {
  const share = firstCanaryShare(migration.stages);
  const perHour = share * callsPerHour;
  const figures = migration.rules.map((rule) => figuresOf(migration, rule, share, perHour));
  const rows = figures.map((each) => row(each, perHour));
  return [
    `  power at ${Number(callsPerHour.toFixed(1))} calls an hour, ${exactPercent(share)} of them canary: canary calls (time) until the rule acts`,
    ...[...renderTable(HEADINGS, rows), ...heldBy(figures, migration, perHour)].map((line) => `  ${line}`),
    "",
  ];
};
