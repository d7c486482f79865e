import { type Delivered, deliver, type Send } from "./deliver.ts";
import { type DropReason, type ExportCounts, NO_COUNTS } from "./export-counts.ts";
import { createSpanBuffer } from "./span-buffer.ts";

/** Settings of the queue. Times in ms. */
export interface QueueSettings {
  /** Spans that may wait in memory, those being sent included; beyond it the oldest go to the spool. */
  readonly maxQueue: number;
  /** Spans per request; as soon as this many wait they are sent. */
  readonly batchSize: number;
  /** Fewer are sent after this long. */
  readonly delayMs: number;
  /** Waits after failures double from the first to the second. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** The counts that the queue keeps; the spool has the others. */
export type QueueCounts = Pick<ExportCounts, "made" | "sent" | "spooled" | "dropped">;

/** Collaborators of the queue. */
export interface QueueCollaborators<T> {
  readonly send: Send<T>;
  /** Writes a batch to disk before it returns; false when it cannot. */
  readonly spool: (batch: readonly T[]) => boolean;
  /** Monotonic, ms. */
  readonly tick: () => number;
  /** Uniform in [0, 1): spreads the retries of many processes. */
  readonly random: () => number;
  /** Runs a function later without keeping the process alive; returns what cancels it. */
  readonly later: (fn: () => void, ms: number) => () => void;
  /** Told after every try to send; `failure` is null when the collector took the batch. */
  readonly onAttempt: (failure: string | null) => void;
  /** Told about errors of our own; `send` reports its failures as outcomes. */
  readonly onInternalError: (error: unknown) => void;
}

/** Spans on their way to the collector. */
export interface SpanQueue<T> {
  /** Takes a span over. Never throws; blocks only while it moves a batch to the spool. */
  readonly add: (span: T) => void;
  /** Sends what waits, now; ends when all is sent or the collector does not take it. */
  readonly flush: () => Promise<void>;
  /** The process ends: writes what waits, and what was sent without an answer yet, to the spool. Synchronous. */
  readonly end: () => void;
  readonly counts: () => QueueCounts;
}

/**
 * Creates the queue: bounded, one request at a time, failed batches return to its head and are tried again for ever.
 * The exporter's stock processor drops a batch after 8 s without the collector, and a burst beyond 2048 spans; both
 * without a word.
 */
export const createSpanQueue = <T>(settings: QueueSettings, collaborators: QueueCollaborators<T>): SpanQueue<T> => {
  const { send, spool, tick, random, later, onAttempt, onInternalError } = collaborators;
  const buffer = createSpanBuffer<T>();
  const dropped: Record<DropReason, number> = { ...NO_COUNTS.dropped };
  let made = 0;
  let sent = 0;
  let spooled = 0;
  let inFlight: readonly T[] = [];
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let sending: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;
  let spoolWorks = true;
  let ended = false;
  let broken = false;

  const endWith = (batch: readonly T[]): void => {
    if (spool(batch)) spooled += batch.length;
    else dropped.exit += batch.length;
  };
  /** Moves the oldest out until the bound holds: whole batches while the spool takes them, so that it has few files. */
  const relieve = (): void => {
    for (;;) {
      const excess = Math.min(buffer.size(), buffer.size() + inFlight.length - settings.maxQueue);
      if (excess <= 0) return;
      const batch = buffer.take(spoolWorks ? settings.batchSize : excess);
      if (!spoolWorks) dropped.queue += batch.length;
      else if (spool(batch)) spooled += batch.length;
      else {
        spoolWorks = false;
        buffer.putBack(batch);
      }
    }
  };
  const backOff = ({ retry }: Delivered<unknown>): void => {
    failures = retry === null ? 0 : failures + 1;
    if (retry === null) spoolWorks = true;
    const wait = Math.min(settings.minBackoffMs * 2 ** (failures - 1), settings.maxBackoffMs) * (0.75 + random() / 2);
    const wished = Math.min(retry?.retryAfterMs ?? 0, settings.maxBackoffMs);
    notBefore = retry === null ? Number.NEGATIVE_INFINITY : tick() + Math.max(wait, wished);
  };
  const settle = (delivered: Delivered<T>): void => {
    inFlight = [];
    sent += delivered.sent;
    dropped.refused += delivered.refused;
    dropped.rejected += delivered.rejected;
    buffer.putBack(delivered.left);
    relieve();
    backOff(delivered);
  };
  const sendBatch = async (): Promise<void> => {
    inFlight = buffer.take(settings.batchSize);
    const delivered = await deliver(inFlight, send);
    // What was on its way when the process ended is in the spool.
    if (ended) return;
    settle(delivered);
    onAttempt(delivered.retry?.why ?? null);
  };
  const sendOne = (): Promise<void> => {
    sending ??= sendBatch()
      .catch((error: unknown) => {
        // It would fail again, at once, for ever. What waits goes to the spool in the end.
        broken = true;
        onInternalError(error);
      })
      .finally(() => {
        sending = null;
        schedule();
      })
      .catch(onInternalError);
    return sending;
  };
  const schedule = (): void => {
    cancelTimer?.();
    cancelTimer = null;
    if (sending !== null || buffer.size() === 0 || ended || broken) return;
    const wait = notBefore - tick();
    if (wait <= 0 && buffer.size() >= settings.batchSize) void sendOne();
    else cancelTimer = later(() => void sendOne(), Math.max(wait, settings.delayMs));
  };
  return {
    add: (span) => {
      made += 1;
      if (ended) {
        endWith([span]);
        return;
      }
      buffer.push(span);
      relieve();
      // While a timer runs or a request is on its way only a full batch changes anything.
      if (cancelTimer === null || buffer.size() === settings.batchSize) schedule();
    },
    flush: async () => {
      await sending;
      while (buffer.size() > 0 && !ended && !broken) {
        const failuresBefore = failures;
        await sendOne();
        if (failures > failuresBefore) return;
      }
    },
    end: () => {
      buffer.putBack(inFlight);
      inFlight = [];
      ended = true;
      while (buffer.size() > 0) endWith(buffer.take(settings.batchSize));
    },
    counts: () => ({ made, sent, spooled, dropped: { ...dropped } }),
  };
};
