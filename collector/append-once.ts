import type { DuplicateFilter } from "./duplicate-filter.ts";
import type { AppendOutcome, Spool } from "./spool/spool.ts";
import { inTurns, type Turns } from "./turns.ts";

/** Rows of one kind on their way to the disk. */
export interface RowStream {
  readonly spool: Pick<Spool, "append">;
  readonly duplicates: DuplicateFilter;
}

/** How appending rows ended. */
export interface AppendedOnce<Row> {
  readonly outcome: AppendOutcome;
  /** The rows that are on disk now and were not before. */
  readonly written: readonly Row[];
}

/** How rows of one kind are told apart and written. */
export interface RowFormat<Row> {
  readonly keyOf: (row: Row) => string;
  readonly encode: (row: Row) => string;
}

/** Rows that are written as one; a large request would need all its lines in memory at once. */
const GROUP_ROWS = 4096;

function* linesOf<Row>(rows: readonly Row[], encode: (row: Row) => string): Generator<void, Uint8Array> {
  const lines: string[] = [];
  for (const row of rows) {
    lines.push(encode(row));
    yield;
  }
  return Buffer.from(lines.join(""));
}

const appendGroup = async <Row>(
  rows: readonly Row[],
  { keyOf, encode }: RowFormat<Row>,
  { spool, duplicates }: RowStream,
  turns: Turns,
): Promise<AppendedOnce<Row>> => {
  const claim = duplicates.claim(rows.map(keyOf));
  const fresh = rows.filter((_row, index) => claim.fresh.has(index));
  let outcome: AppendOutcome = { outcome: "failed", detail: "" };
  try {
    outcome =
      fresh.length > 0
        ? await spool.append(await inTurns(turns, linesOf(fresh, encode)), fresh.length)
        : { outcome: "durable" };
  } finally {
    claim.settle(outcome.outcome === "durable");
  }
  const written = outcome.outcome === "durable" ? fresh : [];
  // a repeated row is durable only when the request that brought it first has written it
  if (!(await claim.others()) && outcome.outcome === "durable") outcome = { outcome: "failed", detail: "" };
  return { outcome, written };
};

/**
 * Appends the rows that are not on disk yet. `durable` means that every one of them is, whether this call or an
 * earlier one wrote it. After anything else all of them should be sent again.
 */
export const appendOnce = async <Row>(
  rows: readonly Row[],
  format: RowFormat<Row>,
  stream: RowStream,
  turns: Turns,
): Promise<AppendedOnce<Row>> => {
  const written: Row[] = [];
  for (let from = 0; from < rows.length; from += GROUP_ROWS) {
    const group = await appendGroup(rows.slice(from, from + GROUP_ROWS), format, stream, turns);
    for (const row of group.written) written.push(row);
    if (group.outcome.outcome !== "durable") return { outcome: group.outcome, written };
  }
  return { outcome: { outcome: "durable" }, written };
};
