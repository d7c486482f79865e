import type { SegmentOptionsByName } from "../../core/migration.ts";
import type { Tick } from "../../core/sample.ts";
import type { SignalName } from "../../core/signals.ts";
import { onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { SIGNAL_COLUMNS } from "../signal-columns.ts";
import type { CallRange } from "./call-range.ts";
import { callsCell } from "./cell.ts";
import { isOwnValue, type OwnValues, readCommonest } from "./commonest-values.ts";
import { readNewestEffects } from "./design-effects.ts";
import { type Injected, injectedColumn } from "./injected-column.ts";
import { type Segmentation, segmentsSql } from "./segments-sql.ts";
import { aggregatesOf, columnsOf, type SignalRow, signalCells } from "./signal-sql.ts";
import { tickOfRows } from "./tick-of-rows.ts";

/** The baseline's calls, to be dealt to two arms at random. */
export interface HalvesRequest extends CallRange {
  /** Length of the ticks, ms. */
  readonly everyMs: number;
  /** Part of the users, conversations or calls that become the canary, 0-1. */
  readonly share: number;
  /** The same seed deals the same way. */
  readonly seed: string;
  /** Names of the segments to fold by. */
  readonly segments: readonly string[];
  /** How their values are told apart. Default: as they are. */
  readonly segmentOptions?: SegmentOptionsByName | undefined;
  /** Signals to fold; those without a column are left out. */
  readonly signals: readonly SignalName[];
  readonly injected: readonly Injected[];
  /** Design effects by the moment they hold from, oldest first. */
  readonly designEffects: readonly TimedEffects[];
}

/** Design effects as they were known at a moment, epoch ms. */
export interface TimedEffects {
  readonly at: number;
  readonly effects: NonNullable<Tick["designEffects"]>;
}

/** Calls read at a time, about, and ticks at most. */
const PAGE_CALLS = 100_000;
const PAGE_TICKS = 120;

/** What a flag sticks to: the user, else the conversation, else nothing. Calls of one must not be torn apart. */
const UNIT = `multiIf(targeting_key_hash != '', targeting_key_hash, conversation_id != '', conversation_id, concat(trace_id, span_id))`;

const ARM = `if(cityHash64({seed:String}, ${UNIT}) / 18446744073709551616. < {share:Float64}, 'canary', 'baseline')`;

const OF_BASELINE = `migration = {migration:String} AND cohort = 'baseline'
  AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}`;

const segmentationOf = (request: Pick<HalvesRequest, "segments" | "segmentOptions">): Segmentation => ({
  names: request.segments,
  options: request.segmentOptions,
});

const queryFor = ({ signals, injected, ...request }: HalvesRequest, own: OwnValues): string => {
  const aggregates = columnsOf(signals).map(([name, column]) => {
    const hits = injected.filter(({ signal }) => signal === name);
    return aggregatesOf(
      name,
      hits.reduce((altered, hit) => injectedColumn(altered, hit, "arm = 'canary'"), column),
    );
  });
  return `SELECT intDiv(${epochOf("end_ms")} - {origin:Int64}, {everyMs:Int64}) AS slot, arm, segment, count() AS calls${aggregates.map((sql) => `,\n${sql}`).join("")}
FROM (SELECT *, ${ARM} AS arm FROM ${onceSql(OF_BASELINE)}) ARRAY JOIN ${segmentsSql(segmentationOf(request), isOwnValue(own))} AS segment
GROUP BY slot, arm, segment ORDER BY slot, segment, arm`;
};

type Row = Omit<SignalRow, "cohort"> & { readonly arm: "canary" | "baseline"; readonly calls: number };

const tickOf = ({ migration, from, everyMs, share, signals }: HalvesRequest, rows: readonly Row[]): Tick | null => {
  const names = columnsOf(signals).map(([name]) => name);
  const cells = rows.flatMap((row) => {
    const cohort = row.arm;
    const calls = callsCell(row.slot, cohort, row.segment, row.calls);
    return [calls, ...signalCells({ ...row, cohort }, names)].map((cell) => ({ ...cell, cohort }));
  });
  const at = from + (rows[0]?.slot ?? 0) * everyMs;
  return tickOfRows(
    migration,
    cells.filter(({ n }) => n > 0).map((cell) => ({ ...cell, tick_from: at, tick_to: at + everyMs, stage: 0, share })),
  );
};

/** How many of the baseline's calls ended in a range, copies of one counted twice, and between when; null without any. */
export const baselineCalls = async (
  database: Database,
  range: CallRange,
): Promise<{ readonly calls: number; readonly first: number; readonly last: number } | null> => {
  const [row] = await database.query<{ calls: number; first: number; last: number }>(
    `SELECT count() AS calls, ${epochOf("min(end_ms)")} AS first, ${epochOf("max(end_ms)")} AS last
     FROM ${SPANS} WHERE ${OF_BASELINE}`,
    { ...range },
  );
  return row === undefined || row.calls === 0 ? null : row;
};

/** Known values of a signal among the baseline's calls of a range: how many, their mean, and a quantile (0-1). */
export const baselineValue = async (
  database: Database,
  range: CallRange,
  { signal, quantile }: { readonly signal: SignalName; readonly quantile: number },
): Promise<{ readonly n: number; readonly mean: number; readonly quantile: number } | null> => {
  const column = SIGNAL_COLUMNS[signal];
  if (column === undefined) return null;
  const x = `toFloat64(ifNull(${column.value}, 0))`;
  const [row] = await database.query<{ n: number; total: number; at: number }>(
    `SELECT countIf(${column.known}) AS n, sumIf(${x}, ${column.known}) AS total,
       quantileIf({quantile:Float64})(${x}, ${column.known}) AS at
     FROM ${SPANS} WHERE ${OF_BASELINE}`,
    { ...range, quantile },
  );
  return row === undefined || row.n === 0 ? null : { n: row.n, mean: row.total / row.n, quantile: row.at };
};

/** Times at which design effects are read: they change slowly, and reading them costs more than a tick. */
const EFFECT_READS = 48;
const HOUR_MS = 3_600_000;

/** What the agent would have known of the design effects over a range, renewed hourly, at most 48 times. */
export const effectsOver = async (
  database: Database,
  { migration, from, to }: CallRange,
): Promise<readonly TimedEffects[]> => {
  const step = Math.max(HOUR_MS, (to - from) / EFFECT_READS);
  const known: TimedEffects[] = [];
  for (let at = from; at < to; at += step) {
    const { all } = await readNewestEffects(database, migration, Math.floor(at));
    known.push({ at, effects: Object.fromEntries(all) });
  }
  return known;
};

/** Puts each of `effects` on the first tick that begins at or after its moment. */
const withEffects = (effects: readonly TimedEffects[]): ((tick: Tick) => Tick) => {
  let next = 0;
  return (tick) => {
    let newest: TimedEffects | undefined;
    for (let each = effects[next]; each !== undefined && each.at <= tick.from; each = effects[++next]) newest = each;
    return newest === undefined ? tick : { ...tick, designEffects: newest.effects };
  };
};

/**
 * Ticks in which a random part of the baseline's calls stands for the canary: two arms that are equal but for what is
 * injected. `calls`: about how many there are in the range, to read them in parts that fit.
 */
export async function* halves(database: Database, request: HalvesRequest, calls: number): AsyncGenerator<Tick> {
  const { from, to, everyMs } = request;
  const ticks = Math.ceil((to - from) / everyMs);
  const perPage = Math.max(1, Math.min(PAGE_TICKS, Math.floor((PAGE_CALLS * ticks) / Math.max(1, calls))));
  const { migration, share, seed } = request;
  const read = async (range: CallRange): Promise<Row[]> => {
    const rows = { from: `${SPANS} WHERE ${OF_BASELINE}`, params: { ...range } };
    const own = await readCommonest(database, segmentationOf(request), rows);
    return database.query<Row>(queryFor(request, own), { ...range, share, seed, everyMs, origin: from });
  };
  const page = (start: number): Promise<Row[]> => {
    const until = Math.min(to, start + perPage * everyMs);
    const rows = read({ migration, from: start, to: until });
    rows.catch(() => undefined);
    return rows;
  };
  const complete = withEffects(request.designEffects);
  let ahead = page(from);
  for (let start = from; start < to; start += perPage * everyMs) {
    const rows = await ahead;
    if (start + perPage * everyMs < to) ahead = page(start + perPage * everyMs);
    for (const group of Map.groupBy(rows, ({ slot }) => slot).values()) {
      const tick = tickOf(request, group);
      if (tick !== null) yield complete(tick);
    }
  }
}
