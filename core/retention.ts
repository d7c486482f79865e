/** Days a call is kept, from its end. The collector refuses what is older, and the store drops it. */
export const SPAN_DAYS = 90;

/** Days an outcome is kept, from when it came in; one that happened longer ago is refused. */
export const OUTCOME_DAYS = 90;

/** Days a pair is kept, from when it came in. */
export const PAIR_DAYS = 90;

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;
