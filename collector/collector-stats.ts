import type { ContentLoss, RefusalReason } from "../core/collector-stats.ts";

/** The counters of CollectorStats that the collector itself keeps. */
export type CollectorCounters = {
  -readonly [Name in
    | "receivedSpans"
    | "rows"
    | "outcomes"
    | "pairs"
    | "content"
    | "duplicates"
    | "covered"
    | "exchanged"
    | "other"
    | "late"
    | "logRecords"
    | "metrics"]: number;
} & { readonly refused: Record<RefusalReason, number>; readonly contentLost: Record<ContentLoss, number> };

/** Counters at zero. */
export const createCounters = (): CollectorCounters => ({
  receivedSpans: 0,
  rows: 0,
  outcomes: 0,
  pairs: 0,
  content: 0,
  duplicates: 0,
  covered: 0,
  exchanged: 0,
  other: 0,
  late: 0,
  logRecords: 0,
  metrics: 0,
  contentLost: { "too-large": 0, covered: 0, "spool-full": 0, "switched-off": 0, "store-refused": 0 },
  refused: {
    "not-found": 0,
    "wrong-method": 0,
    unauthorised: 0,
    foreign: 0,
    "wrong-type": 0,
    "too-large": 0,
    malformed: 0,
    overloaded: 0,
    "disk-slow": 0,
    "spool-full": 0,
    "disk-failed": 0,
    internal: 0,
    "invalid-id": 0,
    "invalid-time": 0,
    "too-old": 0,
    "seconds-as-nanoseconds": 0,
    "milliseconds-as-nanoseconds": 0,
    "microseconds-as-nanoseconds": 0,
    "unlinked-outcome": 0,
    "empty-outcome": 0,
    "invalid-pair": 0,
  },
});
