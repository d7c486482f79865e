import { ALL_STORED, type CollectorCollaborators } from "../../collector/collaborators.ts";
import type { Log } from "../../core/log.ts";

/** What a collector needs, with a store that takes every row and keeps none; no call belongs to a migration or has a price. */
export const unstored = (log: Log): CollectorCollaborators => ({
  insert: async () => ALL_STORED,
  insertOutcomes: async () => ALL_STORED,
  insertPairs: async () => ALL_STORED,
  insertContent: null,
  assign: () => ({ migration: "", cohort: "" }),
  price: () => null,
  recentSpanKeys: async () => [],
  recentCalls: async () => [],
  recentOutcomeKeys: async () => [],
  recentPairKeys: async () => [],
  recentContentKeys: async () => [],
  now: Date.now,
  elapsed: () => performance.now(),
  random: Math.random,
  log,
});
