import { messageOf } from "../../core/errors.ts";
import { isWorthALine } from "./is-worth-a-line.ts";
import type { SealedSegment } from "./segment-name.ts";
import type { SpoolSettings } from "./spool.ts";
import { createSegmentStorer, type SegmentStorerCollaborators, type StorerCounters } from "./store-segment.ts";

/** Brings sealed segments into the store, oldest first, one at a time. */
export interface SegmentInserter {
  readonly add: (segment: SealedSegment) => void;
  /** Resolves when every segment added so far is stored; rejects at the first failed try. */
  readonly settled: () => Promise<void>;
  readonly stats: () => InserterStats;
  /** Starts no further try; resolves when the one under way has ended. */
  readonly stop: () => Promise<void>;
}

/** Gauges and counters of the inserter. */
export interface InserterStats extends StorerCounters {
  /** Sealed and not stored yet; `firstMs` is when the oldest of it arrived, null when there is nothing. */
  readonly waiting: {
    readonly segments: number;
    readonly bytes: number;
    readonly rows: number;
    readonly firstMs: number | null;
  };
  readonly insertFailures: number;
  /** Those of the waiting that the disk does not give back. */
  readonly unreadableSegments: number;
}

/** Creates an inserter that works through `leftovers` first. */
export const createSegmentInserter = (
  { retryMs }: Pick<SpoolSettings, "retryMs">,
  collaborators: SegmentStorerCollaborators,
  leftovers: readonly SealedSegment[],
): SegmentInserter => {
  const { owner, log } = collaborators;
  const storer = createSegmentStorer(collaborators);
  const waiting: SealedSegment[] = [];
  /** Out of the way of the others, until they are tried again. */
  const unreadable: SealedSegment[] = [];
  /** Names of those the disk did not give back when last asked. */
  const refused = new Set<string>();
  const sum = { bytes: 0, rows: 0 };
  let waiters: { readonly upTo: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] =
    [];
  let working: Promise<void> | null = null;
  let pause: { readonly timer: NodeJS.Timeout; readonly end: () => void } | null = null;
  let again: NodeJS.Timeout | undefined;
  let [insertFailures, failuresInARow, readFailures] = [0, 0, 0];
  let isStopped = false;

  /** It is the first, or behind those that are tried again meanwhile. */
  const leave = (segment: SealedSegment) => void waiting.splice(waiting.indexOf(segment), 1);

  const succeed = (segment: SealedSegment) => {
    if (failuresInARow > 0) log.info("spool: the store takes rows again");
    failuresInARow = 0;
    refused.delete(segment.name);
    if (refused.size === 0) readFailures = 0;
    leave(segment);
    sum.bytes -= segment.bytes;
    sum.rows -= segment.rows;
    for (const waiter of waiters) if (waiter.upTo <= segment.number) waiter.resolve();
    waiters = waiters.filter(({ upTo }) => upTo > segment.number);
  };

  const rejectWaiters = (error: unknown) => {
    for (const waiter of waiters) waiter.reject(error);
    waiters = [];
  };

  const fail = (error: unknown) => {
    insertFailures += 1;
    failuresInARow += 1;
    if (isWorthALine(failuresInARow)) {
      log.error(`spool: the store did not take the rows, they stay on disk: ${messageOf(error)}`, {
        tries: failuresInARow,
        waitingSegments: waiting.length,
      });
    }
    rejectWaiters(error);
  };

  const takeUnreadable = () => {
    waiting.unshift(...unreadable.splice(0));
    work();
  };
  const setAside = (segment: SealedSegment, error: unknown) => {
    readFailures += 1;
    if (isWorthALine(readFailures)) {
      log.error(`spool: the disk does not give a segment back, it is tried again: ${messageOf(error)}`, {
        file: segment.name,
        rows: segment.rows,
      });
    }
    leave(segment);
    unreadable.push(segment);
    refused.add(segment.name);
    clearTimeout(again);
    again = setTimeout(takeUnreadable, Math.min(retryMs.longest, retryMs.first * 2 ** (readFailures - 1)));
    rejectWaiters(error);
  };

  const rest = () =>
    new Promise<void>((end) => {
      const delay = Math.min(retryMs.longest, retryMs.first * 2 ** (failuresInARow - 1));
      pause = { timer: setTimeout(end, delay), end };
    });

  const wake = () => {
    clearTimeout(pause?.timer);
    pause?.end();
  };

  const next = async (segment: SealedSegment): Promise<void> => {
    try {
      const stored = await storer.store(segment);
      if (stored.outcome === "unreadable") setAside(segment, stored.error);
      else succeed(segment);
    } catch (error) {
      fail(error);
      if (!isStopped) await rest();
    }
  };

  const loop = async () => {
    for (let segment = waiting[0]; segment !== undefined && !isStopped; segment = waiting[0]) {
      // they are another agent's now, which stores them
      if (!(await owner.holds().catch(() => true))) {
        rejectWaiters(new Error("another agent has taken the spool"));
        break;
      }
      await next(segment);
    }
    working = null;
  };

  const work = () => {
    // the loop yields before it looks at the queue, so that `working` is set before it can be cleared
    if (working === null && !isStopped) working = Promise.resolve().then(loop);
  };
  const add = (segment: SealedSegment) => {
    waiting.push(segment);
    sum.bytes += segment.bytes;
    sum.rows += segment.rows;
    work();
  };
  for (const segment of leftovers) add(segment);

  return {
    add,
    settled: () => {
      const upTo = [...unreadable, ...waiting].at(-1)?.number;
      if (upTo === undefined) return Promise.resolve();
      if (isStopped || owner.isLost()) return Promise.reject(new Error("the collector is closed"));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiters.push({ upTo, resolve, reject });
      if (unreadable.length > 0) takeUnreadable();
      wake();
      return promise;
    },
    stats: () => ({
      ...storer.counters(),
      waiting: {
        ...sum,
        segments: waiting.length + unreadable.length,
        firstMs: unreadable[0]?.firstMs ?? waiting[0]?.firstMs ?? null,
      },
      insertFailures,
      unreadableSegments: refused.size,
    }),
    async stop() {
      isStopped = true;
      clearTimeout(again);
      wake();
      await working;
      rejectWaiters(new Error("the collector is closed"));
    },
  };
};
