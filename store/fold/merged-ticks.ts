import { evaluationSignal, isEvaluationSignal } from "../../core/evaluation-signal.ts";
import type { Tick } from "../../core/sample.ts";
import { SIGNAL_NAMES, type SignalName } from "../../core/signals.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { isOneOf } from "../quote.ts";
import { ASSIGNED, DESIGN_EFFECT, LASTING_EFFECT, REST_EFFECT, SAMPLES, SEGMENT_VALUES } from "../schema/samples.ts";
import { type SampleRow, tickOfRows } from "./tick-of-rows.ts";

/** Stored ticks to be read back, as they are or as longer ones; times are epoch ms. */
export interface MergeRequest {
  readonly migration: string;
  /** Ticks that end after this moment are read, and merged counting from it. */
  readonly origin: number;
  /** The last end that is read. */
  readonly until: number;
  /** Length of a merged tick, ms; null = as they are stored. */
  readonly everyMs: number | null;
  /** Signals whose samples are wanted; what is no sample is always read. */
  readonly signals: readonly SignalName[];
}

/** Merged ticks read at a time, and time of stored ticks: some ten thousand rows. */
const PAGE = 120;
const STORED_PAGE_MS = 1_800_000;

interface MergedRow extends SampleRow {
  readonly bucket: number;
}

/** Rows that replace those of the tick before; everything else is a sum. */
const REPLACING = `signal IN ('${DESIGN_EFFECT}', '${LASTING_EFFECT}', '${REST_EFFECT.momentary}', '${REST_EFFECT.lasting}', '${ASSIGNED}')`;

const merged = (column: "n" | "sum"): string =>
  `if(${REPLACING}, argMax(samples.${column}, samples.tick_to), sum(samples.${column})) AS ${column}`;

/** How the signals of evaluations begin: which there are depends on the rules there were. */
const EVALUATIONS = evaluationSignal("");

const wanted = (signals: readonly SignalName[]): string => `migration = {migration:String}
  AND samples.tick_to > ${momentOf("first")} AND samples.tick_to <= ${momentOf("last")}
  AND signal NOT IN ({unwanted:Array(String)}) AND signal != '${SEGMENT_VALUES}'
  AND (NOT startsWith(signal, '${EVALUATIONS}') OR ${isOneOf("signal", signals.filter(isEvaluationSignal))})`;

const mergedSql = (
  signals: readonly SignalName[],
): string => `SELECT intDiv(${epochOf("samples.tick_to")} - 1 - {origin:Int64}, {everyMs:Int64}) AS bucket,
  ${epochOf("min(samples.tick_from)")} AS tick_from, ${epochOf("max(samples.tick_to)")} AS tick_to,
  stage, any(samples.share) AS share, cohort, segment, signal, ${merged("n")}, ${merged("sum")},
  sumMap(samples.bins) AS bins
FROM ${SAMPLES} WHERE ${wanted(signals)}
GROUP BY bucket, stage, cohort, segment, signal
ORDER BY bucket, segment, signal, cohort`;

/** In the order in which a tick is read back when it is judged. */
const storedSql = (signals: readonly SignalName[]): string => `SELECT ${epochOf("samples.tick_to")} AS bucket,
  ${epochOf("samples.tick_from")} AS tick_from, ${epochOf("samples.tick_to")} AS tick_to,
  stage, share, cohort, segment, signal, n, sum, bins
FROM ${SAMPLES} WHERE ${wanted(signals)}
ORDER BY samples.tick_to, segment, signal, cohort, slot`;

const readRows = (
  database: Database,
  { migration, origin, everyMs, signals }: MergeRequest,
  first: number,
  last: number,
): Promise<MergedRow[]> => {
  const unwanted = SIGNAL_NAMES.filter((name) => !signals.some((signal) => signal === name));
  const range = { migration, unwanted, first, last };
  return everyMs === null
    ? database.query<MergedRow>(storedSql(signals), range)
    : database.query<MergedRow>(mergedSql(signals), { ...range, origin, everyMs });
};

/** Within one bucket the stages are ticks of their own. */
const ticksOf = (migration: string, rows: readonly MergedRow[]): readonly Tick[] =>
  [...Map.groupBy(rows, ({ bucket, stage }) => `${bucket} ${stage}`).values()]
    .map((group) => {
      const from = group.reduce((least, row) => Math.min(least, row.tick_from), Number.POSITIVE_INFINITY);
      const to = group.reduce((most, row) => Math.max(most, row.tick_to), 0);
      return group.map((row) => ({ ...row, tick_from: from, tick_to: to }));
    })
    .flatMap((group) => tickOfRows(migration, group) ?? [])
    .sort((a, b) => a.to - b.to);

/**
 * The stored ticks, oldest first, as they were judged or merged to ticks of `everyMs`: sums of evidence stay what they
 * are, the resolution of time gets coarser. A tick belongs to the merged tick in which it ends; a change of the stage
 * cuts a merged tick in two.
 */
export async function* mergedTicks(database: Database, request: MergeRequest): AsyncGenerator<Tick> {
  const { migration, origin, until, everyMs } = request;
  const pageMs = everyMs === null ? STORED_PAGE_MS : PAGE * everyMs;
  const page = (first: number): Promise<MergedRow[]> => {
    const rows = readRows(database, request, first, Math.min(until, first + pageMs));
    // Read ahead while the page before is used: a failure is met when its turn comes.
    rows.catch(() => undefined);
    return rows;
  };
  let ahead = page(origin);
  for (let first = origin; first < until; first += pageMs) {
    const rows = await ahead;
    if (first + pageMs < until) ahead = page(first + pageMs);
    yield* ticksOf(migration, rows);
  }
}

/** How many ticks that end in (origin, until] are stored, and the ends of the first and the last; null for none. */
export const tickSpan = async (
  database: Database,
  { migration, origin, until }: Pick<MergeRequest, "migration" | "origin" | "until">,
): Promise<{ readonly ticks: number; readonly first: number; readonly last: number } | null> => {
  const [row] = await database.query<{ ticks: number; first: number; last: number }>(
    `SELECT uniqExact(tick_to) AS ticks, ${epochOf("min(tick_to)")} AS first, ${epochOf("max(tick_to)")} AS last
     FROM ${SAMPLES}
     WHERE migration = {migration:String} AND tick_to > ${momentOf("origin")} AND tick_to <= ${momentOf("until")}`,
    { migration, origin, until },
  );
  return row === undefined || row.ticks === 0 ? null : row;
};
