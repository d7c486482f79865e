import { ALL_STORED, type CollectorCollaborators } from "../collaborators.ts";
import { CONTENT_LINES, type LineFormat, OUTCOME_LINES, PAIR_LINES, SPAN_LINES } from "../spool/lines.ts";

/** Keys of the newest rows in the store: at most `limit`, none that arrived before `sinceMs`. */
export type RecentKeys = (sinceMs: number, limit: number) => Promise<readonly string[]>;

/** One kind of rows that the collector makes durable: where they wait, and where they go. */
export interface StreamType<Name extends string = string> {
  /** Its folder below the spool's; empty = that one itself. */
  readonly folder: string;
  /** Its share of the spool's bytes, 0-1; null = what the others leave. One has to leave its share open. */
  readonly share: number | null;
  readonly format: LineFormat;
  readonly insert: (collaborators: CollectorCollaborators) => CollectorCollaborators["insert"];
  /** What the store already has of it; null where another stream knows. */
  readonly recentKeys: (collaborators: CollectorCollaborators) => RecentKeys | null;
  /** An earlier stream of the table whose rows are the same rows; null = its own. */
  readonly duplicatesOf: Name | null;
  /** How long rows are gathered before they are stored, ms; null = as the settings say. */
  readonly maxDelayMs: number | null;
}

/** The streams by name. */
export type StreamName = "spans" | "earlier" | "outcomes" | "pairs" | "content";

/** Calls, which most of the spool is for. */
const spans: StreamType<StreamName> = {
  folder: "",
  share: null,
  format: SPAN_LINES,
  insert: ({ insert }) => insert,
  recentKeys: ({ recentSpanKeys }) => recentSpanKeys,
  duplicatesOf: null,
  maxDelayMs: null,
};

/**
 * Calls that ended on an earlier day wait for the store by themselves, so that no other call waits for them. Nobody waits for
 * them, and each of the days takes the store as long as a thousand calls of today: so they are gathered for longer.
 */
const earlier: StreamType<StreamName> = {
  folder: "earlier",
  share: 1 / 16,
  format: SPAN_LINES,
  insert: ({ insert }) => insert,
  recentKeys: () => null,
  duplicatesOf: "spans",
  maxDelayMs: 10_000,
};

/** Outcomes, which are few and small. */
const outcomes: StreamType<StreamName> = {
  folder: "outcomes",
  share: 1 / 16,
  format: OUTCOME_LINES,
  insert: ({ insertOutcomes }) => insertOutcomes,
  recentKeys: ({ recentOutcomeKeys }) => recentOutcomeKeys,
  duplicatesOf: null,
  maxDelayMs: null,
};

/** Pairs of a served call and its second answer, of which there may be as many as calls. */
const pairs: StreamType<StreamName> = {
  folder: "pairs",
  share: 1 / 8,
  format: PAIR_LINES,
  insert: ({ insertPairs }) => insertPairs,
  recentKeys: ({ recentPairKeys }) => recentPairKeys,
  duplicatesOf: null,
  maxDelayMs: null,
};

/**
 * What was asked and answered, where that is opted in. It may be a hundred times as long as the calls themselves, and never
 * takes the place that they need.
 */
const content: StreamType<StreamName> = {
  folder: "content",
  share: 1 / 4,
  format: CONTENT_LINES,
  insert: ({ insertContent }) => insertContent ?? (async () => ALL_STORED),
  recentKeys: ({ recentContentKeys }) => recentContentKeys,
  duplicatesOf: null,
  maxDelayMs: null,
};

/** Every stream, in the order in which they are opened; a new one is an entry here. */
export const STREAM_TYPES: Readonly<Record<StreamName, StreamType<StreamName>>> = {
  spans,
  earlier,
  outcomes,
  pairs,
  content,
};

/** The streams as they share the spool: where no content is kept, what waits from before needs no room of its own. */
export const streamTypes = (keepsContent: boolean): typeof STREAM_TYPES =>
  keepsContent ? STREAM_TYPES : { ...STREAM_TYPES, content: { ...content, share: 0 } };
