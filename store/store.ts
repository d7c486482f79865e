import type { Audience } from "../core/audience.ts";
import type { BaselineRow, BaselineStratum } from "../core/baseline-row.ts";
import type { Arm } from "../core/cohort.ts";
import type { ContentRow } from "../core/content-row.ts";
import type { CostCell } from "../core/cost-cell.ts";
import type { CostHour } from "../core/cost-hour.ts";
import type { SpanId } from "../core/finding.ts";
import type { HandoffReading } from "../core/handoff.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { PairRow } from "../core/pair-row.ts";
import type { Tick } from "../core/sample.ts";
import type { CanaryCall, SenderCalls, SenderWindow, WindowCalls } from "../core/sender-calls.ts";
import type { SignalName } from "../core/signals.ts";
import type { KnownRow } from "../core/span-row.ts";
import type { BaselineDraw } from "./baselines/draw-baselines.ts";
import type { BaselineRequest } from "./baselines/read-baselines.ts";
import type { ContentRequest, PairContentRequest } from "./content/read-content.ts";
import type { CostRequest } from "./cost-cells.ts";
import type { EngineHealth } from "./embedded/engine-health.ts";
import type { CallRange } from "./fold/call-range.ts";
import type { IntakeTotals } from "./insert-intake.ts";
import type { LedgerClaim, LedgerPart } from "./ledger-log.ts";
import type { MonitorStore } from "./monitors/monitor-store.ts";
import type { JudgedPair, WordsRequest } from "./pairs/judged-pair.ts";
import type { CallKey, PairRequest } from "./pairs/read-pairs.ts";
import type { ShadowSpend } from "./pairs/shadow-spend.ts";
import type { ExampleRequest } from "./span-examples.ts";

/** A batch of rows for insertSpans, insertOutcomes, insertPairs or insertContent. */
export interface RowBatch {
  /** Names the batch for good: an insert under a token that was used before changes nothing. */
  readonly token: string;
  /** Lines made by encodeSpanRow(), encodeOutcomeRow(), encodePairRow() or encodeContentRow(), UTF-8. */
  readonly lines: string | Uint8Array;
  /** Number of lines. */
  readonly rows: number;
  /** How many columns, from the first, the lines have; the others get their defaults. Default: all. */
  readonly columns?: number;
}

/** How the rows of a batch fared. */
export interface InsertedRows {
  /** Lines that the database refuses for what they say, and would refuse again; all others are stored. */
  readonly refused: readonly Uint8Array[];
}

/** One tick to be folded; times are epoch ms, whole numbers. */
export interface FoldRequest {
  readonly migration: string;
  readonly from: number;
  readonly to: number;
  /** Index of the stage the migration stands at. */
  readonly stage: number;
  /** Canary share that is to be expected, 0-1: the stage's; 0 after a rollback. */
  readonly share: number;
  /** Names of the segments to fold by, beside the overall one. */
  readonly segments: readonly string[];
  /** How their values are told apart. Default: as they are. */
  readonly segmentOptions?: Migration["segmentOptions"];
  /** Whose calls are judged, and whose will be in the next stage: folded by themselves as well. Null or left out = everybody's. */
  readonly audience?: Audience | null;
  readonly nextAudience?: Audience | null;
  /** Names of the evaluations that rules ask for, beside the outcomes of the catalogue. Default: none. */
  readonly evaluations?: readonly string[];
  /** Signals that rules are about: of these the heaviest users are looked for. Default: none. */
  readonly ruleSignals?: readonly SignalName[];
  /** What tells who was given which arm: the migration's flag, and when the stage began. Without it nobody looks. */
  readonly routing?: { readonly flag: string; readonly stageSince: number };
  /** Which calls the document says are the migration's. Without it nobody looks for those that fit no arm. */
  readonly match?: Migration["match"];
  /** The clock of the agent's machine was set by this not long ago, ms; the tick says so. */
  readonly clockStepMs?: number;
}

/** The baseline's calls that ended in [from, to), epoch ms, before the migration was started. */
export interface PastRequest {
  readonly migration: Pick<Migration, "name" | "match" | "baseline" | "segments" | "segmentOptions">;
  /** Whose calls will be judged: folded by themselves as well. Null or left out = everybody's. */
  readonly audience?: Audience | null;
  readonly from: number;
  readonly to: number;
}

/** How recent the spans of a migration are, over the last hour. */
export interface Freshness {
  /** End of the newest call, epoch ms, no later than it came in; null = no call in the last hour. */
  readonly newestEnd: number | null;
  /** When the newest call came in, epoch ms. */
  readonly newestReceived: number | null;
  /** Calls per arm in the last hour, each counted once. */
  readonly calls: Readonly<Record<Arm, number>>;
  /** Baseline calls among them without an error; left out = not counted. */
  readonly answered?: number;
  /** Segment names that they carry; left out = not read. */
  readonly segments?: readonly string[];
}

