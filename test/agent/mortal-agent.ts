import type { RoutedFlag } from "../../alerts/flags/flag-target.ts";
import type { LedgerEvent } from "../../core/ledger.ts";
import type { Store } from "../../store/store.ts";

/** Where an agent dies: right after this entry is stored, or right after the flag system took the write. */
export type DeathAfter = LedgerEvent["type"] | "flag-write" | "rollback-decision";

/** An agent's surroundings that fall silent for good at one moment, as they do for a process that is killed. */
export interface Mortal {
  readonly store: Store;
  readonly target: RoutedFlag;
  /** Resolves at the moment of death. */
  readonly died: Promise<void>;
  readonly isDead: () => boolean;
}

const matches = (after: DeathAfter, event: LedgerEvent): boolean =>
  after === "rollback-decision"
    ? event.type === "decision" && event.decision.kind === "rollback"
    : event.type === after;

/** The surroundings of an agent that dies `after` a rollback's step. It has to be alive for the start: share 0 counts. */
export const mortal = (store: Store, target: RoutedFlag, after: DeathAfter): Mortal => {
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  const never = new Promise<never>(() => undefined);
  let isDead = false;
  const perish = (): Promise<never> => {
    isDead = true;
    die();
    return never;
  };
  const alive = <T>(call: () => Promise<T>): Promise<T> => (isDead ? never : call());
  let isRollingBack = false;
  return {
    died,
    isDead: () => isDead,
    store: {
      ...store,
      foldTick: (request) => alive(() => store.foldTick(request)),
      ledgerSince: (name, since) => alive(() => store.ledgerSince(name, since)),
      claimLedger: async (claim, settledBy) => {
        const answer = await alive(() => store.claimLedger(claim, settledBy));
        return isRollingBack && after === "claim" ? perish() : answer;
      },
      appendLedger: async (entries) => {
        await alive(() => store.appendLedger(entries));
        isRollingBack ||= entries.some(({ event }) => matches("rollback-decision", event));
        if (isRollingBack && entries.some(({ event }) => matches(after, event))) await perish();
      },
    },
    target: {
      ...target,
      read: () => alive(target.read),
      setShare: async (share, guard) => {
        const write = await alive(() => target.setShare(share, guard));
        return share === 0 && after === "flag-write" ? perish() : write;
      },
    },
  };
};
