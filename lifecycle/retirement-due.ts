import { daysUntil } from "../core/days-until.ts";
import type { LedgerEvent } from "../core/ledger.ts";
import type { Migration, ModelConfiguration } from "../core/migration.ts";

/** So many days before a model is retired people are told, and once it is. */
export const RETIREMENT_DAYS = [90, 30, 7, 0] as const;

/** When a model is retired, and who says so. */
export interface Retirement {
  /** The day, `2027-01-14`, UTC: calls fail from its first moment on. */
  readonly retires: string;
  /** A page, or the name of a table. */
  readonly source: string;
}

/** What is to be put on record: that a model of the migration ends within so many days. */
export type RetirementEvent = Extract<LedgerEvent, { readonly type: "retirement" }>;

const dueOf = (
  { model, provider }: ModelConfiguration,
  arms: RetirementEvent["arms"],
  find: (model: string, provider: string | null) => Retirement | null,
  now: number,
): readonly RetirementEvent[] => {
  const found = find(model, provider);
  if (found === null) return [];
  const daysLeft = daysUntil(found.retires, now);
  const withinDays = RETIREMENT_DAYS.findLast((days) => daysLeft <= days);
  return withinDays === undefined ? [] : [{ type: "retirement", model, arms, ...found, daysLeft, withinDays }];
};

/**
 * The nearest mark that each of a migration's models has come to, at `now` (epoch ms). It is what stands now, whatever was told
 * before: an agent that was down on the day, or whose clock was set, tells the mark at hand and none that has gone by. Pure.
 */
export const retirementsDue = (
  { baseline, candidate }: Pick<Migration, "baseline" | "candidate">,
  find: (model: string, provider: string | null) => Retirement | null,
  now: number,
): readonly RetirementEvent[] => {
  const isOne = baseline.model === candidate.model && baseline.provider === candidate.provider;
  if (isOne) return dueOf(baseline, ["baseline", "canary"], find, now);
  return [...dueOf(baseline, ["baseline"], find, now), ...dueOf(candidate, ["canary"], find, now)];
};
