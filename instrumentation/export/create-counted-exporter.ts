import type { DiskSpool } from "./disk-spool.ts";
import { type ExportCounts, NO_COUNTS } from "./export-counts.ts";
import { createLossReport } from "./loss-report.ts";
import type { OtlpSignal, SendEncoded } from "./otlp-sender.ts";
import { createReplay } from "./replay-spool.ts";
import type { SendOutcome } from "./send-outcome.ts";
import { createSpanQueue, type QueueCollaborators, type QueueSettings } from "./span-queue.ts";
import { toLines } from "./spooled-lines.ts";

/** Settings of a counted exporter. */
export interface CountedSettings extends QueueSettings {
  /** Named in the lines for people. */
  readonly endpoint: string;
}

/** What is exported, and how it is put into words. */
export interface ExportedKind<T> {
  /** In a word for people: `spans`, `outcomes`. */
  readonly what: string;
  readonly signal: OtlpSignal;
  /** One OTLP/JSON request, on one line; null when the batch cannot be encoded. */
  readonly encode: (batch: readonly T[]) => Uint8Array | null;
  /** Makes the item that tells the collector the counts; null where only people are told. */
  readonly report: ((counts: ExportCounts) => T) | null;
}

/** Collaborators of a counted exporter. */
export interface CountedCollaborators<T>
  extends Pick<QueueCollaborators<T>, "tick" | "random" | "later" | "onInternalError"> {
  readonly send: SendEncoded;
  /** Null where nothing may be written to disk. */
  readonly spool: DiskSpool | null;
  /** Prints one line for people. */
  readonly warn: (line: string) => void;
}

/** Things on their way to the collector: memory first, then disk, and whatever is lost is counted and told. */
export interface CountedExporter<T> {
  readonly add: (item: T) => void;
  /** Sends what waits, in memory and on disk. Never rejects. */
  readonly flush: () => Promise<void>;
  /** The process ends now: what waits goes to disk. Synchronous; may be called more than once. */
  readonly end: () => void;
  readonly counts: () => ExportCounts;
}

const UNSPEAKABLE: SendOutcome = { outcome: "refused", why: "it could not be encoded" };

/** Creates the exporter, which first of all sends what earlier processes left on disk. */
export const createCountedExporter = <T>(
  settings: CountedSettings,
  { what, signal, encode, report }: ExportedKind<T>,
  collaborators: CountedCollaborators<T>,
): CountedExporter<T> => {
  const { send, spool, tick, warn, later, onInternalError } = collaborators;
  const losses = createLossReport(settings.endpoint, { tick, warn, what });
  const replay = createReplay(spool ?? { claim: () => null }, { sendEncoded: send }, signal);

  const counts = (): ExportCounts => {
    const own = queue.counts();
    const { replayed, dropped } = replay.counts();
    return { ...NO_COUNTS, ...own, replayed, dropped: { ...own.dropped, spool: dropped + (spool?.dropped() ?? 0) } };
  };
  const sendBatch = async (batch: readonly T[]): Promise<SendOutcome> => {
    const data = encode(batch);
    return data === null ? UNSPEAKABLE : send(data, batch.length);
  };
  /** `items` is what the file counts for: none, where it holds only a report. */
  const toSpool = (batch: readonly T[], items: number): boolean => {
    const data = spool === null ? null : encode(batch);
    const lines = data === null ? null : toLines(data, signal);
    return lines !== null && (spool?.write(lines, items) ?? false);
  };
  const reportIfDue = async (atEnd: boolean): Promise<void> => {
    const reported = counts();
    if (report === null || !losses.isDue(reported, atEnd)) return;
    const answer = await sendBatch([report(reported)]);
    if (answer.outcome === "sent") losses.onReported(reported);
  };
  const replayAndReport = async (atEnd: boolean): Promise<void> => {
    await replay.run();
    await reportIfDue(atEnd);
  };
  const onAttempt = (failure: string | null): void => {
    losses.onAttempt(counts(), failure);
    // Not awaited: what is new does not queue up behind what is old.
    if (failure === null) void replayAndReport(false).catch(onInternalError);
  };
  const queue = createSpanQueue<T>(settings, {
    ...collaborators,
    send: sendBatch,
    spool: (batch) => toSpool(batch, batch.length),
    onAttempt,
  });
  if (spool !== null) later(() => void replayAndReport(false).catch(onInternalError), settings.delayMs);

  const end = (): void => {
    queue.end();
    const final = counts();
    if (report !== null && losses.isDue(final, true) && toSpool([report(final)], 0)) losses.onReported(final);
    losses.onEnd(final);
  };
  const flush = async (): Promise<void> => {
    await queue.flush();
    await replayAndReport(true);
  };
  return { add: queue.add, flush, end, counts };
};
