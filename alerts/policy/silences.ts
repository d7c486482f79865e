import type { LedgerEntry } from "../../core/ledger.ts";
import type { Notice, SilenceableType } from "../../core/notice.ts";
import { matchesGlob } from "./glob.ts";

/** What people are not told of for a while, and who said so. Epoch ms. */
export interface Silence {
  readonly id: string;
  /** A pattern of names of migrations, monitors (`monitor:<name>`) or the agent. */
  readonly subject: string;
  /** Empty = every type that can be silenced. */
  readonly types: readonly SilenceableType[];
  readonly from: number;
  readonly until: number;
  readonly by: string;
  readonly reason: string;
}

/** All silences the ledger tells of: a fold. Holds no clock and does no I/O. */
export interface Silences {
  /** Takes entries of the ledger in, in any order and more than once. */
  readonly take: (entries: readonly LedgerEntry[]) => void;
  /** Those in force at `now`, the one that ends first first. */
  readonly active: (now: number) => readonly Silence[];
}

/** No silences yet. */
export const createSilences = (): Silences => {
  const all = new Map<string, Silence>();
  const ended = new Map<string, number>();
  return {
    take: (entries) => {
      for (const { at, by, event } of entries) {
        // Of two under one id the first counts, in every agent.
        if (event.type === "silence" && !all.has(event.silence)) {
          const { silence: id, subject, types, until, reason } = event;
          all.set(id, { id, subject, types, from: at, until, by, reason });
        }
        if (event.type === "silence-ended") ended.set(event.silence, Math.min(at, ended.get(event.silence) ?? at));
      }
    },
    active: (now) =>
      [...all.values()]
        .filter(({ id, until }) => now < Math.min(until, ended.get(id) ?? until))
        .sort((a, b) => a.until - b.until),
  };
};

/** The silence that is for this notice; null = none. */
export const silenceOf = (
  silences: readonly Silence[],
  { migration, type }: Pick<Notice, "migration" | "type">,
): Silence | null =>
  silences.find(
    ({ subject, types }) =>
      matchesGlob(subject, migration) && (types.length === 0 || types.some((each) => each === type)),
  ) ?? null;
