import { type ContentRow, encodeContentRow } from "../core/content-row.ts";
import type { SpanRow } from "../core/span-row.ts";
import { appendOnce, type RowStream } from "./append-once.ts";
import type { CollectorCollaborators, RowBatch } from "./collaborators.ts";
import { ALL_STORED } from "./collaborators.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { SpanContent } from "./normalise/content-row.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import type { Turns } from "./turns.ts";

/** What keeping content needs. */
export interface KeepContentCollaborators {
  readonly content: RowStream;
  readonly counters: CollectorCounters;
  readonly turns: Turns;
}

const FORMAT = { keyOf: ({ trace_id, span_id }: ContentRow) => trace_id + span_id, encode: encodeContentRow };

/**
 * Makes the content of these calls durable, of those that have a row. Where there is no room for content the calls go on without
 * it, counted: what judges a migration does not wait for what people may read of it. A disk that fails is the request's failure.
 */
export const keepContent = async (
  contents: ReadonlyMap<SpanRow, SpanContent>,
  rows: Iterable<SpanRow>,
  { content, counters, turns }: KeepContentCollaborators,
): Promise<AppendOutcome> => {
  const found: ContentRow[] = [];
  let left = contents.size;
  for (const row of rows) {
    const own = contents.get(row) ?? null;
    if (own !== null) left -= 1;
    if (own === "too-large") counters.contentLost["too-large"] += 1;
    // its moment is the row's: a sender's clock may have been put right since
    else if (own !== null) found.push({ ...own, at_ms: row.end_ms });
  }
  counters.contentLost.covered += left;
  if (found.length === 0) return { outcome: "durable" };
  const { outcome, written, lost } = await appendOnce(found, FORMAT, content, turns);
  counters.content += written.size;
  if (outcome.outcome !== "full") return outcome;
  counters.contentLost["spool-full"] += Math.max(1, lost.length);
  return { outcome: "durable" };
};

/** How batches of content reach the store: what is not taken is counted and kept in no other file. */
export const contentInsert =
  (insert: CollectorCollaborators["insertContent"], counters: CollectorCounters) =>
  async (batch: RowBatch): Promise<typeof ALL_STORED> => {
    if (insert === null) {
      counters.contentLost["switched-off"] += batch.rows;
      return ALL_STORED;
    }
    const { refused } = await insert(batch);
    counters.contentLost["store-refused"] += refused.length;
    return ALL_STORED;
  };
