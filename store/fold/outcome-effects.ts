import type { Audience } from "../../core/audience.ts";
import { evaluationSignal } from "../../core/evaluation-signal.ts";
import { MEASURES } from "../../core/measures.ts";
import { SIGNAL_NAMES, type SignalName } from "../../core/signals.ts";
import { designEffect } from "../../detectors/stats/cluster-effect.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { isOneOf } from "../quote.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { OUTCOMES } from "../schema/outcomes.ts";
import { readSharedKeys } from "../shared-keys.ts";
import { ofAudienceSql } from "./audience-sql.ts";
import {
  BUCKETS,
  CLUSTER_LEVELS,
  CLUSTERS,
  type ClusterLevel,
  LOOKBACK_MS,
  largestOf,
  OF_ARMS,
  startOfNewest,
} from "./design-effects.ts";
import { countedNames, isScore, signalFor } from "./outcome-cells.ts";
import { TICKETS } from "./outcomes-told.ts";

/** Newest calls whose outcomes are looked at. */
const MAX_CALLS = 100_000;

const TICKETS_SIGNAL: SignalName = "support_tickets";

/** The signals that become known after a call: those of the catalogue, and of the evaluations of these names. */
export const outcomeSignals = (evaluations: readonly string[]): readonly SignalName[] => [
  ...SIGNAL_NAMES.filter((name) => MEASURES[name].from === "outcome"),
  ...evaluations.map(evaluationSignal),
];

/** The calls, by arm and by what they may be alike in. */
const callsOf = (level: ClusterLevel, audience: Audience | null): string =>
  `(SELECT trace_id, span_id, cohort AS arm, cityHash64(${CLUSTERS[level]}) % ${BUCKETS} AS bucket FROM ${SPANS}
  WHERE ${OF_ARMS} AND ${audience === null ? "1" : ofAudienceSql(audience)}
    AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")} LIMIT 1 BY trace_id, span_id)`;

const told = (condition: string): string =>
  `${OF_ARMS} AND received_ms >= ${momentOf("from")} AND received_ms < ${momentOf("to")} AND ${condition}`;

/** The first outcome of each name of a call, as the fold counts it. */
const outcomesSql = (calls: string, names: readonly string[]): string =>
  `SELECT arm, bucket, name, count() AS n, sum(x) AS total, sum(x * x) AS squares
FROM ${calls} AS call INNER JOIN (
  SELECT trace_id, span_id, name,
    if(${isOneOf("name", names.filter(isScore))}, assumeNotNull(value), toFloat64(value >= 0.5)) AS x
  FROM ${OUTCOMES} WHERE ${told(`${isOneOf("name", names)} AND value IS NOT NULL`)}
  ORDER BY received_ms, id LIMIT 1 BY trace_id, span_id, name) AS outcome
  ON call.trace_id = outcome.trace_id AND call.span_id = outcome.span_id
GROUP BY arm, bucket, name`;

/** Of a ticket every call says something: that there was one, or none. */
const ticketsSql = (calls: string): string =>
  `SELECT arm, bucket, 'ticket' AS name, count() AS n, toFloat64(countIf((trace_id, span_id) IN (
    SELECT trace_id, span_id FROM ${OUTCOMES} WHERE ${told(`${TICKETS} AND (value IS NULL OR value >= 0.5)`)}))) AS total,
  total AS squares
FROM ${calls} GROUP BY arm, bucket`;

interface Row {
  readonly arm: string;
  readonly bucket: number;
  readonly name: string;
  readonly n: number;
  readonly total: number;
  readonly squares: number;
}

/** What is told under two names of one signal is measured for each of them. */
const effectsOf = (rows: readonly Row[]): readonly (readonly [SignalName, number])[] =>
  [...Map.groupBy(rows, ({ arm, name }) => `${arm}\n${name}`).values()].flatMap((buckets) => {
    const name = buckets[0]?.name ?? "";
    const isTicket = name === "ticket";
    const sums = buckets.map(({ n, total: sum, squares }) => ({ n, sum, squares }));
    const effect = designEffect(sums, isTicket || !isScore(name));
    return effect === null ? [] : [[isTicket ? TICKETS_SIGNAL : signalFor(name), effect] as const];
  });

/** Of which calls the effects are asked. */
export interface OutcomeEffectsRequest {
  readonly migration: string;
  /** Epoch ms. */
  readonly to: number;
  /** Names of the evaluations that rules are about. */
  readonly evaluations: readonly string[];
  /** Whose calls are meant; null = everybody's. */
  readonly audience: Audience | null;
}

/**
 * The design effect of every signal that becomes known after the call, from the newest calls before `to` and what is known of them:
 * of users and of conversations, in each arm, the largest. Empty where nobody tells of outcomes.
 */
export const readOutcomeEffects = async (
  database: Database,
  { migration, to, evaluations, audience }: OutcomeEffectsRequest,
): Promise<readonly (readonly [SignalName, number])[]> => {
  const params = { migration, from: to - LOOKBACK_MS, to };
  const [any] = await database.query<{ tickets: number; others: number }>(
    `SELECT countIf(${TICKETS}) AS tickets, countIf(NOT ${TICKETS}) AS others FROM ${OUTCOMES} WHERE ${told("1")}`,
    params,
  );
  const { tickets = 0, others = 0 } = any ?? {};
  if (tickets + others === 0) return [];
  const from = await startOfNewest(database, migration, { ...params, calls: MAX_CALLS });
  const range = { migration, from, to };
  const shared = await readSharedKeys(database, range);
  const rows: (readonly (readonly [SignalName, number])[])[] = [];
  for (const level of CLUSTER_LEVELS) {
    const calls = callsOf(level, audience);
    const queries = [
      ...(others === 0 ? [] : countedNames(evaluations).map((names) => outcomesSql(calls, names))),
      ...(tickets === 0 ? [] : [ticketsSql(calls)]),
    ];
    for (const sql of queries) rows.push(effectsOf(await database.query<Row>(sql, { ...range, shared })));
  }
  return largestOf(rows.flat());
};
