import type { DuplicateFilter } from "./duplicate-filter.ts";
import type { AppendOutcome, Spool } from "./spool/spool.ts";
import { standingIn } from "./spool/standing-in.ts";
import { inTurns, type Turns } from "./turns.ts";

/** Rows of one kind on their way to the disk. */
export interface RowStream {
  readonly spool: Pick<Spool, "append" | "exchange">;
  readonly duplicates: DuplicateFilter;
}

/** Where a row waits for the store. */
export interface Place {
  readonly stream: RowStream;
  /** Number of the spool's segment. */
  readonly segment: number;
}

/** How appending rows ended. */
export interface AppendedOnce<Row> {
  readonly outcome: AppendOutcome;
  /** The rows that are on disk now and were not before, and where. */
  readonly written: ReadonlyMap<Row, Place>;
  /** The rows that were to be written, and are nowhere. */
  readonly lost: readonly Row[];
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
  stream: RowStream,
  turns: Turns,
): Promise<AppendedOnce<Row>> => {
  const { spool, duplicates } = stream;
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
  const segment = outcome.outcome === "durable" ? outcome.segment : undefined;
  const place = segment === undefined ? null : { stream, segment };
  const written = new Map(place === null ? [] : fresh.map((row) => [row, place]));
  const lost = place === null ? fresh : [];
  // a repeated row is durable only when the request that brought it first has written it
  if (!(await claim.others()) && outcome.outcome === "durable") outcome = { outcome: "failed", detail: "" };
  return { outcome, written, lost };
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
  const written = new Map<Row, Place>();
  for (let from = 0; from < rows.length; from += GROUP_ROWS) {
    const group = await appendGroup(rows.slice(from, from + GROUP_ROWS), format, stream, turns);
    for (const [row, place] of group.written) written.set(row, place);
    if (group.outcome.outcome !== "durable") return { outcome: group.outcome, written, lost: group.lost };
  }
  return { outcome: { outcome: "durable" }, written, lost: [] };
};

/**
 * Puts a row in the place of another that waits there, where that is not on its way to the store yet. Resolves with whether it
 * stands there now; else nothing has changed.
 */
export const exchangeOnce = async <Row>(
  row: Row,
  { keyOf, encode }: RowFormat<Row>,
  insteadOf: string,
  { stream: { spool, duplicates }, segment }: Place,
): Promise<boolean> => {
  const claim = duplicates.claim([keyOf(row)]);
  let isDone = false;
  try {
    // a row that is on disk already, or on its way there, stands for itself
    if (claim.fresh.size > 0) isDone = await spool.exchange(Buffer.from(standingIn(encode(row), insteadOf)), segment);
  } finally {
    claim.settle(isDone);
  }
  return isDone;
};
