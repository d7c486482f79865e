import { messageOf } from "../core/errors.ts";
import { unreachable } from "../core/exhaustive.ts";
import type { Exposure } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import { type DrainState, drainState } from "../lifecycle/drain.ts";
import { drainKey } from "../lifecycle/ledger-ids.ts";
import type { OpenRollback } from "../lifecycle/state.ts";
import type { Store } from "../store/store.ts";
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
  readonly store: Pick<Store, "exposure" | "canaryDuration">;
  readonly history: MigrationHistory;
  readonly now: () => number;
}

/** Canary calls of this long before the flip say how slow they can be. */
const LOOKBACK_MS = 900_000;

/** After the proof, calls are looked for again for this long after they started: spans can be late. */
const LATE_MS = 900_000;

/** A watch for `migration`. */
export const createDrainWatch = (
  migration: Migration,
  settings: { readonly settleMs: number; readonly drainDeadlineMs: number; readonly propagationMs: number },
  { store, history, now }: DrainWatchParts,
): DrainWatch => {
  const { propagationMs } = settings;
  let latest: DrainState | null = null;
  let slowest: number | null = null;
  let watched: number | null = null;
  /** Up to when calls after the proof were looked for. */
  let lookedUntil: number | null = null;

  const expose = async (flippedAt: number, until: number): Promise<readonly Exposure[]> => {
    const from = latest !== null && latest.state !== "proven" ? Math.max(latest.measureFrom, flippedAt) : flippedAt;
    const starts = [...new Set([flippedAt, from])].filter((since) => since < until);
    return Promise.all(starts.map((since) => store.exposure({ migration: migration.name, since, until })));
  };

  /** A canary call that is still running is invisible: nothing younger than the slowest of them proves anything. */
  const settleFor = async (flippedAt: number): Promise<number> => {
    const request = { migration: migration.name, since: flippedAt - LOOKBACK_MS, until: flippedAt, quantile: 0.99 };
    slowest ??= (await store.canaryDuration(request)) ?? 0;
    return Math.max(settings.settleMs, slowest);
  };

  /** What the spans say; nothing measured, when they cannot be read, which is no proof either. */
  const measure = async (rollback: OpenRollback, flippedAt: number): Promise<[DrainState, problem: string]> => {
    const until = now();
    const judge = (exposures: readonly Exposure[], settleMs: number): DrainState =>
      drainState(
        { flippedAt, now: until, exposures, shareBefore: rollback.shareBefore },
        { settleMs, propagationMs, overdueMs: settings.drainDeadlineMs + propagationMs },
      );
    try {
      return [judge(await expose(flippedAt, until), await settleFor(flippedAt)), ""];
    } catch (error) {
      return [judge([], settings.settleMs), `the drain cannot be measured: ${messageOf(error)}`];
    }
  };

  const conclude = async (rollback: OpenRollback, flippedAt: number, state: DrainState): Promise<void> => {
    switch (state.state) {
      case "proven": {
        const { exposure, lastCanaryStart, probability } = state;
        const event = { type: "drain-proven", exposure, lastCanaryStart, probability, flippedAt } as const;
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

  /** A proof is of the time before it: as long as the migration is latched, any canary call that starts later undoes it. */
  const watchProof = async (rollback: OpenRollback): Promise<string> => {
    const provenUntil = rollback.provenUntil ?? now();
    const since = Math.max(provenUntil, (lookedUntil ?? 0) - LATE_MS);
    const until = now();
    if (until <= since) return "";
    try {
      const exposure = await store.exposure({ migration: migration.name, since, until });
      lookedUntil = until;
      if (exposure.canaryCalls === 0) return "";
      const event = { type: "drain-reopened", exposure } as const;
      await history.record(event, { id: drainKey(event.type, { ...rollback, returns: rollback.returns + 1 }) });
      return "";
    } catch (error) {
      return `whether canary calls came back cannot be measured: ${messageOf(error)}`;
    }
  };

  return {
    latest: () => latest,
    look: async () => {
      const { rollback } = history.state();
      // Every rollback is measured anew.
      if (watched !== (rollback?.decidedAt ?? null)) [latest, slowest, lookedUntil] = [null, null, null];
      watched = rollback?.decidedAt ?? null;
      if (rollback === null) return "";
      if (rollback.drain === "proven") return watchProof(rollback);
      // A flip that did not happen by the deadline is as bad as canary calls that go on; it is never proven.
      const flippedAt = rollback.flippedAt ?? rollback.decidedAt;
      // After calls that came back, the watch begins where the proof ended.
      const [state, problem] = await measure(rollback, rollback.provenUntil ?? flippedAt);
      if (rollback.flippedAt === null && state.state === "proven") return problem;
      latest = state;
      await conclude(rollback, flippedAt, state);
      return problem;
    },
  };
};
