import { type Delivered, deliver, type Send } from "./deliver.ts";
import { createSpanBuffer } from "./span-buffer.ts";

/** Settings of the queue. Times in ms. */
export interface QueueSettings {
  /** Spans that may wait, those being sent included; beyond it the oldest are dropped and counted. */
  readonly maxQueue: number;
  /** Spans per request; as soon as this many wait they are sent. */
  readonly batchSize: number;
  /** Fewer are sent after this long. */
  readonly delayMs: number;
  /** Waits after failures double from the first to the second. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** Cumulative counts of one process. made = sent + dropped + still waiting. */
export interface ExportCounts {
  readonly made: number;
  readonly sent: number;
  readonly dropped: number;
}

/** Collaborators of the queue. */
export interface QueueCollaborators<T> {
  readonly send: Send<T>;
  /** Monotonic, ms. */
  readonly tick: () => number;
  /** Uniform in [0, 1): spreads the retries of many processes. */
  readonly random: () => number;
  /** Runs a function later without keeping the process alive; returns what cancels it. */
  readonly later: (fn: () => void, ms: number) => () => void;
  /** Told after every try to send. */
  readonly onAttempt: (counts: ExportCounts, failure: string | null) => void;
  /** Told about errors of our own; `send` reports its failures as outcomes. */
  readonly onInternalError: (error: unknown) => void;
}

/** Spans on their way to the collector. */
export interface SpanQueue<T> {
  /** Takes a span over. Never blocks, never throws. */
  readonly add: (span: T) => void;
  /** Sends what waits, now; ends when all is sent or the collector does not take it. */
  readonly flush: () => Promise<void>;
  readonly counts: () => ExportCounts;
}

/**
 * Creates the queue: bounded, one request at a time, failed batches return to its head and are tried again for ever.
 * The exporter's stock processor drops a batch after 8 s without the collector, and a burst beyond 2048 spans; both
 * without a word.
 */
export const createSpanQueue = <T>(settings: QueueSettings, collaborators: QueueCollaborators<T>): SpanQueue<T> => {
  const { send, tick, random, later, onAttempt, onInternalError } = collaborators;
  const buffer = createSpanBuffer<T>();
  let made = 0;
  let sent = 0;
  let dropped = 0;
  let inFlight = 0;
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let sending: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;

  const dropOverflow = (): void => {
    const excess = Math.min(buffer.size(), buffer.size() + inFlight - settings.maxQueue);
    if (excess > 0) dropped += buffer.take(excess).length;
  };
  const backOff = ({ retry }: Delivered<unknown>): void => {
    failures = retry === null ? 0 : failures + 1;
    const wait = Math.min(settings.minBackoffMs * 2 ** (failures - 1), settings.maxBackoffMs) * (0.75 + random() / 2);
    const wished = Math.min(retry?.retryAfterMs ?? 0, settings.maxBackoffMs);
    notBefore = retry === null ? Number.NEGATIVE_INFINITY : tick() + Math.max(wait, wished);
  };
  const settle = (delivered: Delivered<T>): void => {
    inFlight = 0;
    sent += delivered.sent;
    dropped += delivered.dropped;
    buffer.putBack(delivered.left);
    dropOverflow();
    backOff(delivered);
    onAttempt(counts(), delivered.retry?.why ?? null);
  };
  const sendBatch = async (): Promise<void> => {
    const batch = buffer.take(settings.batchSize);
    inFlight = batch.length;
    settle(await deliver(batch, send));
  };
  const sendOne = (): Promise<void> => {
    sending ??= sendBatch()
      .catch(onInternalError)
      .finally(() => {
        sending = null;
        schedule();
      });
    return sending;
  };
  const schedule = (): void => {
    cancelTimer?.();
    cancelTimer = null;
    if (sending !== null || buffer.size() === 0) return;
    const wait = notBefore - tick();
    if (wait <= 0 && buffer.size() >= settings.batchSize) void sendOne();
    else cancelTimer = later(() => void sendOne(), Math.max(wait, settings.delayMs));
  };
  const counts = (): ExportCounts => ({ made, sent, dropped });
  return {
    add: (span) => {
      made += 1;
      buffer.push(span);
      dropOverflow();
      // While a timer runs or a request is on its way only a full batch changes anything.
      if (cancelTimer === null || buffer.size() === settings.batchSize) schedule();
    },
    flush: async () => {
      await sending;
      while (buffer.size() > 0) {
        const failuresBefore = failures;
        await sendOne();
        if (failures > failuresBefore) return;
      }
    },
    counts,
  };
};
