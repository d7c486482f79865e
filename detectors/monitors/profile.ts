import { isEnough, type Measure } from "./level.ts";
import { addTotals, emptyTotals, fadeTotals, type Totals } from "./totals.ts";

/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000;

const HOURS_OF_DAY = 24;
const HOURS_OF_WEEK = 168;

/** Each week counts for this much of the one after it: about a month is remembered. */
const WEEKLY_FADE = 0.75;

/** The same for a past that does not know hours, per hour. */
const HOURLY_FADE: number = WEEKLY_FADE ** (1 / HOURS_OF_WEEK);

/** Hours of past after which every hour of the week has two predecessors. */
const TWO_WEEKS: number = 2 * HOURS_OF_WEEK;

/** What is remembered of a signal: plain data. Hours count from the epoch, in UTC. */
export interface Profile {
  /** Totals by hour of the week, "0" to "167", 0 being the epoch's own; of a flat profile "0" only. */
  readonly slots: Record<string, Totals>;
  /** First and last hour with calls; null before there were any. */
  first: number | null;
  last: number | null;
}

/** A profile that remembers nothing. */
export const emptyProfile = (): Profile => ({ slots: {}, first: null, last: null });

/** How long a past it holds, ms. */
export const pastOf = ({ first, last }: Profile): number =>
  first === null || last === null ? 0 : (last - first + 1) * HOUR_MS;

/** Adds the calls of one whole hour. Hours come in order. */
export const learnHour = (profile: Profile, hour: number, calls: Readonly<Totals>, isFlat: boolean): void => {
  if (calls.n === 0) return;
  const key = String(isFlat ? 0 : hour % HOURS_OF_WEEK);
  const slot = profile.slots[key] ?? emptyTotals();
  const passed = profile.last === null ? 0 : hour - profile.last;
  fadeTotals(slot, isFlat ? HOURLY_FADE ** passed : WEEKLY_FADE);
  addTotals(slot, calls);
  profile.slots[key] = slot;
  profile.first ??= hour;
  profile.last = hour;
};

const hourOfDay = (profile: Profile, hour: number): Totals => {
  const merged = emptyTotals();
  for (let slot = hour % HOURS_OF_DAY; slot < HOURS_OF_WEEK; slot += HOURS_OF_DAY) {
    const totals = profile.slots[String(slot)];
    if (totals !== undefined) addTotals(merged, totals);
  }
  return merged;
};

/**
 * What the past says about an hour: this hour of the week once there are two weeks of past and it holds enough calls,
 * this hour of every day otherwise. Null where both are too few.
 */
export const pastOfHour = (
  profile: Profile,
  hour: number,
  measure: Measure,
  isFlat: boolean,
): Readonly<Totals> | null => {
  const slot = profile.slots[String(isFlat ? 0 : hour % HOURS_OF_WEEK)];
  const isOldEnough = isFlat || pastOf(profile) >= TWO_WEEKS * HOUR_MS;
  if (slot !== undefined && isOldEnough && isEnough(measure, slot)) return slot;
  const day = isFlat ? emptyTotals() : hourOfDay(profile, hour);
  return isEnough(measure, day) ? day : null;
};
