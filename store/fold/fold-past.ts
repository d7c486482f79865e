import type { Migration } from "../../core/migration.ts";
import type { Tick } from "../../core/sample.ts";
import { IS_TRAFFIC, onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import type { PastRequest } from "../store.ts";
import { ALL_AGGREGATES, ALL_VALUES, type AllSignalsRow, allSignalCells } from "./all-signals-sql.ts";
import { partPrefix } from "./audience-sql.ts";
import { type Cell, callsCell } from "./cell.ts";
import { isOwnValue, type OwnValues, readCommonest } from "./commonest-values.ts";
import { readTick } from "./read-ticks.ts";
import { type Segmentation, segmentsSql } from "./segments-sql.ts";
import { storeTick } from "./store-tick.ts";
import { unassignedCells } from "./unassigned-cells.ts";

/** Under which name the samples of that time are stored: none that a migration can have. */
export const pastOf = (migration: string): string => `${migration} (before)`;

/** SQL condition for the calls of a baseline's model and prompt that ended in [from, to), whatever migration they are of. */
export const CALLS_OF_BASELINE: string = `${IS_TRAFFIC}
  AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}
  AND ({service:String} = '' OR service = {service:String})
  AND ({operation:String} = '' OR operation = {operation:String})
  AND request_model = {model:String} AND ({provider:String} = '' OR provider = {provider:String})
  AND ({prompt:String} = '' OR (prompt_name = '' AND prompt_version = '')
    OR (prompt_name = {prompt:String} AND prompt_version = {version:String}))`;

/** What {@link CALLS_OF_BASELINE} is asked with; times are epoch ms. */
export const baselineParams = (
  { match, baseline }: Pick<Migration, "match" | "baseline">,
  { from, to }: { readonly from: number; readonly to: number },
): Readonly<Record<string, string | number>> => ({
  ...{ from: Math.floor(from), to: Math.ceil(to), model: baseline.model, provider: baseline.provider ?? "" },
  ...{ service: match.service ?? "", operation: match.operation ?? "" },
  ...{ prompt: baseline.prompt?.name ?? "", version: baseline.prompt?.version ?? "" },
});

/** Those that belong to no migration, or to another one: it had not begun. */
const OF_PAST = `migration != {name:String} AND ${CALLS_OF_BASELINE}`;

/** Of more calls than this a random part is read: it says as well where the baseline is, and no start has to wait. */
const MAX_CALLS = 200_000;

const COUNT = `SELECT count() AS calls FROM ${SPANS} WHERE ${OF_PAST}`;

const READ = `${OF_PAST} AND cityHash64(trace_id, span_id) % {every:UInt32} = 0`;

const queryOf = (segmentation: Segmentation, own: OwnValues): string => `SELECT segment, count() AS calls,
${ALL_AGGREGATES}
FROM (SELECT *,
${ALL_VALUES}
  FROM ${onceSql(READ)})
ARRAY JOIN ${segmentsSql(segmentation, isOwnValue(own))} AS segment
GROUP BY segment ORDER BY segment`;

type Row = Omit<AllSignalsRow, "slot" | "cohort"> & { readonly calls: number };

const cellsOf = async (
  database: Database,
  { migration, audience = null, from, to }: PastRequest,
  maxCalls: number,
): Promise<readonly Cell[]> => {
  const { name, match, segments: names, segmentOptions: options } = migration;
  const past = { name, ...baselineParams(migration, { from, to }) };
  const [counted] = await database.query<{ calls: number }>(COUNT, past);
  const every = Math.max(1, Math.ceil((counted?.calls ?? 0) / maxCalls));
  const params = { ...past, every };
  const segmentation = { names, options, audiences: audience === null ? [] : [audience] };
  const own = await readCommonest(database, segmentation, { from: `${SPANS} WHERE ${READ}`, params });
  const rows = await database.query<Row>(queryOf(segmentation, own), params);
  const samples = rows.flatMap(({ calls, ...row }) => {
    const at = { ...row, slot: from, cohort: "baseline" };
    return [callsCell(from, "baseline", row.segment, calls), ...allSignalCells(at)];
  });
  // Without calls a row still says so: it is what marks the time as folded.
  const told = samples.length > 0 ? samples : [callsCell(from, "baseline", "", 0)];
  const part = audience === null ? [] : [callsCell(from, "baseline", partPrefix(audience), 0)];
  return [...told, ...part, ...(await unassignedCells(database, { migration: name, match, from, to }, from))];
};

/**
 * See Store.foldPast. What a call would have been to the migration is told by its model and prompt alone, as the agent
 * tells calls without a cohort: see docs/migrations.md, which arm a call belongs to. Of more than `maxCalls` (default
 * 200,000) a random part is read.
 */
export const foldPast = async (
  database: Database,
  request: PastRequest,
  maxCalls: number = MAX_CALLS,
): Promise<Tick> => {
  const { from, to, migration } = request;
  const head = { migration: pastOf(migration.name), from, to, stage: 0, share: 0 };
  const existing = await readTick(database, head.migration, to);
  if (existing !== null) return existing;
  return storeTick(database, head, await cellsOf(database, request, maxCalls));
};
