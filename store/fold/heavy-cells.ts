import { SIGNALS, type SignalName } from "../../core/signals.ts";
import { onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { HEAVY } from "../schema/samples.ts";
import { OWN_KEY, readSharedKeys } from "../shared-keys.ts";
import { CALLS_OF_RANGE, type CallRange } from "./call-range.ts";
import type { Cell } from "./cell.ts";
import { aggregatesOf, columnsOf, type SignalRow, signalCells } from "./signal-sql.ts";
import type { SlotValues } from "./slot-values.ts";
import { SLOT } from "./visible-cells.ts";

/** Part of the calls, or of the events of a rate, of a minute, arm and segment from which on somebody is heavy in it. */
const HEAVY_SHARE = 0.1;
/** Events below which a part of them says nothing. */
const MIN_EVENTS = 3;
/** Of more in a minute, arm and segment those that have the largest part. */
const MAX_CLUSTERS = 3;

const hashed = (kind: string, column: string): string =>
  `concat('${kind}:', lower(leftPad(hex(cityHash64(${column})), 16, '0')))`;

/** SQL for whom the flag decided about, else the conversation, else nobody. */
const CLUSTER = `multiIf(${OWN_KEY} != '', ${hashed("user", "targeting_key_hash")},
  conversation_id != '', ${hashed("conversation", "conversation_id")}, '')`;

const partOf = (count: string): string =>
  `if(${count} >= {minEvents:Float64}, ${count} / (sum(${count}) OVER part_of), 0)`;

const queryFor = (columns: ReturnType<typeof columnsOf>, values: SlotValues): string => {
  const rates = columns.map(([name]) => name).filter((name) => SIGNALS[name].kind === "rate");
  const parts = rates.flatMap((name) => [partOf(`${name}_s`), partOf(`(${name}_n - ${name}_s)`)]);
  const part = `greatest(${["calls / (sum(calls) OVER part_of)", ...parts].join(",\n  ")}, 0)`;
  const aggregates = columns.map(([name, column]) => aggregatesOf(name, column)).join(",\n");
  return `SELECT * FROM (SELECT *, ${part} AS part
  FROM (SELECT ${SLOT} AS slot, cohort, segment, ${CLUSTER} AS cluster, count() AS calls,
${aggregates}
    FROM ${onceSql(`${CALLS_OF_RANGE} AND has({slots:Array(Int64)}, ${SLOT})`)} ARRAY JOIN ${values.segmentsSql(SLOT)} AS segment
    GROUP BY slot, cohort, segment, cluster)
  WINDOW part_of AS (PARTITION BY slot, cohort, segment))
WHERE cluster != '' AND part >= {share:Float64}
ORDER BY part DESC, cluster LIMIT {most:UInt32} BY slot, cohort, segment`;
};

type HeavyRow = SignalRow & { readonly cluster: string };

/** Mostly nobody is, and nobody needs to ask whether the arms share them. */
const isInBothArms = (rows: readonly HeavyRow[]): boolean => {
  const arms = Map.groupBy(rows, ({ cluster, slot }) => `${slot} ${cluster}`);
  return [...arms.values()].some((each) => new Set(each.map(({ cohort }) => cohort)).size > 1);
};

/**
 * What the heaviest users (else conversations) of each minute, arm and segment add to the samples of the named signals: up
 * to three who have a tenth of the calls, or of the events of a rate. Mostly nobody is. A key that the arms share is nobody.
 */
export const heavyCells = async (
  database: Database,
  range: CallRange,
  slots: readonly number[],
  { values, signals }: { readonly values: SlotValues; readonly signals: readonly SignalName[] },
): Promise<readonly Cell[]> => {
  // Several rules may be about one signal.
  const columns = columnsOf([...new Set(signals)]);
  if (columns.length === 0) return [];
  const names = columns.map(([name]) => name);
  const sql = queryFor(columns, values);
  const read = (shared: readonly string[]): Promise<HeavyRow[]> =>
    database.query<HeavyRow>(sql, {
      ...{ ...range, slots, share: HEAVY_SHARE, minEvents: MIN_EVENTS, most: MAX_CLUSTERS, shared },
    });
  const found = await read([]);
  const shared = isInBothArms(found) ? await readSharedKeys(database, range) : [];
  const rows = shared.length === 0 ? found : await read(shared);
  return rows.flatMap((row) =>
    signalCells(row, names)
      .filter(({ n }) => n > 0)
      .map((cell) => ({ ...cell, signal: `${HEAVY}${cell.signal}`, segment: `${row.cluster} ${cell.segment}` })),
  );
};
