import { within } from "../async/within.ts";
import { LeewayError } from "../core/errors.ts";
import type { Store } from "../store/store.ts";

/** What a runner needs of the store. */
export type RunnerStore = Pick<
  Store,
  | "foldTick"
  | "foldPast"
  | "readTicks"
  | "tickBeyond"
  | "senderCalls"
  | "windowCalls"
  | "canaryCalls"
  | "ledgerSince"
  | "exampleSpans"
  | "freshness"
  | "readPairs"
>;

/** Longest wait for example calls: nothing depends on them, and a round waits. */
const EXAMPLES_MS = 2_000;

/** Longest wait for how fresh the calls are: nothing is decided on it, and a round waits. */
const FRESHNESS_MS = 2_000;

/** The answer, or a rejection with LeewayError `store-unavailable` after `ms`. */
export const storeWithin = <T>(ms: number, answer: Promise<T>): Promise<T> =>
  within(ms, answer, () => new LeewayError("store-unavailable", `the store gave no answer within ${ms} ms`));

/** The same for each of the values. */
export async function* eachWithin<T>(ms: number, values: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = values[Symbol.asyncIterator]();
  for (;;) {
    const next = await storeWithin(ms, iterator.next());
    if (next.done === true) return;
    yield next.value;
  }
}

/**
 * The store, except that no call takes longer than `ms`: a database that hangs must not hold up a flag that has to be
 * switched off, nor the person who asks for it. Rejects with LeewayError `store-unavailable` then.
 */
export const boundStore = (store: RunnerStore, ms: number): RunnerStore => ({
  foldTick: (request) => storeWithin(ms, store.foldTick(request)),
  foldPast: (request) => storeWithin(ms, store.foldPast(request)),
  readTicks: (migration, sinceMs, untilMs) => eachWithin(ms, store.readTicks(migration, sinceMs, untilMs)),
  tickBeyond: (migration, afterMs) => storeWithin(ms, store.tickBeyond(migration, afterMs)),
  senderCalls: (request) => storeWithin(ms, store.senderCalls(request)),
  windowCalls: (request) => storeWithin(ms, store.windowCalls(request)),
  canaryCalls: (request) => storeWithin(ms, store.canaryCalls(request)),
  ledgerSince: (migration, since) => storeWithin(ms, store.ledgerSince(migration, since)),
  exampleSpans: (request) => storeWithin(Math.min(ms, EXAMPLES_MS), store.exampleSpans(request)),
  freshness: (migration) => storeWithin(Math.min(ms, FRESHNESS_MS), store.freshness(migration)),
  readPairs: (request) => storeWithin(ms, store.readPairs(request)),
});

/** What the status page, the API and the health checks need of the store. */
export type StatusStore = Pick<Store, "ping" | "freshness">;

/**
 * The store for those who look: what a person or a probe asks is answered within `ms`, also while the database hangs,
 * which is when they ask. `ping` is false then, `freshness` rejects with LeewayError `store-unavailable`.
 */
export const boundStatusStore = (store: StatusStore, ms: number): StatusStore => ({
  ping: () => storeWithin(ms, store.ping()).catch(() => false),
  freshness: (migration) => storeWithin(ms, store.freshness(migration)),
});
