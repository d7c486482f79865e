import type { DuplicateFilter } from "./duplicate-filter.ts";
import type { AppendOutcome, Spool } from "./spool/spool.ts";

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

/**
 * Appends the rows that are not on disk yet. `durable` means that every one of them is, whether this call or an
 * earlier one wrote it. After anything else all of them should be sent again.
 */
export const appendOnce = async <Row>(
  rows: readonly Row[],
  { keyOf, encode }: { readonly keyOf: (row: Row) => string; readonly encode: (row: Row) => string },
  { spool, duplicates }: RowStream,
): Promise<AppendedOnce<Row>> => {
  const claim = duplicates.claim(rows.map(keyOf));
  const fresh = rows.filter((_row, index) => claim.fresh.has(index));
  let outcome: AppendOutcome = { outcome: "failed", detail: "" };
  try {
    const lines = (): Uint8Array => Buffer.from(fresh.map(encode).join(""));
    outcome = fresh.length > 0 ? await spool.append(lines(), fresh.length) : { outcome: "durable" };
  } finally {
    claim.settle(outcome.outcome === "durable");
  }
  const written = outcome.outcome === "durable" ? fresh : [];
  // a repeated row is durable only when the request that brought it first has written it
  if (!(await claim.others()) && outcome.outcome === "durable") outcome = { outcome: "failed", detail: "" };
  return { outcome, written };
};
