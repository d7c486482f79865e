import type { SignalName } from "../../core/signals.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { OUTCOMES } from "../schema/outcomes.ts";
import { type Cell, SLOT_MS } from "./cell.ts";
import { SEGMENTS } from "./segments-sql.ts";
import type { CallRange } from "./visible-cells.ts";

/** The signals that outcomes of these names make, and how. */
const SIGNAL_OF: Readonly<Record<string, { readonly signal: SignalName; readonly kind: "score" | "rate" }>> = {
  quality: { signal: "quality", kind: "score" },
  task_completed: { signal: "task_completed", kind: "rate" },
  thumbs: { signal: "thumbs_up", kind: "rate" },
};

const SLOT = `intDiv(${epochOf("received_ms")}, ${SLOT_MS}) * ${SLOT_MS}`;

const OF_MIGRATION = `migration = {migration:String} AND cohort IN ('baseline', 'canary')
  AND name IN (${Object.keys(SIGNAL_OF)
    .map((name) => `'${name}'`)
    .join(", ")})
  AND value IS NOT NULL AND (name != 'quality' OR value BETWEEN 0 AND 1)`;

const ARRIVED = `received_ms >= ${momentOf("from")} AND received_ms < ${momentOf("to")}`;

/** The first outcome of a name counts for its call: two scores of one call are one measurement, taken twice. */
const FIRST = `(SELECT * FROM ${OUTCOMES}
  WHERE ${OF_MIGRATION} AND ${ARRIVED}
    AND (trace_id, span_id, name) NOT IN (
      SELECT trace_id, span_id, name FROM ${OUTCOMES} WHERE ${OF_MIGRATION} AND received_ms < ${momentOf("from")})
  ORDER BY received_ms, id LIMIT 1 BY trace_id, span_id, name)`;

const QUERY = `SELECT ${SLOT} AS slot, cohort, segment, name,
  count() AS outcomes, countIf(value >= 0.5) AS yes, sum(value) AS total,
  sumMap(map(toString(round(assumeNotNull(value) * 100)), toUInt64(1))) AS hundredths
FROM ${FIRST} ARRAY JOIN ${SEGMENTS} AS segment
GROUP BY slot, cohort, segment, name`;

type Row = Omit<Cell, "signal" | "n" | "sum" | "bins"> & {
  readonly name: string;
  readonly outcomes: number;
  readonly yes: number;
  readonly total: number;
  readonly hundredths: Cell["bins"];
};

const cellsOf = ({ slot, cohort, segment, name, outcomes: n, yes, total, hundredths }: Row): readonly Cell[] => {
  const known = SIGNAL_OF[name];
  if (known === undefined) return [];
  const { signal, kind } = known;
  const measured = kind === "score" ? { sum: total, bins: hundredths } : { sum: yes, bins: {} };
  return [{ slot, cohort, segment, signal, n, ...measured }];
};

/** What the outcomes that arrived in [from, to) say, per minute of their arrival, arm, segment and signal. */
export const outcomeCells = async (
  database: Database,
  range: CallRange,
  segments: readonly string[],
): Promise<readonly Cell[]> => (await database.query<Row>(QUERY, { ...range, segments })).flatMap(cellsOf);
