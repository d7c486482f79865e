import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { RowBatch } from "../collaborators.ts";
import { checksumText, extendChecksum } from "./checksum.ts";
import { isWorthALine } from "./is-worth-a-line.ts";
import type { LineFormat } from "./lines.ts";
import { newerName, type SealedSegment, tokenOf } from "./segment-name.ts";
import type { SpoolSettings } from "./spool.ts";
import type { SpoolFiles } from "./spool-files.ts";

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
export interface InserterStats {
  /** Sealed and not stored yet; `firstMs` is when the oldest of it arrived, null when there is nothing. */
  readonly waiting: {
    readonly segments: number;
    readonly bytes: number;
    readonly rows: number;
    readonly firstMs: number | null;
  };
  readonly insertedRows: number;
  readonly insertedSegments: number;
  readonly insertFailures: number;
  readonly damagedSegments: number;
}

/** What an inserter needs. */
export interface SegmentInserterCollaborators {
  /** What the lines of its segments look like. */
  readonly format: LineFormat;
  readonly files: SpoolFiles;
  readonly insert: (batch: RowBatch) => Promise<void>;
  readonly log: Log;
}

const isWhole = (content: Uint8Array, { bytes, checksum }: SealedSegment): boolean =>
  content.length === bytes && checksumText(extendChecksum(0, content)) === checksum;

const NEWLINE = 10;

const firstLine = (content: Buffer): string => content.subarray(0, content.indexOf(NEWLINE)).toString("utf8");

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Creates an inserter that works through `leftovers` first. */
export const createSegmentInserter = (
  { retryMs }: Pick<SpoolSettings, "retryMs">,
  { format, files, insert, log }: SegmentInserterCollaborators,
  leftovers: readonly SealedSegment[],
): SegmentInserter => {
  const waiting: SealedSegment[] = [];
  const sum = { bytes: 0, rows: 0 };
  const counters = { insertedRows: 0, insertedSegments: 0, insertFailures: 0, damagedSegments: 0 };
  let waiters: { readonly upTo: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] =
    [];
  let working: Promise<void> | null = null;
  let pause: { readonly timer: NodeJS.Timeout; readonly end: () => void } | null = null;
  let failuresInARow = 0;
  let isStopped = false;

  const setAside = async ({ name, rows }: SealedSegment) => {
    counters.damagedSegments += 1;
    log.error("spool: a segment is damaged and was set aside; its rows are not stored", { file: `${name}.bad`, rows });
    await files.rename(name, `${name}.bad`).catch(() => undefined);
  };

  const keepForNewer = async ({ name, rows }: SealedSegment) => {
    counters.damagedSegments += 1;
    log.error("spool: a newer version of Leeway wrote this segment; start that version again to store its rows", {
      file: newerName(name),
      rows,
    });
    await files.rename(name, newerName(name)).catch(() => undefined);
  };

  const store = async (segment: SealedSegment) => {
    const content = await files.read(segment.name).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (content === null || !isWhole(content, segment)) return setAside(segment);
    const columns = format.columnsOf(firstLine(content));
    if (columns === null) return setAside(segment);
    if (columns > format.columns) return keepForNewer(segment);
    await insert({ token: tokenOf(segment), lines: content, rows: segment.rows, columns });
    counters.insertedRows += segment.rows;
    counters.insertedSegments += 1;
    await files.remove(segment.name).catch((error: unknown) => {
      log.error(`spool: a stored segment could not be removed; remove it by hand: ${messageOf(error)}`, {
        file: segment.name,
      });
    });
  };

  const succeed = (segment: SealedSegment) => {
    if (failuresInARow > 0) log.info("spool: the store takes rows again");
    failuresInARow = 0;
    waiting.shift();
    sum.bytes -= segment.bytes;
    sum.rows -= segment.rows;
    for (const waiter of waiters) if (waiter.upTo <= segment.number) waiter.resolve();
    waiters = waiters.filter(({ upTo }) => upTo > segment.number);
  };

  const fail = (error: unknown) => {
    counters.insertFailures += 1;
    failuresInARow += 1;
    if (isWorthALine(failuresInARow)) {
      log.error(`spool: the store did not take the rows, they stay on disk: ${messageOf(error)}`, {
        tries: failuresInARow,
        waitingSegments: waiting.length,
      });
    }
    for (const waiter of waiters) waiter.reject(error);
    waiters = [];
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

  const loop = async () => {
    for (let segment = waiting[0]; segment !== undefined && !isStopped; segment = waiting[0]) {
      try {
        await store(segment);
        succeed(segment);
      } catch (error) {
        fail(error);
        if (!isStopped) await rest();
      }
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
      const upTo = waiting.at(-1)?.number;
      if (upTo === undefined) return Promise.resolve();
      if (isStopped) return Promise.reject(new Error("the collector is closed"));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiters.push({ upTo, resolve, reject });
      wake();
      return promise;
    },
    stats: () => ({
      waiting: { ...sum, segments: waiting.length, firstMs: waiting[0]?.firstMs ?? null },
      ...counters,
    }),
    async stop() {
      isStopped = true;
      wake();
      await working;
      for (const waiter of waiters) waiter.reject(new Error("the collector is closed"));
      waiters = [];
    },
  };
};