/**
 * Everything the product keeps: spans, samples and the ledger. Every method rejects with a LeewayError:
 * `store-unavailable` when trying again may help (the database is down, restarting, full or overloaded), `store-query`
 * when it will not.
 */
export interface Store {
  /** Where other clients of the same database connect; `reader` is null unless the database is the embedded one. */
  readonly endpoint: {
    readonly url: string;
    readonly database: string;
    readonly reader: { readonly user: string; readonly password: string } | null;
  };
  /**
   * Adds spans and, through the materialized view, their minute rollup. Resolved = they are in the table, but for those
   * that were refused.
   */
  readonly insertSpans: (batch: RowBatch) => Promise<InsertedRows>;
  /** trace_id and span_id, joined, of the spans received since `sinceMs`; newest first, at most `limit`. */
  readonly recentSpanKeys: (sinceMs: number, limit: number) => Promise<string[]>;
  /** The calls received since `sinceMs`, as often as they are there; newest first, at most `limit`. */
  readonly recentCalls: (sinceMs: number, limit: number) => Promise<readonly KnownRow[]>;
  /** Adds outcomes as they came in; the next fold ties them to their calls. */
  readonly insertOutcomes: (batch: RowBatch) => Promise<InsertedRows>;
  /** Ids of the outcomes received since `sinceMs`; newest first, at most `limit`. */
  readonly recentOutcomeKeys: (sinceMs: number, limit: number) => Promise<string[]>;
  /** Adds pairs of served calls and their second answers, and counts of calls that made none. */
  readonly insertPairs: (batch: RowBatch) => Promise<InsertedRows>;
  /** Ids of the pairs received since `sinceMs`; newest first, at most `limit`. */
  readonly recentPairKeys: (sinceMs: number, limit: number) => Promise<string[]>;
  /** Rows of a migration in the order in which they came in, each id once. What an agent stores late may have come in earlier. */
  readonly readPairs: (request: PairRequest) => Promise<readonly PairRow[]>;
  /** One pair of a migration; null where it is not kept. */
  readonly pairById: (migration: string, id: string) => Promise<PairRow | null>;
  /** Those of these served calls that the candidate was asked, whatever came of it. */
  readonly pairedCalls: (migration: string, calls: readonly CallKey[]) => Promise<readonly CallKey[]>;
  /**
   * Makes the place of content, in a database of its own that Grafana's user cannot read, and has what is in it dropped `keepMs`
   * after it came in. To be called before the four below, which reject without it.
   */
  readonly keepContent: (keepMs: number) => Promise<void>;
  /** Adds what was asked and answered in calls. Its errors quote nothing of it. */
  readonly insertContent: (batch: RowBatch) => Promise<InsertedRows>;
  /** trace_id and span_id, joined, of the content received since `sinceMs`; newest first, at most `limit`. */
  readonly recentContentKeys: (sinceMs: number, limit: number) => Promise<string[]>;
  /** What was asked and answered in calls of one arm, in the order in which they came in, each once. */
  readonly contentAfter: (request: ContentRequest) => Promise<readonly ContentRow[]>;
  /** The same of these calls, as far as it is kept. */
  readonly contentOfCalls: (request: PairContentRequest) => Promise<readonly ContentRow[]>;
  /**
   * Makes the place of kept examples beside that of content, which has to be there, and has what is in it dropped `keepMs` after
   * it came in. To be called before the four below, which reject without it.
   */
  readonly keepBaselines: (keepMs: number) => Promise<void>;
  /** Keeps a sample of the content that came in within an hour. A repeated draw keeps the same calls. */
  readonly drawBaselines: (draw: BaselineDraw) => Promise<void>;
  /** The newest hour of which examples of a migration were kept, epoch ms; null = none was. */
  readonly newestBaselineHour: (migration: string) => Promise<number | null>;
  /** Kept examples in the order in which they came in, each once. */
  readonly baselinesAfter: (request: BaselineRequest) => Promise<readonly BaselineRow[]>;
  /** How many examples that came in since `sinceMs` there are of each stratum; those that stand for most calls first. */
  readonly baselineStrata: (migration: string, sinceMs: number) => Promise<readonly BaselineStratum[]>;
  /** What a migration's second calls that ended since `sinceMs` took. */
  readonly shadowSpend: (migration: string, sinceMs: number) => Promise<ShadowSpend>;
  /** Adds what pairs were judged to be; of a pair and segment the row judged last counts. */
  readonly insertPairWords: (rows: readonly JudgedPair[]) => Promise<void>;
  /** What pairs that came in then were judged to be last, in no order. */
  readonly pairWords: (request: WordsRequest) => Promise<readonly JudgedPair[]>;
  /** Adds one hour of costs taken apart; an hour that is there already stays. */
  readonly insertCostHour: (hour: CostHour) => Promise<void>;
  /** When the newest hour of a migration that is there begins, epoch ms; null = none is. */
  readonly newestCostHour: (migration: string) => Promise<number | null>;
  /** Adds what the apps said of their own sending: losses, gaps, flag evaluations. Folds count it, a minute late. */
  readonly insertIntake: (totals: IntakeTotals) => Promise<void>;
  /**
   * Folds the calls that ended before `to`, and are in no tick yet, into the tick `(from, to)`. Safe to repeat and safe
   * for several agents at once: all get the same tick. Each agent folds the ticks of a migration in order of `to`,
   * leaving none out. Calls that arrive more than ten minutes after their minute are in no tick.
   *
   * What became known of a call later counts in the tick in which it arrived: the first score, thumb or completed task
   * of a call, an evaluation that is asked for, and nothing that the store took, or whose call it took, more than ten minutes after it came in. A call
   * is in `support_tickets` an hour after it ended, with a ticket if one had arrived by then; no call is, that ended
   * before the migration's first ticket arrived: until then it is unknown whether tickets are told about at all.
   */
  readonly foldTick: (request: FoldRequest) => Promise<Tick>;
  /**
   * Folds the calls that the baseline's model and prompt answered in some time before the migration was started into
   * a tick of the baseline alone, which is stored apart from the migration's own. The same time gives the same tick.
   */
  readonly foldPast: (request: PastRequest) => Promise<Tick>;
  /** The ticks with `to >= sinceMs` and, where it is given, `to <= untilMs`, oldest first, as foldTick returned them. */
  readonly readTicks: (migration: string, sinceMs: number, untilMs?: number) => AsyncIterable<Tick>;
  /** `to` of the newest tick beyond `afterMs`; null = none. */
  readonly tickBeyond: (migration: string, afterMs: number) => Promise<number | null>;
  /** `to` of the newest tick; null = none. */
  readonly lastTick: (migration: string) => Promise<number | null>;
  /**
   * Adds entries, in order. An entry whose id is already in the ledger is not read back a second time; of one that
   * several agents add at once, each by itself, all read the same one back.
   */
  readonly appendLedger: (entries: readonly LedgerEntry[]) => Promise<void>;
  /**
   * Adds `claim` unless an entry of its id is in the ledger, and reads back which one is, with the entry `settledBy`
   * where there is one. It waits for no append that is under way.
   */
  readonly claimLedger: (claim: LedgerEntry, settledBy: string) => Promise<LedgerClaim>;
  /** The entries of one migration, or of all (null); by `at`, then in the order they were added. */
  readonly readLedger: (migration: string | null) => Promise<LedgerEntry[]>;
  /** The entries of one migration that were added at `since` (epoch ms of the database's clock) or later. */
  readonly ledgerSince: (migration: string, since: number) => Promise<LedgerPart>;
  /**
   * Who sent calls that came in during [since, until), and how they came in, around a flip of the flag; of more than 3,000 those
   * with many canary calls, and those that were heard of last.
   */
  readonly senderCalls: (request: {
    readonly migration: string;
    readonly since: number;
    readonly until: number;
    readonly flippedAt: number;
  }) => Promise<readonly SenderCalls[]>;
  /** Of the calls that came in during [since, until), those in their senders' windows, each counted once. */
  readonly windowCalls: (request: {
    readonly migration: string;
    readonly since: number;
    readonly until: number;
    readonly windows: readonly SenderWindow[];
  }) => Promise<readonly WindowCalls[]>;
  /** The canary calls that came in during [since, until), each once, the last that started first; `limit` at most. */
  readonly canaryCalls: (request: {
    readonly migration: string;
    readonly since: number;
    readonly until: number;
    readonly limit: number;
  }) => Promise<readonly CanaryCall[]>;
  /** The newest canary calls that show a finding, each once; `limit` at most, empty where there are none. */
  readonly exampleSpans: (request: ExampleRequest) => Promise<readonly SpanId[]>;
  readonly freshness: (migration: string) => Promise<Freshness>;
  /** What the calls of both arms cost and what that is made of, each call once; rare segments and models together. */
  readonly costCells: (request: CostRequest) => Promise<readonly CostCell[]>;
  /** The conversations that changed arms, and what is known of their first turns there beside those that stayed. */
  readonly handoffs: (request: CallRange) => Promise<HandoffReading>;
  /** What monitors judged and knew. */
  readonly monitors: MonitorStore;
  /** Runs a SELECT with `{name:Type}` placeholders. Whole numbers of 64 bits come as numbers. */
  readonly query: <T>(sql: string, params?: Record<string, unknown>) => Promise<T[]>;
  /** The time by the clock of the store's machine, epoch ms. */
  readonly clock: () => Promise<number>;
  /** True when the database answers. */
  readonly ping: () => Promise<boolean>;
  /** How the embedded engine fares; null where the database is a server. */
  readonly engine: () => EngineHealth | null;
  /** Ends the embedded engine, if there is one, and all connections. */
  readonly close: () => Promise<void>;
}
