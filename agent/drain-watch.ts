import { messageOf } from "../core/errors.ts";
import { unreachable } from "../core/exhaustive.ts";
import type { Migration } from "../core/migration.ts";
import type { DrainState } from "../lifecycle/drain.ts";
import { drainKey } from "../lifecycle/ledger-ids.ts";
import { returnedCalls } from "../lifecycle/returned-calls.ts";
import type { OpenRollback } from "../lifecycle/state.ts";
import type { Store } from "../store/store.ts";
import type { ReadDrain } from "./drain-reading.ts";
import type { MigrationHistory } from "./migration-history.ts";

/** Watches the spans after a flip until canary calls are gone, or people have to know that they are not. */
export interface DrainWatch {
  /** Measures once while a rollback is open; what went wrong, or "". */
  readonly look: () => Promise<string>;
  /** The newest measurement; null before the first. */
  readonly latest: () => DrainState | null;
}

/** What the watch needs. */
export interface DrainWatchParts {
  readonly store: Pick<Store, "canaryCalls">;
  readonly history: MigrationHistory;
  readonly now: () => number;
  readonly read: ReadDrain;
}

/** After a proof, calls that came in this long ago are looked for again: they may be stored late. */
const LATE_MS = 900_000;

/** More canary calls than this after a proof are not counted. */
const MAX_RETURNED = 10_000;

/** A watch for `migration`. */
export const createDrainWatch = (migration: Migration, { store, history, now, read }: DrainWatchParts): DrainWatch => {
  let latest: DrainState | null = null;
  let watched: number | null = null;
  /** Up to when calls that came in after the proof were looked for, and when the spans could not be read last. */
  let lookedUntil: number | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;

  const conclude = async (rollback: OpenRollback, flippedAt: number, state: DrainState): Promise<void> => {
    switch (state.state) {
      case "proven": {
        const { exposure, lastCanaryStart, probability, senders = [] } = state;
        const event = { type: "drain-proven", exposure, lastCanaryStart, probability, flippedAt, senders } as const;
        await history.record(event, { id: drainKey(event.type, rollback) });
        return;
      }
      case "overdue": {
        if (rollback.drain !== "pending") return;
        const event = { type: "drain-overdue", reason: state.reason, exposure: state.exposure, flippedAt } as const;
        await history.record(event, { id: drainKey(event.type, rollback) });
        return;
      }
      case "draining":
        return;
      default:
        unreachable(state);
    }
  };

  /** From when on what came in is looked at: all of it since the proof at first, and as long as some may be missing. */
  const receivedSince = (provenUntil: number, until: number): number =>
    lookedUntil === null || until - failedAt < LATE_MS ? provenUntil : Math.max(provenUntil, lookedUntil - LATE_MS);

  /** A proof is of the time before it: as long as the migration is latched, any canary call that starts later undoes it. */
  const watchProof = async (rollback: OpenRollback): Promise<string> => {
    const provenUntil = rollback.provenUntil ?? now();
    const until = now();
    try {
      const since = receivedSince(provenUntil, until);
      const range = { migration: migration.name, since, until: until + 1, limit: MAX_RETURNED };
      const exposure = returnedCalls(await store.canaryCalls(range), rollback, until);
      if (until - failedAt >= LATE_MS) lookedUntil = until;
      if (exposure === null) return "";
      const event = { type: "drain-reopened", exposure } as const;
      await history.record(event, { id: drainKey(event.type, { ...rollback, returns: rollback.returns + 1 }) });
      return "";
    } catch (error) {
      failedAt = until;
      return `whether canary calls came back cannot be measured: ${messageOf(error)}`;
    }
  };

  return {
    latest: () => latest,
    look: async () => {
      const { rollback } = history.state();
      // Every rollback is measured anew.
      if (watched !== (rollback?.decidedAt ?? null)) [latest, lookedUntil] = [null, null];
      watched = rollback?.decidedAt ?? null;
      if (rollback === null) return "";
      if (rollback.drain === "proven") return watchProof(rollback);
      // A flip that did not happen by the deadline is as bad as canary calls that go on; it is never proven.
      const flippedAt = rollback.flippedAt ?? rollback.decidedAt;
      // After calls that came back, the watch begins where the proof ended.
      const [state, problem] = await read(rollback.provenUntil ?? flippedAt, rollback.shareBefore);
      if (rollback.flippedAt === null && state.state === "proven") return problem;
      latest = state;
      await conclude(rollback, flippedAt, state);
      return problem;
    },
  };
};
