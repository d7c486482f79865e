const HOUR_MS = 3_600_000;
/** Calls that come in later than this are judged by nobody; an hour is read when it is so old. */
const SETTLED_MS = 12 * 60_000;
/** As far back an agent that was down makes up for. */
const MAX_BACK_MS = 24 * HOUR_MS;
/** Nobody waits for them, and the engine has other work. */
const HOURS_A_LOOK = 3;

/** The beginning of an hour, UTC, epoch ms. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

/**
 * The hours between `since` and `until` that are over, with what comes in late, and were not dealt with yet, as their beginnings: a few
 * at a time, and none of more than a day ago. `newest`: the last one that was; null = none. Epoch ms.
 */
export const closedHours = (
  { since, until }: { readonly since: number; readonly until: number },
  newest: number | null,
  now: number,
): readonly number[] => {
  const closed = Math.min(hourOf(now - SETTLED_MS), until);
  const first = Math.max(hourOf(since), hourOf(now - MAX_BACK_MS), newest === null ? 0 : newest + HOUR_MS);
  const count = Math.min(HOURS_A_LOOK, Math.max(0, Math.round((closed - first) / HOUR_MS)));
  return Array.from({ length: count }, (_, i) => first + i * HOUR_MS);
};
