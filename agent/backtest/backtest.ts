import { isEvaluationSignal } from "../../core/evaluation-signal.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { isItsDocument, type Migration, type Rule, shortHash } from "../../core/migration.ts";
import type { StoreReader } from "../../store/open-reader.ts";
import { besideRecord, type JudgedDecision, type RecordedDecision } from "./beside-record.ts";
import { livesOf } from "./recorded-history.ts";
import { createReplay, type ReplayResult } from "./replay.ts";
import { replayStored } from "./replay-stored.ts";

/** What is to be judged again. Times are epoch ms, durations ms. */
export interface BacktestRequest {
  /** The migration whose ticks are read, with the rules they are judged by. */
  readonly migration: Migration;
  /** Null = from the start of the migration. */
  readonly from: number | null;
  /** Null = to the newest tick. */
  readonly to: number | null;
  /** Length the stored ticks are merged to; null = as they are stored, or to a minute where that is too many. */
  readonly everyMs: number | null;
  readonly tickMs: number;
  readonly settleMs: number;
}

/** What would have been decided, when, beside what was. Times are epoch ms. */
export interface Backtest extends ReplayResult {
  readonly schema: "leeway.backtest/1";
  readonly migration: string;
  /** Hash of the document the ticks were judged by, and of the one the migration was started (or went on) with. */
  readonly document: { readonly hash: string; readonly startedWith: string };
  readonly range: { readonly from: number; readonly to: number };
  /** Length of the ticks that were judged, ms; null = as stored. */
  readonly everyMs: number | null;
  readonly decisions: readonly JudgedDecision[];
  /** What is on record in this time and was not decided by the replay, commands of people included. */
  readonly recordedOnly: readonly RecordedDecision[];
  readonly notes: readonly string[];
}

/** Why there is nothing to be judged again. */
export interface NoBacktest {
  readonly problem: string;
}

/** More stored ticks than this are merged to minutes, unless asked for otherwise: about a day of ticks of 5 s. */
const MANY_TICKS = 20_000;
const MINUTE_MS = 60_000;
/** Later than any tick, and still a time that ClickHouse knows. */
const FAR = 8_000_000_000_000;

const startedWith = (entries: readonly LedgerEntry[]): string | null => {
  const hashes = entries.flatMap(({ event }) =>
    event.type === "started" || event.type === "rehashed" ? [event.hash] : [],
  );
  return hashes.at(-1) ?? null;
};

const notesOf = (migration: Migration, hash: string, recorded: readonly LedgerEntry[]): readonly string[] => {
  const isRollback = ({ event }: LedgerEntry): boolean =>
    event.type === "decision" && event.decision.kind === "rollback";
  const rollback = recorded.find(isRollback);
  return [
    ...(isItsDocument(migration, hash)
      ? []
      : [`judged by document ${shortHash(migration.hash, 12)}; the migration was started with ${shortHash(hash, 12)}`]),
    ...(rollback === undefined
      ? []
      : [`it was rolled back at ${new Date(rollback.at).toISOString()}: after that there are hardly any canary calls`]),
  ];
};

/** Ticks hold the evaluations that somebody asked for when they were folded, and no other can be judged later. */
const unaskedNotes = ({ rules }: Migration, judged: ReplayResult["rules"]): readonly string[] => {
  const isUnseen = ({ id, signal }: Rule): boolean =>
    isEvaluationSignal(signal) &&
    judged.some(({ rule, last }) => rule === id && last?.outcome === "undecided" && last.why === "no-data");
  const unseen = rules.filter(isUnseen).map(({ id }) => id);
  return unseen.length === 0
    ? []
    : [
        `stored ticks hold the evaluations that the rules of their time named; nothing is known of ${unseen.join(", ")}`,
      ];
};

/**
 * Judges the stored ticks of a migration again: what would have been decided, when, beside what was. `progress` is told
 * the share that is done, 0-1.
 */
export const backtest = async (
  reader: StoreReader,
  request: BacktestRequest,
  progress: (done: number) => void,
): Promise<Backtest | NoBacktest> => {
  const { migration, tickMs } = request;
  const { name } = migration;
  const entries = await reader.readLedger(name);
  const hash = startedWith(entries);
  if (hash === null) return { problem: `${name}: its ledger is empty; expected a migration that was started` };
  const lives = livesOf(migration, entries, { from: request.from, until: request.to ?? FAR });
  const [first, end] = [lives[0]?.since ?? FAR, lives.at(-1)?.until ?? FAR];
  const origin = Math.floor(first / tickMs) * tickMs;
  const span = await reader.tickSpan({ migration: name, origin, until: end });
  if (span === null)
    return { problem: `${name}: no tick is stored in this time; expected a time in which it was judged` };
  const everyMs = request.everyMs ?? (span.ticks > MANY_TICKS ? MINUTE_MS : null);
  const replay = createReplay(migration, entries, request);
  const range = { migration, lives, tickMs, everyMs, last: span.last };
  await replayStored(reader, range, replay, (to) => progress((to - origin) / (span.last - origin)));
  // A decision on the last tick is written down when that tick has settled.
  const recorded = entries.filter(({ at }) => at >= origin && at <= span.last + request.settleMs + tickMs);
  const { decisions, ...result } = replay.result();
  const beside = besideRecord(name, decisions, recorded);
  return {
    schema: "leeway.backtest/1",
    migration: name,
    document: { hash: migration.hash, startedWith: hash },
    range: { from: origin, to: span.last },
    everyMs,
    ...result,
    decisions: beside.decisions,
    recordedOnly: beside.only,
    notes: [...notesOf(migration, hash, recorded), ...unaskedNotes(migration, result.rules)],
  };
};
