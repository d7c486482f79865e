import type { Cohort } from "../core/cohort.ts";
import type { Log } from "../core/log.ts";
import type { ShadowPlans } from "../core/shadow-plan.ts";
import type { KnownRow, SpanRow } from "../core/span-row.ts";

/** What is known about a call when it has to be assigned to a migration and a cohort. Empty text = unknown. */
export interface UnassignedCall
  extends Pick<
    SpanRow,
    | "service"
    | "operation"
    | "provider"
    | "request_model"
    | "response_model"
    | "prompt_name"
    | "prompt_version"
    | "flag_key"
    | "flag_variant"
  > {
  /** `leeway.cohort` as the app set it; empty when absent or no cohort. */
  readonly explicitCohort: Cohort | "";
  /** `leeway.migration` as the app set it; empty when absent. */
  readonly explicitMigration: string;
}

/** Where a call belongs; both empty for a call of no migration. */
export interface Assignment {
  readonly migration: string;
  readonly cohort: Cohort | "";
}

/** Parts of a call's tokens that may have a price of their own; null = not told apart. */
export interface PricedParts {
  /** Of those written to the provider's cache, the ones to be kept for an hour. */
  readonly cache_write_hour_tokens: number | null;
  readonly audio_input_tokens: number | null;
  readonly audio_output_tokens: number | null;
  readonly image_output_tokens: number | null;
}

/** What the price of a call depends on. Token counts are null where they are unknown. */
export interface PricedCall
  extends Pick<
    SpanRow,
    | "provider"
    | "request_model"
    | "response_model"
    | "input_tokens"
    | "output_tokens"
    | "cached_tokens"
    | "cache_write_tokens"
    | "reasoning_tokens"
  > {
  /** When it was made, epoch ms; without it, prices that hold until some day do not count. */
  readonly start_ms?: number;
  /** The tier of service it was answered in, in the provider's word; "" or missing = the standard one. */
  readonly service_tier?: string;
  /** The tier that was asked for, where the one it was answered in is not said. */
  readonly requested_tier?: string;
  readonly parts?: PricedParts;
}

/** Rows on their way to the store. */
export interface RowBatch {
  /** Always names the same content: repeating it must change nothing. */
  readonly token: string;
  /** JSONCompactEachRow, made by encodeSpanRow, encodeOutcomeRow, encodePairRow or encodeContentRow. */
  readonly lines: string | Uint8Array;
  readonly rows: number;
  /** How many columns, from the first, the rows have: fewer than today's where an older version wrote them. Default: all. */
  readonly columns?: number;
}

/** How the rows of a batch fared. */
export interface StoredRows {
  /** Lines that the store refuses for what they say, and would refuse again; all others are stored. */
  readonly refused: readonly Uint8Array[];
}

/** Every row is. */
export const ALL_STORED: StoredRows = { refused: [] };

/** An app's process that asks what it is to shadow. */
export interface ShadowAsker {
  readonly service: string;
  readonly instance: string;
}

/** What the collector needs from the rest of the agent. */
export interface CollectorCollaborators {
  /**
   * Stores a batch; rejects when it is not certain that every row is stored or refused, and is called again with the same
   * token.
   */
  readonly insert: (batch: RowBatch) => Promise<StoredRows>;
  /** The same for outcomes. */
  readonly insertOutcomes: (batch: RowBatch) => Promise<StoredRows>;
  /** The same for pairs. */
  readonly insertPairs: (batch: RowBatch) => Promise<StoredRows>;
  /** The same for content; null = none is kept, and what still waits is thrown away. Its errors must quote nothing of it. */
  readonly insertContent: ((batch: RowBatch) => Promise<StoredRows>) | null;
  readonly assign: (call: UnassignedCall) => Assignment;
  /** US dollars; null where the model has no known price or a needed count is unknown. */
  readonly price: (call: PricedCall) => number | null;
  /** `${trace_id}${span_id}` of spans received since `sinceMs` (epoch ms), newest first, at most `limit`. */
  readonly recentSpanKeys: (sinceMs: number, limit: number) => Promise<readonly string[]>;
  /** Calls received since `sinceMs` (epoch ms), newest first, at most `limit`: what tells other spans of them. */
  readonly recentCalls: (sinceMs: number, limit: number) => Promise<readonly KnownRow[]>;
  /** Ids of outcomes received since `sinceMs` (epoch ms), newest first, at most `limit`. */
  readonly recentOutcomeKeys: (sinceMs: number, limit: number) => Promise<readonly string[]>;
  /** Ids of pairs received since `sinceMs` (epoch ms), newest first, at most `limit`. */
  readonly recentPairKeys: (sinceMs: number, limit: number) => Promise<readonly string[]>;
  /** `${trace_id}${span_id}` of content received since `sinceMs` (epoch ms), newest first, at most `limit`. */
  readonly recentContentKeys: (sinceMs: number, limit: number) => Promise<readonly string[]>;
  /** What an app is to shadow. Default: nothing. */
  readonly shadow?: (asker: ShadowAsker) => ShadowPlans;
  /** Hears when each call ended by its sender's clock, epoch ms, at the moment it arrives. */
  readonly heard?: (endMs: number) => void;
  /** Epoch ms. */
  readonly now: () => number;
  /** Milliseconds since any moment, by a clock that never jumps: what durations are measured with. */
  readonly elapsed: () => number;
  /** How long the loop has been at work, since any moment, ms: what it waits for is left out. Default: `elapsed`. */
  readonly busy?: () => number;
  /** Uniform in [0, 1): spreads the moments refused senders come again. */
  readonly random: () => number;
  /** Resolves when nobody is under way who comes before ingest; never rejects. Default: at once. */
  readonly clear?: () => Promise<void>;
  readonly log: Log;
}
