import type { Place } from "../append-once.ts";
import type { CallFacts } from "./same-call.ts";

/** One call, and the instrumentations that have told of it. */
export interface Told {
  readonly scopes: Set<string>;
  /** The span that is its row, and how good a row that is. */
  row: CallFacts;
  worth: number;
  /** Where the row waits for the store, or did; null = nobody knows. */
  place: Place | null;
  /** Resolves when the request that writes its row, or a better one, has done so; null = none does. */
  writing: Promise<void> | null;
  /** True where its row could not be written, and is nowhere. */
  isLost: boolean;
}

/** A span, and the call that it is of. */
export interface Seen {
  readonly facts: CallFacts;
  readonly of: Told;
}

/** The spans that are remembered, by keys. */
export interface CallMemory {
  readonly get: (key: string) => readonly Seen[];
  readonly add: (keys: readonly string[], seen: Seen) => void;
  /** Spans forgotten within a minute, because there were so many. */
  readonly forgottenEarly: () => number;
}

/** Spans of one trace, or with one response id, that are looked through; of more the newest. */
const MAX_ALIKE = 256;

/** Instrumentations of one process tell of a call within seconds of each other, and senders that try again within a minute. */
const EARLY_MS = 60_000;

/**
 * Two generations: the older is forgotten as a whole. Forgetting the oldest key whenever one is added takes longer the
 * more have been forgotten, because a Map goes over the places of those that are gone. `now` is epoch ms.
 */
export const createCallMemory = (maxEntries: number, now: () => number): CallMemory => {
  const generation = () => ({ seen: new Map<string, Seen[]>(), entries: 0, spans: 0, endedMs: 0 });
  let [older, newer] = [generation(), generation()];
  let forgottenEarly = 0;
  const turn = () => {
    if (newer.entries < maxEntries / 2) return;
    newer.endedMs = now();
    if (newer.endedMs - older.endedMs < EARLY_MS) forgottenEarly += older.spans;
    [older, newer] = [newer, generation()];
  };
  return {
    get: (key) => [...(newer.seen.get(key) ?? []), ...(older.seen.get(key) ?? [])],
    add(keys, seen) {
      turn();
      for (const key of keys) {
        const alike = newer.seen.get(key);
        if (alike === undefined) newer.seen.set(key, [seen]);
        else if (alike.push(seen) > MAX_ALIKE) alike.shift();
      }
      newer.entries += keys.length;
      newer.spans += 1;
    },
    forgottenEarly: () => forgottenEarly,
  };
};
