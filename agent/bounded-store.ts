import { LeewayError } from "../core/errors.ts";
import type { Store } from "../store/store.ts";

/** What a runner needs of the store. */
export type RunnerStore = Pick<
  Store,
  "foldTick" | "foldPast" | "readTicks" | "tickBeyond" | "exposure" | "canaryDuration" | "ledgerSince" | "exampleSpans"
>;

/** Longest wait for example calls: nothing depends on them, and a round waits. */
const EXAMPLES_MS = 2_000;

/** The answer, or a rejection with LeewayError `store-unavailable` after `ms`. */
export const within = async <T>(ms: number, answer: Promise<T>): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new LeewayError("store-unavailable", `the store gave no answer within ${ms} ms`)),
    ms,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The same for each of the values. */
export async function* eachWithin<T>(ms: number, values: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = values[Symbol.asyncIterator]();
  for (;;) {
    const next = await within(ms, iterator.next());
    if (next.done === true) return;
    yield next.value;
  }
}

/**
 * The store, except that no call takes longer than `ms`: a database that hangs must not hold up a flag that has to be
 * switched off, nor the person who asks for it. Rejects with LeewayError `store-unavailable` then.
 */
export const boundStore = (store: RunnerStore, ms: number): RunnerStore => ({
  foldTick: (request) => within(ms, store.foldTick(request)),
  foldPast: (request) => within(ms, store.foldPast(request)),
  readTicks: (migration, sinceMs, untilMs) => eachWithin(ms, store.readTicks(migration, sinceMs, untilMs)),
  tickBeyond: (migration, afterMs) => within(ms, store.tickBeyond(migration, afterMs)),
  exposure: (request) => within(ms, store.exposure(request)),
  canaryDuration: (request) => within(ms, store.canaryDuration(request)),
  ledgerSince: (migration, since) => within(ms, store.ledgerSince(migration, since)),
  exampleSpans: (request) => within(Math.min(ms, EXAMPLES_MS), store.exampleSpans(request)),
});

/** What the status page, the API and the health checks need of the store. */
export type StatusStore = Pick<Store, "ping" | "freshness">;

/**
 * The store for those who look: what a person or a probe asks is answered within `ms`, also while the database hangs,
 * which is when they ask. `ping` is false then, `freshness` rejects with LeewayError `store-unavailable`.
 */
export const boundStatusStore = (store: StatusStore, ms: number): StatusStore => ({
  ping: () => within(ms, store.ping()).catch(() => false),
  freshness: (migration) => within(ms, store.freshness(migration)),
});
