import { endsWith, overTopic, watchedTopic } from "../../lifecycle/watched.ts";
import type { MigrationHistory } from "../migration-history.ts";

/** One kind of trouble that is waited out before people are paged. Durations are ms. */
export interface WatchSettings {
  /** Names the trouble in the ledger: the same in every version. */
  readonly key: string;
  /** How long it has to last before people are paged. */
  readonly afterMs: number;
  /** How long all has to be well before they are told that it is over. Default: a minute. */
  readonly healMs?: number;
  /** What people are told; `since` is epoch ms. */
  readonly began: (trouble: string, since: number) => string;
  readonly ended: string;
}

/** Pages once for a trouble that lasts, and says once that it is over; what was said is in the ledger. */
export interface Watch {
  /** Takes what is wrong now; empty for nothing, null where it cannot be told. Never rejects. */
  readonly look: (trouble: string | null) => Promise<void>;
}

/**
 * Whoever saw no trouble of its own since the page is slow to say that it is over: it was started since, or it is another agent,
 * which may see what the first cannot.
 */
const UNSEEN_HEAL_MS = 900_000;

/** Each turn it waits twice as long as in the one before, up to this: the first may page again each time. */
const MOST_UNSEEN_HEAL_MS = 14_400_000;

const unseenHealMs = (turn: number): number => Math.min(UNSEEN_HEAL_MS * 2 ** (turn - 1), MOST_UNSEEN_HEAL_MS);

/** A watch over one migration, which goes on from what the ledger says was told before. */
export const createWatch = (
  { key, afterMs, healMs = 60_000, began, ended }: WatchSettings,
  { history, now }: { readonly history: Pick<MigrationHistory, "state" | "decide">; readonly now: () => number },
): Watch => {
  /** This agent's own trouble: since when, and from when on it is waited out. */
  let own: { readonly topic: string; readonly since: number; readonly countedFrom: number } | null = null;
  let well: { readonly topic: string; readonly since: number } | null = null;
  /** The page during which this agent was in trouble itself. */
  let seen = "";

  const inTrouble = async (trouble: string): Promise<void> => {
    const state = history.state();
    const { topic, isOpen } = watchedTopic(state, key);
    // Another agent, which does not see it, said that it is over: this one waits as long as the first time before it pages again.
    const wasEnded = own !== null && state.pagedFor.includes(overTopic(own.topic));
    own = { topic, since: own?.since ?? now(), countedFrom: own === null || wasEnded ? now() : own.countedFrom };
    well = null;
    const isDue = now() - own.countedFrom >= afterMs;
    if (isOpen || isDue) seen = topic;
    // What is wrong by then is told: what failed first often knows no more than a broken connection.
    if (!isOpen && isDue) await history.decide({ kind: "page", reason: began(trouble, own.since), topic }, null);
  };

  const inOrder = async (): Promise<void> => {
    own = null;
    const state = history.state();
    const { topic, isOpen, turn } = watchedTopic(state, key);
    // What was well before the page says nothing of what it was for.
    if (!isOpen || well?.topic !== topic) well = isOpen ? { topic, since: now() } : null;
    if (well === null || now() - well.since < (seen === topic ? healMs : Math.max(healMs, unseenHealMs(turn)))) return;
    const over = endsWith(state, topic);
    await history.decide({ kind: "page", reason: ended, topic: overTopic(topic), over }, null);
  };

  return {
    look: async (trouble) => {
      if (trouble !== null) await (trouble === "" ? inOrder() : inTrouble(trouble));
    },
  };
};
