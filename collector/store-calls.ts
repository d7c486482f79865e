import { DAY_MS } from "../core/retention.ts";
import { encodeSpanRow, type SpanRow } from "../core/span-row.ts";
import { type AppendedOnce, appendOnce, exchangeOnce, type RowStream } from "./append-once.ts";
import type { SeenCall } from "./covered/same-call.ts";
import type { CoveredCalls, SortedCalls } from "./covered-calls.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import { inTurns, type Turns } from "./turns.ts";

/** What making calls durable needs. */
export interface StoreCallsCollaborators {
  readonly spans: RowStream;
  /** Calls that ended on an earlier day. */
  readonly earlier: RowStream;
  readonly covered: Pick<CoveredCalls, "sort">;
  readonly turns: Turns;
}

/** How the calls of one request fared. */
export interface StoredCalls {
  readonly outcome: AppendOutcome;
  /** Those that are to be rows of their own. */
  readonly rows: readonly SpanRow[];
  /** Those of them that are on disk now and were not before. */
  readonly written: readonly SpanRow[];
  /** Those that took the place of poorer rows of earlier requests. */
  readonly exchanged: readonly SpanRow[];
}

const FORMAT = { keyOf: ({ trace_id, span_id }: SpanRow) => trace_id + span_id, encode: encodeSpanRow };

/** Writes the calls, those of earlier days where no other call waits behind them. */
const append = async (
  rows: readonly SpanRow[],
  receivedMs: number,
  { spans, earlier, turns }: StoreCallsCollaborators,
): Promise<AppendedOnce<SpanRow>> => {
  const isEarlier = ({ end_ms }: SpanRow): boolean => end_ms < receivedMs - DAY_MS;
  const recent = await appendOnce(
    rows.filter((row) => !isEarlier(row)),
    FORMAT,
    spans,
    turns,
  );
  const old = await appendOnce(rows.filter(isEarlier), FORMAT, earlier, turns);
  const outcome = recent.outcome.outcome === "durable" ? old.outcome : recent.outcome;
  return {
    outcome,
    written: new Map([...recent.written, ...old.written]),
    lost: [...recent.lost, ...old.lost],
  };
};

/** Puts the better spans in the place of the rows that still wait. Resolves with those that stand there now. */
const exchange = async <Call extends SeenCall>(better: SortedCalls<Call>["better"]): Promise<ReadonlySet<Call>> => {
  const exchanged = new Set<Call>();
  await Promise.all(
    better.map(async ({ call, insteadOf, place }) => {
      if (await exchangeOnce(call.row, FORMAT, insteadOf, place)) exchanged.add(call);
    }),
  );
  return exchanged;
};

/** Writes what has been sorted, and says how it went, whatever comes. */
const write = async <Call extends SeenCall>(
  { rows, better, settle }: SortedCalls<Call>,
  receivedMs: number,
  collaborators: StoreCallsCollaborators,
): Promise<StoredCalls> => {
  let appended: AppendedOnce<SpanRow> = { outcome: { outcome: "failed", detail: "" }, written: new Map(), lost: [] };
  let exchanged: ReadonlySet<Call> = new Set();
  const own = rows.map(({ row }) => row);
  try {
    appended = await append(own, receivedMs, collaborators);
    exchanged = await exchange(better);
  } finally {
    settle({ written: appended.written, lost: new Set(appended.lost), exchanged });
  }
  const { outcome, written } = appended;
  return { outcome, rows: own, written: [...written.keys()], exchanged: [...exchanged].map(({ row }) => row) };
};

/**
 * Makes the calls of one request durable, each by one row. A span whose call has a row already becomes none, but where it
 * makes a better one and that row is not on its way to the store yet, it takes its place. Where another request is writing
 * the row, what comes of that is waited for. `durable` means that every call is on disk.
 */
export const storeCalls = async (
  calls: readonly SeenCall[],
  receivedMs: number,
  collaborators: StoreCallsCollaborators,
): Promise<StoredCalls> => {
  const { covered, turns } = collaborators;
  const sorted = await inTurns(turns, covered.sort(calls));
  const first = await write(sorted, receivedMs, collaborators);
  if (sorted.waiting.length === 0) return first;
  await sorted.ready();
  const rest = await storeCalls(sorted.waiting, receivedMs, collaborators);
  return {
    outcome: first.outcome.outcome === "durable" ? rest.outcome : first.outcome,
    rows: [...first.rows, ...rest.rows],
    written: [...first.written, ...rest.written],
    exchanged: [...first.exchanged, ...rest.exchanged],
  };
};
