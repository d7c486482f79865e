import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { SpanAttributes } from "../fetch/call-span.ts";
import type { FinishedCall } from "../fetch/finished-call.ts";
import type { DiskSpool } from "./disk-spool.ts";
import { type ExportCounts, NO_COUNTS } from "./export-counts.ts";
import { createLossReport } from "./loss-report.ts";
import type { OtlpSender } from "./otlp-sender.ts";
import { createReplay } from "./replay-spool.ts";
import type { Resource } from "./resource.ts";
import { createSpanQueue, type QueueCollaborators, type QueueSettings } from "./span-queue.ts";
import { createSpanRecorder } from "./span-recorder.ts";

/** Settings of the exporter. */
export interface ExporterSettings extends QueueSettings {
  /** Named in the lines for people. */
  readonly endpoint: string;
  /** Longest value of a span attribute, in characters. */
  readonly maxAttributeChars: number;
  readonly attributesOf: (call: FinishedCall) => SpanAttributes;
}

/** Collaborators of the exporter. */
export interface ExporterCollaborators
  extends Pick<QueueCollaborators<ReadableSpan>, "tick" | "random" | "later" | "onInternalError"> {
  readonly resource: Resource;
  readonly sender: OtlpSender;
  /** Null where nothing may be written to disk. */
  readonly spool: DiskSpool | null;
  /** Epoch ms. */
  readonly now: () => number;
  /** Prints one line for people. */
  readonly warn: (line: string) => void;
}

/** Finished calls on their way to the collector: memory first, then disk, and whatever is lost is counted and told. */
export interface Exporter {
  readonly record: (call: FinishedCall) => void;
  /** Sends what waits, in memory and on disk. Never rejects. */
  readonly flush: () => Promise<void>;
  /** The process ends now: what waits goes to disk. Synchronous; may be called more than once. */
  readonly end: () => void;
  readonly counts: () => ExportCounts;
}

/** Creates the exporter, which first of all sends what earlier processes left on disk. */
export const createExporter = (settings: ExporterSettings, collaborators: ExporterCollaborators): Exporter => {
  const { sender, spool, now, later, onInternalError } = collaborators;
  const losses = createLossReport(settings.endpoint, collaborators);
  const replay = createReplay(spool ?? { claim: () => null }, sender);
  const recorder = createSpanRecorder({ ...settings, resource: collaborators.resource }, (span) => queue.add(span));

  const counts = (): ExportCounts => {
    const own = queue.counts();
    const { replayed, dropped } = replay.counts();
    const lostInSpool = dropped + (spool?.dropped() ?? 0);
    return { ...NO_COUNTS, ...own, replayed, dropped: { ...own.dropped, spool: lostInSpool } };
  };
  const toSpool = (batch: readonly ReadableSpan[], spans: number): boolean => {
    const data = spool === null ? null : sender.encode(batch);
    return data !== null && (spool?.write(data, spans) ?? false);
  };
  const reportIfDue = async (atEnd: boolean): Promise<void> => {
    const reported = counts();
    if (!losses.isDue(reported, atEnd)) return;
    const answer = await sender.send([recorder.report(reported, now())]);
    if (answer.outcome === "sent") losses.onReported(reported);
  };
  const replayAndReport = async (atEnd: boolean): Promise<void> => {
    await replay.run();
    await reportIfDue(atEnd);
  };
  const onAttempt = (failure: string | null): void => {
    losses.onAttempt(counts(), failure);
    // Not awaited: new spans do not queue up behind old ones.
    if (failure === null) void replayAndReport(false).catch(onInternalError);
  };
  const queue = createSpanQueue<ReadableSpan>(settings, {
    ...collaborators,
    send: sender.send,
    spool: (batch) => toSpool(batch, batch.length),
    onAttempt,
  });
  if (spool !== null) later(() => void replayAndReport(false).catch(onInternalError), settings.delayMs);

  const end = (): void => {
    queue.end();
    const final = counts();
    if (losses.isDue(final, true) && toSpool([recorder.report(final, now())], 0)) losses.onReported(final);
    losses.onEnd(final);
  };
  const flush = async (): Promise<void> => {
    await queue.flush();
    await replayAndReport(true);
  };
  return { record: recorder.record, flush, end, counts };
};
