import type { Arm } from "../core/cohort.ts";
import {
  HANDOFF_KINDS,
  HANDOFF_SIGNALS,
  type HandoffCells,
  type HandoffReading,
  type HandoffSignal,
  type HandoffSums,
} from "../core/handoff.ts";
import { IS_TRAFFIC, onceSql } from "./calls-sql.ts";
import type { Database } from "./database.ts";
import { epochOf, momentOf } from "./epoch-sql.ts";
import { CALLS_OF_RANGE, type CallRange } from "./fold/call-range.ts";
import { startOfNewest } from "./fold/design-effects.ts";
import { SIGNAL_COLUMNS } from "./signal-columns.ts";

/** Newest calls that are looked at for conversations. */
const MAX_CALLS = 200_000;

/** A conversation that had a turn so long before goes on, and has no first turn of its own in the time that is compared. */
const BEFORE_MS = 21_600_000;

/** The call follows a move of its conversation to its arm. A mark that names the call's own arm marks nothing. */
const IS_MOVED = "handoff IN ('baseline', 'canary') AND handoff != cohort";

const CALLS = `${CALLS_OF_RANGE} AND ${IS_TRAFFIC}`;

interface MovedRow extends Pick<HandoffCells, "arm" | "conversations" | "calls" | "nameless" | "first" | "last"> {}

const MOVED = `SELECT toString(cohort) AS arm, uniqExactIf(conversation_id, conversation_id != '') AS conversations,
  countIf(conversation_id != '') AS calls, countIf(conversation_id = '') AS nameless,
  ${epochOf("min(end_ms)")} AS first, ${epochOf("max(end_ms)")} AS last
FROM ${onceSql(`${CALLS} AND ${IS_MOVED}`)} GROUP BY cohort ORDER BY arm`;

const KNOWN = `SELECT sum(own) AS calls, sumIf(own, conversation_id != '') AS named,
  countIf(conversation_id != '' AND arms > 1 AND marks = 0) AS unmarked
FROM (SELECT conversation_id, count() AS own, uniqExact(cohort) AS arms, countIf(${IS_MOVED}) AS marks
  FROM ${onceSql(CALLS)} GROUP BY conversation_id)`;

/** A conversation's mean of a signal over the calls for which `condition` holds; null where none of them knows it. */
const meanSql = (signal: HandoffSignal, condition: string): string => {
  const { value, known } = SIGNAL_COLUMNS[signal] ?? { value: "NULL", known: "0" };
  const isRate = HANDOFF_KINDS[signal] === "rate";
  const number = isRate ? `toFloat64(${value})` : `log(toFloat64(${value}))`;
  const isKnown = isRate ? known : `${known} AND ${value} > 0`;
  return `avgOrNullIf(${number}, ${condition} AND ${isKnown})`;
};

const GROUPS = ["moved", "stayed"] as const;

/** Later turns of the arm, as the first ones after a move are: a conversation's first call has no history to go by. */
const CONDITIONS: Readonly<Record<(typeof GROUPS)[number], string>> = {
  moved: "is_moved AND is_arm",
  stayed: `is_arm AND NOT is_moved AND start_ms > began AND end_ms >= ${momentOf("first")}`,
};

const COUNTED: Readonly<Record<(typeof GROUPS)[number], string>> = {
  moved: "moves > 0",
  stayed: "marks = 0 AND arms = 1",
};

const each = (text: (signal: HandoffSignal, group: (typeof GROUPS)[number]) => string): string =>
  HANDOFF_SIGNALS.flatMap((signal) => GROUPS.map((group) => text(signal, group))).join(",\n  ");

const SUMS = `SELECT ${each((signal, group) => {
  const [name, isIn] = [`${signal}_${group}`, `${COUNTED[group]} AND isNotNull(${signal}_${group})`];
  return `countIf(${isIn}) AS ${name}_n, sumIf(ifNull(${name}, 0), ${isIn}) AS ${name}_s, sumIf(ifNull(${name} * ${name}, 0), ${isIn}) AS ${name}_q`;
})}
FROM (SELECT conversation_id, countIf(is_moved AND is_arm) AS moves, countIf(is_moved) AS marks, uniqExact(cohort) AS arms,
  ${each((signal, group) => `${meanSql(signal, CONDITIONS[group])} AS ${signal}_${group}`)}
  FROM (SELECT *, ${IS_MOVED} AS is_moved, cohort = {arm:String} AS is_arm,
    min(start_ms) OVER (PARTITION BY conversation_id) AS began FROM ${onceSql(`${CALLS} AND conversation_id != ''`)})
  GROUP BY conversation_id)`;

const sumsOf = (row: Readonly<Record<string, number>> | undefined): HandoffCells["sums"] => {
  const of = (name: string): HandoffSums => ({
    n: row?.[`${name}_n`] ?? 0,
    sum: row?.[`${name}_s`] ?? 0,
    squares: row?.[`${name}_q`] ?? 0,
  });
  const sums = HANDOFF_SIGNALS.map((signal) => [
    signal,
    { moved: of(`${signal}_moved`), stayed: of(`${signal}_stayed`) },
  ]);
  return Object.fromEntries(sums);
};

/** See Store.handoffs. */
export const readHandoffs = async (database: Database, request: CallRange): Promise<HandoffReading> => {
  const { migration } = request;
  const [from, to] = [Math.floor(request.from), Math.ceil(request.to)];
  const params = { migration, from, to };
  const moved = await database.query<MovedRow>(MOVED, params);
  const newest = await startOfNewest(database, migration, { from, to, calls: MAX_CALLS });
  const [known] = await database.query<Omit<HandoffReading, "arms">>(KNOWN, { ...params, from: newest });
  const arms: HandoffCells[] = [];
  for (const row of moved) {
    const range = { from: Math.max(from, row.first - BEFORE_MS), to: Math.min(to, row.last + 1), calls: MAX_CALLS };
    const start = row.conversations === 0 ? range.to : await startOfNewest(database, migration, range);
    const [sums] = await database.query<Record<string, number>>(SUMS, {
      ...{ migration, from: start, to: range.to, first: row.first, arm: row.arm },
    });
    arms.push({ ...row, arm: row.arm as Arm, sums: sumsOf(sums) });
  }
  return { calls: known?.calls ?? 0, named: known?.named ?? 0, unmarked: known?.unmarked ?? 0, arms };
};
