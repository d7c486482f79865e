import type { UnitRefusal } from "../../core/collector-stats.ts";
import { DAY_MS, SPAN_DAYS } from "../../core/retention.ts";

/** A clock can be off by years; a span of another century is one of another unit. */
const MOST_AHEAD_MS = 30 * 365 * DAY_MS;

/** Nobody traced calls of models before the year 2000; a number that small counts something larger than nanoseconds. */
const YEAR_2000 = 946_684_800_000;

/**
 * A call that ends by less before it began was timed by two clocks, or by one that was set meanwhile: it is kept, and how
 * long it took is unknown. Clocks that are kept in time differ by milliseconds; by more than this they are not kept at all.
 */
export const CLOCK_NOISE_MS = 5_000;

const UNITS: readonly (readonly [reason: UnitRefusal, nanoseconds: number])[] = [
  ["seconds-as-nanoseconds", 1e9],
  ["milliseconds-as-nanoseconds", 1e6],
  ["microseconds-as-nanoseconds", 1e3],
];

/** The unit in which a time before the year 2000 (epoch ms) is one of our days; null for any other time. */
export const unitProblem = (ms: number, receivedMs: number): UnitRefusal | null => {
  if (!(ms > 0 && ms < YEAR_2000)) return null;
  const isOurs = (epochMs: number): boolean => epochMs >= YEAR_2000 && epochMs <= receivedMs + MOST_AHEAD_MS;
  return UNITS.find(([, nanoseconds]) => isOurs(ms * nanoseconds))?.[0] ?? null;
};

/**
 * What is wrong with the times of a call; null when it can be kept. A span that ends ahead of its arrival has a wrong clock,
 * and is placed by its arrival. One from before what the store keeps would be dropped as soon as it was stored, and every day
 * of it is a partition.
 */
export const timeProblem = (
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  receivedMs: number,
): UnitRefusal | "invalid-time" | "too-old" | null => {
  const unit = unitProblem(startMs, receivedMs) ?? unitProblem(endMs, receivedMs);
  if (unit !== null) return unit;
  const isPossible =
    startMs > 0 && endMs > 0 && endMs >= startMs - CLOCK_NOISE_MS && endMs <= receivedMs + MOST_AHEAD_MS;
  if (!isPossible) return "invalid-time";
  return Math.min(startMs, endMs) < receivedMs - SPAN_DAYS * DAY_MS ? "too-old" : null;
};
