import { sharedRun } from "../async/shared-run.ts";
import { messageOf } from "../core/errors.ts";
import type { HandoffReading } from "../core/handoff.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import { DAY_MS } from "../core/retention.ts";
import { handoffEffects } from "../detectors/handoffs/handoff-effect.ts";
import { type MigrationState, NOT_STARTED } from "../lifecycle/state.ts";
import { applyEntry } from "../lifecycle/transitions.ts";
import type { HandoffsView } from "../status/handoffs-view.ts";
import type { Store } from "../store/store.ts";
import { storeWithin } from "./bounded-store.ts";

/** Longest wait for the calls of a stage: a person asked, and nothing else waits. */
const PATIENCE_MS = 20_000;

/** Of a stage that lasts longer, the newest calls are looked at. */
const MAX_RANGE_MS = 14 * DAY_MS;

const told = ({ arms, ...reading }: HandoffReading): HandoffsView["handoffs"] => ({
  ...reading,
  arms: arms.map(({ sums, ...arm }) => ({ ...arm, effects: handoffEffects({ sums }) })),
});

/**
 * Measures the hand-offs of the stage a migration stands at, also after it was rolled back: that is when conversations change hands.
 * Never rejects; however many ask, the store is asked once at a time.
 */
export const handoffsOfStage = (
  migration: string,
  {
    state,
    store,
    now,
  }: {
    readonly state: () => Pick<MigrationState, "stageSince">;
    readonly store: Pick<Store, "handoffs">;
    readonly now: () => number;
  },
): (() => Promise<HandoffsView>) =>
  sharedRun(async () => {
    const to = Math.max(now(), state().stageSince);
    const range = { from: Math.max(state().stageSince, to - MAX_RANGE_MS), to };
    const view = { schema: "leeway.handoffs/1", migration, ...range } as const;
    return storeWithin(PATIENCE_MS, store.handoffs({ migration, ...range })).then(
      (reading) => ({ ...view, handoffs: told(reading), problem: "" }),
      (error: unknown) => ({
        ...view,
        handoffs: null,
        problem: `the calls could not be read: ${messageOf(error)}; ask again`,
      }),
    );
  });

/** The same where only the ledger tells where the migration stands; null before its start. */
export const handoffsByLedger = async (
  migration: Migration,
  entries: readonly LedgerEntry[],
  { store, now }: { readonly store: Pick<Store, "handoffs">; readonly now: () => number },
): Promise<HandoffsView | null> => {
  const state = entries.reduce((before, entry) => applyEntry(before, migration, entry), NOT_STARTED);
  return state.hash === null ? null : handoffsOfStage(migration.name, { state: () => state, store, now })();
};
