import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { createGrowingSegment, type GrowingSegment } from "./growing-segment.ts";
import { isMissing } from "./is-missing.ts";
import { isWorthALine } from "./is-worth-a-line.ts";
import type { Ownership } from "./ownership.ts";
import type { SealedSegment } from "./segment-name.ts";
import type { AppendOutcome, SpoolSettings } from "./spool.ts";
import type { SpoolFiles } from "./spool-files.ts";

/** The segment that is being written, and everything that waits to be in it. */
export interface SegmentWriter {
  /** `within`: the one segment that they may be in; it has to grow still. */
  readonly append: (lines: Uint8Array, rows: number, within?: number) => Promise<AppendOutcome>;
  /** Seals what is written; resolves when that is done or has failed (it is tried again later). */
  readonly seal: () => Promise<void>;
  readonly stats: () => WriterStats;
  /** Ends the timers and gives the file free. */
  readonly close: () => Promise<void>;
}

/** What is not sealed yet. */
export interface WriterStats {
  /** Written bytes and those that wait. */
  readonly bytes: number;
  readonly rows: number;
  /** When the oldest of it arrived, epoch ms; null when there is nothing. */
  readonly firstMs: number | null;
  readonly appendFailures: number;
}

/** What a writer needs. */
export interface SegmentWriterCollaborators {
  readonly files: SpoolFiles;
  readonly owner: Ownership;
  readonly log: Log;
  readonly now: () => number;
  readonly onSealed: (segment: SealedSegment) => void;
}

interface Append {
  readonly lines: Uint8Array;
  readonly rows: number;
  readonly within: number | null;
  readonly arrivedMs: number;
  readonly done: (outcome: AppendOutcome) => void;
}

type WriterSettings = Pick<SpoolSettings, "maxRows" | "maxSegmentBytes" | "maxDelayMs">;

/** How many of the waiting appends go into one write: a segment's worth, at least one. */
const groupSize = (waiting: readonly Append[], maxBytes: number): number => {
  let bytes = 0;
  const end = waiting.findIndex(({ lines }) => {
    bytes += lines.length;
    return bytes > maxBytes;
  });
  return end === -1 ? waiting.length : Math.max(1, end);
};

const SEALED: AppendOutcome = { outcome: "failed", detail: "the segment is sealed" };
const TAKEN = "another agent has taken the directory";

const rowsIn = (group: readonly Append[]): number => group.reduce((sum, { rows }) => sum + rows, 0);

const bytesIn = (group: readonly Append[]): number => group.reduce((sum, { lines }) => sum + lines.length, 0);

/**
 * Creates the writer of one run. `run` names it; `lastNumber` is the highest segment number in use. Everything
 * happens in one loop, so that appends which arrive while the disk is busy share the next write and fsync.
 */
export const createSegmentWriter = (
  settings: WriterSettings,
  { files, owner, log, now, onSealed }: SegmentWriterCollaborators,
  { run, lastNumber }: { readonly run: string; readonly lastNumber: number },
): SegmentWriter => {
  let number = lastNumber;
  let current: GrowingSegment | null = null;
  const waiting: Append[] = [];
  const sealRequests: (() => void)[] = [];
  let isWorking = false;
  let appendFailures = 0;
  let failuresInARow = 0;
  let timer: NodeJS.Timeout | undefined;

  const sealAfterDelay = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void seal(), settings.maxDelayMs);
  };

  /** Asked when rows are on disk: whoever takes the directory after that finds them. */
  const confirm = async () => {
    if (!(await owner.holds())) throw new Error(TAKEN);
  };

  const write = async (group: readonly Append[]): Promise<number> => {
    if (current === null) {
      number += 1;
      current = await createGrowingSegment(files, { number, run, firstMs: group[0]?.arrivedMs ?? now() }, confirm);
      sealAfterDelay();
    }
    await current.append(Buffer.concat(group.map(({ lines }) => lines)), rowsIn(group));
    return current.id.number;
  };

  const mayBeIn = ({ within }: Append): boolean => within === null || within === current?.id.number;

  /** The next appends that are to be written together. */
  const takeGroup = (): readonly Append[] => {
    const group = waiting.splice(0, groupSize(waiting, settings.maxSegmentBytes));
    for (const late of group.filter((each) => !mayBeIn(each))) late.done(SEALED);
    return group.filter(mayBeIn);
  };

  const writeWaiting = async () => {
    const group = takeGroup();
    if (group.length === 0) return;
    let outcome: AppendOutcome;
    let isGone = false;
    try {
      if (owner.isLost()) throw new Error(TAKEN);
      outcome = { outcome: "durable", segment: await write(group) };
      failuresInARow = 0;
    } catch (error) {
      isGone = isMissing(error);
      appendFailures += 1;
      failuresInARow += 1;
      outcome = { outcome: "failed", detail: messageOf(error) };
      if (isWorthALine(failuresInARow)) {
        log.error(`spool: rows could not be written, their requests are refused: ${messageOf(error)}`);
      }
    }
    for (const { done } of group) done(outcome);
    // somebody removed the file: what was acknowledged of it is written again, and the next row begins a new one
    if (isGone && current !== null) await sealCurrent(current);
  };

  const sealCurrent = async (segment: GrowingSegment) => {
    // the other agent stores it
    if (owner.isLost()) return;
    try {
      const sealed = await segment.seal();
      current = null;
      clearTimeout(timer);
      if (sealed !== null) onSealed(sealed);
      await segment.close();
    } catch (error) {
      log.error(`spool: a segment could not be sealed; trying again: ${messageOf(error)}`);
      sealAfterDelay();
    }
  };

  const isFull = (): boolean => {
    const { bytes, rows } = current?.size() ?? { bytes: 0, rows: 0 };
    return rows >= settings.maxRows || bytes >= settings.maxSegmentBytes;
  };

  const sealIfDue = async () => {
    const requests = sealRequests.splice(0);
    if (current !== null && (requests.length > 0 || isFull())) await sealCurrent(current);
    for (const done of requests) done();
  };

  const work = async () => {
    if (isWorking) return;
    isWorking = true;
    while (waiting.length > 0 || sealRequests.length > 0) {
      if (waiting.length > 0) await writeWaiting();
      await sealIfDue();
    }
    isWorking = false;
  };

  const seal = () =>
    new Promise<void>((done) => {
      sealRequests.push(done);
      void work();
    });

  return {
    append: (lines, rows, within) =>
      new Promise((done) => {
        waiting.push({ lines, rows, within: within ?? null, arrivedMs: now(), done });
        void work();
      }),
    seal,
    stats: () => ({
      bytes: (current?.size().bytes ?? 0) + bytesIn(waiting),
      rows: current?.size().rows ?? 0,
      firstMs: current?.id.firstMs ?? waiting[0]?.arrivedMs ?? null,
      appendFailures,
    }),
    async close() {
      await seal();
      clearTimeout(timer);
      await current?.close();
    },
  };
};
