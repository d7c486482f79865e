import type { Migration } from "../core/migration.ts";
import { standingKey } from "../lifecycle/ledger-ids.ts";
import { standingEvent } from "../lifecycle/standing.ts";
import type { MigrationHistory } from "./migration-history.ts";

/**
 * Tells the ledger where the migration stands, when that is not what it says already. The id is made of the entry that
 * changed it, so that several agents write one fact down.
 */
export const recordStanding = async (migration: Migration, history: MigrationHistory, now: number): Promise<void> => {
  const state = history.state();
  if (state.hash === null) return;
  const event = standingEvent(migration, state, now);
  const last = history.entries().findLast((entry) => entry.event.type === "standing" && entry.at >= state.since);
  const said = last?.event;
  const isSaid =
    said?.type === "standing" &&
    said.standing === event.standing &&
    said.stage === event.stage &&
    said.share === event.share &&
    last?.incident === history.incident();
  if (!isSaid) await history.record(event, { id: standingKey(history.changedBy(), event.standing) });
};
