import { evaluationSignal } from "../../core/evaluation-signal.ts";
import { MEASURES } from "../../core/measures.ts";
import { SIGNAL_NAMES, type SignalName, signalOf } from "../../core/signals.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { OUTCOMES } from "../schema/outcomes.ts";
import { type Cell, SLOT_MS } from "./cell.ts";
import { SEGMENTS } from "./segments-sql.ts";
import type { CallRange } from "./visible-cells.ts";

/** The signals of the catalogue by the names of the outcomes that count when they arrive. */
const SIGNAL_OF: ReadonlyMap<string, SignalName> = new Map(
  SIGNAL_NAMES.flatMap((signal) => {
    const measure = MEASURES[signal];
    return measure.from === "outcome" && measure.counts === "arrival"
      ? measure.named.map((name) => [name, signal] as const)
      : [];
  }),
);

/** Of names without a signal in the catalogue: that of the evaluations of the name. */
const signalFor = (name: string): SignalName => SIGNAL_OF.get(name) ?? evaluationSignal(name);

const isScore = (name: string): boolean => signalOf(signalFor(name)).kind === "score";

/** The names of the outcomes that a fold looks at; whatever else arrives is passed over. */
export const countedNames = (evaluations: readonly string[]): readonly string[] => [
  ...new Set([...SIGNAL_OF.keys(), ...evaluations]),
];

const SLOT = `intDiv(${epochOf("received_ms")}, ${SLOT_MS}) * ${SLOT_MS}`;

const OF_MIGRATION = `migration = {migration:String} AND cohort IN ('baseline', 'canary')
  AND name IN ({names:Array(String)})
  AND value IS NOT NULL AND (value BETWEEN 0 AND 1 OR name NOT IN ({scores:Array(String)}))`;

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

const cellOf = ({ slot, cohort, segment, name, outcomes: n, yes, total, hundredths }: Row): Cell => {
  const measured = isScore(name) ? { sum: total, bins: hundredths } : { sum: yes, bins: {} };
  return { slot, cohort, segment, signal: signalFor(name), n, ...measured };
};

/**
 * What the outcomes that arrived in [from, to) say, per minute of their arrival, arm, segment and signal: those of the
 * catalogue, and those of the names in `evaluations`.
 */
export const outcomeCells = async (
  database: Database,
  range: CallRange,
  segments: readonly string[],
  evaluations: readonly string[],
): Promise<readonly Cell[]> => {
  const names = countedNames(evaluations);
  const rows = await database.query<Row>(QUERY, { ...range, segments, names, scores: names.filter(isScore) });
  return rows.map(cellOf);
};
