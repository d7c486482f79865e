import { readRule } from "../../../../agent/config/rule-schema.ts";
import type { Rule } from "../../../../core/migration.ts";
import type { Measured } from "../../comparators/comparator.ts";
import type { Case } from "../case.ts";

/** Minutes of a day. */
export const DAY: number = 24 * 60;
const FOURTEEN_DAYS = 14 * DAY;

/** alpha of a migration with a single rollback rule. */
export const ROLLBACK = 0.01;
/** alpha of a pass. */
export const PASS = 0.05;

type Written = Parameters<typeof readRule>[0];

/** A rule as users write it; what is written wrong is a bug of the bench. */
export const ruleOf = (written: Omit<Written, "severity">, severity: Rule["severity"] = "rollback"): Rule => {
  const rule = readRule({ ...written, severity }, { cost_usd: 0.004 });
  if (!("id" in rule)) throw new Error(`${written.signal}: ${rule.text}`);
  return rule;
};

/** The same at every minute. */
export const constant =
  <T>(value: T) =>
  (): T =>
    value;
/** Something else from day five on. */
export const fromDayFive =
  <T>(before: T, after: T) =>
  (minute: number): T =>
    minute < 5 * DAY ? before : after;

/** A regression that begins on day five; the run goes on for two more days. */
export const LATE: { readonly minutes: number; readonly onset: number; readonly asked: "alarm" } = {
  minutes: 7 * DAY,
  onset: 5 * DAY,
  asked: "alarm",
};

/** One row, with what most rows have left out. */
export interface Row extends Pick<Case, "name" | "stream" | "asked"> {
  readonly minutes?: number;
  readonly runs: number;
  readonly onset?: number;
  readonly bound?: number;
}

/** The rows of a section: one rule, as Leeway and the other tools are told it. */
export const section = (name: string, rule: Rule, measured: Measured | null, rows: readonly Row[]): readonly Case[] =>
  rows.map((row) => ({
    section: name,
    rule,
    measured,
    minutes: row.minutes ?? FOURTEEN_DAYS,
    onset: row.onset ?? 0,
    bound: row.bound ?? null,
    name: row.name,
    stream: row.stream,
    asked: row.asked,
    runs: row.runs,
  }));
