import { evaluationSignal } from "../../core/evaluation-signal.ts";
import { MEASURES } from "../../core/measures.ts";
import { SIGNAL_NAMES, type SignalName, signalOf } from "../../core/signals.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { isOneOf } from "../quote.ts";
import { OUTCOMES } from "../schema/outcomes.ts";
import type { CallRange } from "./call-range.ts";
import { type Cell, SLOT_MS } from "./cell.ts";
import type { SlotValues } from "./slot-values.ts";

/** The signals of the catalogue by the names of the outcomes that count when they arrive. */
const SIGNAL_OF: ReadonlyMap<string, SignalName> = new Map(
  SIGNAL_NAMES.flatMap((signal) => {
    const measure = MEASURES[signal];
    return measure.from === "outcome" && measure.counts === "arrival"
      ? measure.named.map((name) => [name, signal] as const)
      : [];
  }),
);

/** The signal of the outcomes of a name. Of names without one in the catalogue: that of the evaluations of the name. */
export const signalFor = (name: string): SignalName => SIGNAL_OF.get(name) ?? evaluationSignal(name);

/** True where the outcomes of a name are numbers between 0 and 1, and no yes or no. */
export const isScore = (name: string): boolean => signalOf(signalFor(name)).kind === "score";

/** Names looked for at a time: they are part of a statement, four times, and a statement has an end. */
const PAGE = 100;

/**
 * The names of the outcomes that a fold looks at, in the parts it looks for them in; whatever else arrives is passed over.
 */
export const countedNames = (evaluations: readonly string[]): readonly (readonly string[])[] => {
  const names = [...new Set([...SIGNAL_OF.keys(), ...evaluations])];
  return Array.from({ length: Math.ceil(names.length / PAGE) }, (_, page) =>
    names.slice(page * PAGE, (page + 1) * PAGE),
  );
};

const SLOT = `intDiv(${epochOf("received_ms")}, ${SLOT_MS}) * ${SLOT_MS}`;

const told = (names: readonly string[]): string => `migration = {migration:String} AND cohort IN ('baseline', 'canary')
  AND ${isOneOf("name", names)}
  AND value IS NOT NULL AND (value BETWEEN 0 AND 1 OR NOT ${isOneOf("name", names.filter(isScore))})`;

/** SQL condition for the outcomes that arrived in a range. */
export const ARRIVED: string = `received_ms >= ${momentOf("from")} AND received_ms < ${momentOf("to")}`;

/** The first outcome of a name counts for its call: two scores of one call are one measurement, taken twice. */
const first = (names: readonly string[]): string => `(SELECT * FROM ${OUTCOMES}
  WHERE ${told(names)} AND ${ARRIVED}
    AND (trace_id, span_id, name) NOT IN (
      SELECT trace_id, span_id, name FROM ${OUTCOMES} WHERE ${told(names)} AND received_ms < ${momentOf("from")})
  ORDER BY received_ms, id LIMIT 1 BY trace_id, span_id, name)`;

const queryFor = (
  names: readonly string[],
  values: SlotValues,
): string => `SELECT ${SLOT} AS slot, cohort, segment, name,
  count() AS outcomes, countIf(value >= 0.5) AS yes, sum(value) AS total,
  sumMap(map(toString(round(assumeNotNull(value) * 100)), toUInt64(1))) AS hundredths
FROM ${first(names)} ARRAY JOIN ${values.segmentsSql(SLOT)} AS segment
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

/** What the outcomes called `names` that arrived in [from, to) say, per minute of their arrival, arm, segment and signal. */
export const outcomeCells = async (
  database: Database,
  range: CallRange,
  values: SlotValues,
  names: readonly string[],
): Promise<readonly Cell[]> => (await database.query<Row>(queryFor(names, values), { ...range })).map(cellOf);
