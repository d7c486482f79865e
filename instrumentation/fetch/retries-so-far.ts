import type { ErrorKind } from "../../core/error-kind.ts";

/** What the attempts of a call before the one under way met with, and what was lost between them. */
export interface RetriesSoFar {
  /** From the failure of each attempt to the next one, ms. */
  readonly waitMs: number;
  /** Attempts that a rate limit or an overloaded provider turned away; null where that cannot be seen. */
  readonly throttled: number | null;
  /** Whether each wait was as long as the provider asked for; null = it asked for none. */
  readonly kept: boolean | null;
}

/** Before the first attempt. */
export const NO_RETRIES: RetriesSoFar = { waitMs: 0, throttled: 0, kept: null };

/** How an attempt failed, as far as the next one goes by it. */
export interface FailedAttempt {
  readonly isThrottled: boolean;
  /** The wait the provider asked for, ms; null = none. */
  readonly askedMs: number | null;
}

/** Timers fire up to a millisecond early, and waits are measured from when we saw the failure. */
const EARLY_MS = 20;

/** The same after one more failed attempt, and the wait after it. */
export const afterWait = (
  so: RetriesSoFar,
  { isThrottled, askedMs }: FailedAttempt,
  waitedMs: number,
): RetriesSoFar => ({
  waitMs: so.waitMs + Math.max(0, waitedMs),
  throttled: so.throttled === null ? null : so.throttled + (isThrottled ? 1 : 0),
  kept: askedMs === null ? so.kept : so.kept !== false && waitedMs + EARLY_MS >= askedMs,
});

/** The same after the last attempt, which nothing waited for. */
export const afterLast = (so: RetriesSoFar, isThrottled: boolean): RetriesSoFar =>
  isThrottled && so.throttled !== null ? { ...so, throttled: so.throttled + 1 } : so;

/** True for failures by which a provider turns traffic away that is right in itself. */
export const isThrottling = (kind: ErrorKind): boolean => kind === "rate-limit" || kind === "overload";

/** A longer wish is a mistake of whoever wrote it. */
const MAX_ASKED_MS = 31 * 86_400_000;

const millisecondsIn = (text: string, unitMs: number): number | null =>
  /^\s*\d{1,12}(?:\.\d{1,9})?\s*$/.test(text) ? Number(text) * unitMs : null;

/**
 * The wait that `retry-after-ms` or `retry-after` (seconds, with a fraction or without, or a date) asks for, ms from
 * `now` (epoch ms); null where there is none: absent, malformed, negative, past, or longer than a month.
 */
export const askedWaitMs = (headers: Headers, now: number): number | null => {
  const after = headers.get("retry-after") ?? "";
  const exact = millisecondsIn(headers.get("retry-after-ms") ?? "", 1);
  const seconds = exact ?? millisecondsIn(after, 1000);
  // Node reads "-5" and "1 apple" as dates, too.
  const asked = seconds ?? (/[A-Za-z]{3}, \d|\d{4}-\d\d-\d\d/.test(after) ? Date.parse(after) - now : Number.NaN);
  return asked > 0 && asked <= MAX_ASKED_MS ? asked : null;
};
