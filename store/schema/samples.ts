import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of samples. */
export const SAMPLES = "samples";

/** `signal` of the rows that count calls, whether or not any signal of theirs is known. */
export const CALLS = "calls";

/** `signal` of the rows that carry the design effect (`sum`) of the signal named in `segment`. */
export const DESIGN_EFFECT = "design_effect";

/** `signal` of the rows that carry the same over all calls that were counted (`n`): of users who stay. */
export const LASTING_EFFECT = "lasting_effect";

/** `signal` of the rows that carry both without the heaviest users of an arm, where that is another number. */
export const REST_EFFECT = { momentary: "rest_effect", lasting: "lasting_rest_effect" } as const;

/** `signal` of the rows of one user or conversation begins so; the signal follows, and `segment` is `cluster segment`. */
export const HEAVY = "heavy:";

/** `signal` of the row that names, as its `segment`, whom the stage is for; missing = everybody. Their own rows' segments begin with it. */
export const AUDIENCE = "audience";

/** `signal` of the rows that count an arm's calls (`n`) and those of them that came in late (`sum`). */
export const ARRIVALS = "arrivals";

/** `signal` of the rows that count an arm's answers (`n`) by the name and the fingerprint of what answered (`bins`). */
export const SERVED_BY = { model: "served_model", fingerprint: "served_fingerprint" } as const;

/** `signal` of the rows that count an arm's calls (`n`) by what they were made with and answered by (`bins`). */
export const CARRIED = "carried";

/** `signal` of the row that counts the service's calls of no migration (`n`), by what they come from (`bins`), beside the migration's (`sum`). */
export const UNASSIGNED = "unassigned";

/** `signal` of the rows that count users or conversations by arm (`n`); `sum` of them are not just a call. */
export const ASSIGNED = "assigned";

/** `signal` of the rows that count the calls of the service named in `segment` (`n`), and its calls that were lost (`sum`). */
export const LOSSES = "losses";

/** `signal` of the rows that count the evaluations of the migration's flag that served the arm (`n`). */
export const EVALUATIONS = "evaluations";

/** `signal` of the rows that count an arm's calls that were moved in time (`n`), and by how many ms in all (`sum`). */
export const MOVED = "moved";

/** `signal` of the row that says by how many ms (`sum`) the clock of the agent's machine was set not long before. */
export const CLOCK_STEP = "clock_step";

/**
 * `signal` of the rows that say which values of the name in `segment` are folded by themselves in the minute: their
 * hashes (`bins`). Where there is none, all are.
 */
export const SEGMENT_VALUES = "segment_values";

/**
 * What was judged, per tick: sufficient statistics per signal, arm, segment and minute of the calls' end. All rows of
 * one tick are written by one insert. A tick is judged once it has its `calls` rows of the overall segment.
 */
export const createSamples = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, SAMPLES)}${onCluster(placement)} (
  migration LowCardinality(String),
  tick_from DateTime64(3, 'UTC'),
  tick_to DateTime64(3, 'UTC'),
  stage UInt16,
  share Float64,
  slot DateTime('UTC'),
  cohort LowCardinality(String),
  segment LowCardinality(String),
  signal LowCardinality(String),
  n UInt64,
  sum Float64,
  bins Map(String, UInt64)
) ENGINE = ${engineOf(placement, "")}
PARTITION BY toYYYYMM(tick_to)
ORDER BY (migration, tick_to, segment, signal, cohort, slot)
TTL toDateTime(tick_to) + INTERVAL 400 DAY
SETTINGS ${dedupWindow(placement, 10_000)}`;
