import type { CanaryCall, SenderCalls, WindowCalls } from "../core/sender-calls.ts";
import { DRAW_MS, MOMENT_MS, senderKey } from "../core/sender-calls.ts";
import type { Database } from "./database.ts";
import { epochOf, momentOf } from "./epoch-sql.ts";
import { SPANS } from "./schema/llm-spans.ts";
import { OWN_KEY, readSharedKeys } from "./shared-keys.ts";
import type { Store } from "./store.ts";

/** How far a call's own end may lie before its receipt and still be read, ms: clocks and backlogs that are off by a day. */
const END_MS = 86_400_000;

/** More senders than this in one look are too many for a statement; short-lived processes make as many. */
const MAX_SENDERS = 3_000;

/** A sender of as many canary calls is kept, whenever it was heard of last. */
const MANY_CALLS = 20;

const ID = "cityHash64(trace_id, span_id)";

const DRAW = `cityHash64(multiIf(${OWN_KEY} != '', targeting_key_hash, conversation_id != '', conversation_id, trace_id), intDiv(toInt64(own_start), ${DRAW_MS}))`;

const MOMENT = `intDiv(toInt64(own_start), ${MOMENT_MS})`;

/** Calls of both arms that came in during [since, until), with their own times. */
const CALLS = `
  SELECT service, instance, cohort, trace_id, span_id, targeting_key_hash, conversation_id, duration_ms,
    ${epochOf("start_ms")} + clock_skew_ms AS own_start,
    ${epochOf("received_ms")} AS received,
    ${epochOf("received_ms")} - ${epochOf("end_ms")} - clock_skew_ms AS delay
  FROM ${SPANS}
  WHERE migration = {migration:String} AND cohort IN ('canary', 'baseline') AND end_ms >= ${momentOf("oldest")}
    AND received_ms >= ${momentOf("since")} AND received_ms < ${momentOf("until")}`;

type Range = { readonly migration: string; readonly since: number; readonly until: number };

const rangeOf = ({ migration, since, until }: Range): Record<string, unknown> => ({
  migration,
  since: Math.floor(since),
  until: Math.ceil(until),
  oldest: Math.floor(since - END_MS),
});

/** The parameter of DRAW: accounts under which both arms' calls run are not one user. */
const sharedIn = (database: Database, { migration, since, until }: Range): Promise<readonly string[]> =>
  readSharedKeys(database, { migration, from: Math.floor(since), to: Math.ceil(until) });

type SenderRow = Omit<SenderCalls, "lastCanaryStart" | "lastCanaryReceived"> & {
  readonly last: number;
  readonly lastCanary: number;
};

/** See Store.senderCalls. */
export const senderCalls = async (
  database: Database,
  { flippedAt, ...range }: Parameters<Store["senderCalls"]>[0],
): Promise<readonly SenderCalls[]> => {
  const rows = await database.query<SenderRow>(
    `SELECT service, instance,
       uniqExactIf(${ID}, cohort = 'canary') AS canaryCalls,
       uniqExactIf(${ID}, cohort = 'baseline') AS baselineCalls,
       uniqExactIf(${DRAW}, cohort = 'canary') AS canaryDraws,
       uniqExact(${MOMENT}) AS moments,
       if(countIf(received < {flippedAt:Int64}) > 0, minIf(delay, received < {flippedAt:Int64}), min(delay)) AS leastDelayMs,
       max(delay) AS mostDelayMs,
       if(canaryCalls = 0, 0, ifNull(quantileExactIf(0.99)(duration_ms, cohort = 'canary'),
         maxIf(received - own_start, cohort = 'canary'))) AS slowestMs,
       min(own_start) AS firstStart,
       maxIf(own_start, cohort = 'canary') AS last,
       max(own_start) AS lastStart,
       max(received) AS lastReceived,
       maxIf(received, cohort = 'canary') AS lastCanary,
       ${MOMENT_MS} * arrayMax(arrayDifference(arraySort(groupUniqArrayIf(${MOMENT}, cohort = 'canary')))) AS gap,
       if(canaryCalls < 2, 0, gap + ${MOMENT_MS}) AS longestGapMs
     FROM (${CALLS}) GROUP BY service, instance
     ORDER BY canaryCalls >= ${MANY_CALLS} DESC, lastReceived DESC, service, instance LIMIT ${MAX_SENDERS}`,
    { ...rangeOf(range), flippedAt: Math.floor(flippedAt), shared: await sharedIn(database, range) },
  );
  return rows.map(({ service, instance, last, lastCanary, ...row }) => ({
    ...{ service, instance },
    canaryCalls: row.canaryCalls,
    baselineCalls: row.baselineCalls,
    canaryDraws: row.canaryDraws,
    moments: row.moments,
    leastDelayMs: row.leastDelayMs,
    mostDelayMs: row.mostDelayMs,
    slowestMs: row.slowestMs,
    firstStart: row.firstStart,
    lastStart: row.lastStart,
    lastReceived: row.lastReceived,
    longestGapMs: row.longestGapMs,
    lastCanaryStart: row.canaryCalls > 0 ? last : null,
    lastCanaryReceived: row.canaryCalls > 0 ? lastCanary : null,
  }));
};

/** See Store.windowCalls. */
export const windowCalls = async (
  database: Database,
  { windows, ...range }: Parameters<Store["windowCalls"]>[0],
): Promise<readonly WindowCalls[]> =>
  windows.length === 0
    ? []
    : database.query<WindowCalls>(
        `WITH indexOf({keys:Array(String)}, concat(service, '\\n', instance)) AS i,
           arrayElement({flips:Array(Float64)}, i) AS own_flip,
           arrayElement({starts:Array(Float64)}, i) AS own_since,
           arrayElement({ends:Array(Float64)}, i) AS own_until
         SELECT service, instance,
           uniqExactIf(${DRAW}, own_start < own_since) AS drawsBefore,
           uniqExactIf(${ID}, cohort = 'canary' AND own_start >= own_flip) AS canaryAfterFlip,
           uniqExactIf(${ID}, cohort = 'baseline' AND own_start >= own_since AND own_start < own_until) AS baselineCalls,
           uniqExactIf(${DRAW}, cohort = 'baseline' AND own_start >= own_since AND own_start < own_until) AS baselineDraws
         FROM (${CALLS}) WHERE i > 0 GROUP BY service, instance ORDER BY service, instance`,
        {
          ...rangeOf(range),
          shared: await sharedIn(database, range),
          keys: windows.map(senderKey),
          flips: windows.map(({ flippedAt }) => flippedAt),
          starts: windows.map(({ since }) => since),
          ends: windows.map(({ until }) => until),
        },
      );

/** See Store.canaryCalls. */
export const canaryCalls = async (
  database: Database,
  { limit, ...range }: Parameters<Store["canaryCalls"]>[0],
): Promise<readonly CanaryCall[]> =>
  database.query<CanaryCall>(
    `SELECT any(service) AS service, any(instance) AS instance, any(${epochOf("start_ms")}) AS startedAt,
       any(${epochOf("start_ms")} + clock_skew_ms) AS ownStart, any(clock_skew_ms) AS clockSkewMs
     FROM ${SPANS}
     WHERE migration = {migration:String} AND cohort = 'canary' AND end_ms >= ${momentOf("oldest")}
       AND received_ms >= ${momentOf("since")} AND received_ms < ${momentOf("until")}
     GROUP BY trace_id, span_id ORDER BY startedAt DESC LIMIT {limit:UInt64}`,
    { ...rangeOf(range), limit },
  );
