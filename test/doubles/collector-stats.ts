import { createCounters } from "../../collector/collector-stats.ts";
import type { CollectorStats, SpoolStats } from "../../core/collector-stats.ts";

/** A spool that holds nothing and has seen nothing. */
export const emptySpool: SpoolStats = {
  bytes: 0,
  rows: 0,
  segments: 0,
  insertedRows: 0,
  insertedSegments: 0,
  insertFailures: 0,
  damagedSegments: 0,
  damagedRows: 0,
  unreadableSegments: 0,
  appendFailures: 0,
  oldestUnsavedMs: null,
};

/** What a collector that has seen nothing says of itself, but for what is given. */
export const collectorStats = (stats: Partial<CollectorStats> = {}): CollectorStats => ({
  ...createCounters(),
  admission: { requests: 0, bytes: 0, waitMs: 0, diskMs: null, overloadedForMs: null, refusedInSpell: 0 },
  connections: { open: 0, limit: 512, dropped: 0 },
  spool: emptySpool,
  earlierSpool: emptySpool,
  outcomeSpool: emptySpool,
  pairSpool: emptySpool,
  contentSpool: emptySpool,
  setAsideRows: 0,
  betterTooLate: 0,
  forgottenEarly: 0,
  exporters: [],
  outcomeExporters: [],
  flagEvaluations: [],
  senderClocks: [],
  costDifferences: [],
  untaken: [],
  ...stats,
});
