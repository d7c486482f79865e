import type { LedgerEntry } from "../core/ledger.ts";

/** A notice that a channel was to carry, and nobody was told of. */
export interface MutedNotice {
  /** Epoch ms. */
  readonly at: number;
  readonly notice: string;
  readonly title: string;
  readonly channel: string;
  readonly why: string;
  /** Id of the silence; null = another reason. */
  readonly silence: string | null;
}

const MAX_LISTED = 1_000;

/** What was muted: a fold of the ledger. Holds no clock and does no I/O. */
export interface MutedNotices {
  /** Takes entries of the ledger in, in any order and more than once. */
  readonly take: (entries: readonly LedgerEntry[]) => void;
  /** Newest first, the newest thousand; the ledger has them all. */
  readonly list: () => readonly MutedNotice[];
}

/** Nothing muted yet. */
export const createMutedNotices = (): MutedNotices => {
  const titles = new Map<string, string>();
  const endings = new Map<string, Omit<MutedNotice, "title">>();
  return {
    take: (entries) => {
      for (const { id, at, event } of entries) {
        if (event.type === "notice") titles.set(event.notice.id, event.notice.title);
        if (event.type !== "delivery" || event.delivery.outcome !== "muted") continue;
        const { notice, channel, delivery } = event;
        endings.set(id, { at, notice, channel, why: delivery.detail, silence: delivery.silence ?? null });
      }
    },
    list: () =>
      [...endings.values()]
        .map((ending) => ({ ...ending, title: titles.get(ending.notice) ?? ending.notice }))
        .sort((a, b) => b.at - a.at)
        .slice(0, MAX_LISTED),
  };
};
