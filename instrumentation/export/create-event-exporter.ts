import { LEEWAY } from "../../core/attributes.ts";
import type { EventRecord } from "../shared-events.ts";
import type { DiskSpool } from "./disk-spool.ts";
import { encodeEvents, type TimedEvent } from "./event-request.ts";
import { type ExportCounts, NO_COUNTS, totalDropped } from "./export-counts.ts";
import { createLossReport } from "./loss-report.ts";
import type { SendEncoded } from "./otlp-sender.ts";
import { createReplay } from "./replay-spool.ts";
import type { Resource } from "./resource.ts";
import { createSpanQueue, type QueueCollaborators, type QueueSettings } from "./span-queue.ts";

/** Settings of an event exporter. */
export interface EventExporterSettings extends QueueSettings {
  /** Named in the lines for people. */
  readonly endpoint: string;
  /** What the events are, in a word for people: `outcomes`. */
  readonly what: string;
  /** Losses are told to the collector too, and the counts once a minute. */
  readonly isReported: boolean;
}

/** Collaborators of an event exporter. */
export interface EventExporterCollaborators
  extends Pick<QueueCollaborators<TimedEvent>, "tick" | "random" | "later" | "onInternalError"> {
  readonly resource: Resource;
  readonly send: SendEncoded;
  /** Null where they do not wait on disk. */
  readonly spool: DiskSpool | null;
  /** Epoch ms. */
  readonly now: () => number;
  /** Prints one line for people. */
  readonly warn: (line: string) => void;
}

/** Events on their way to the collector, by the same rules as spans: memory, then disk, and losses are told. */
export interface EventExporter {
  /** Takes an event over and stamps it with the time. */
  readonly add: (event: EventRecord) => void;
  /** Sends what waits, in memory and on disk. Never rejects. */
  readonly flush: () => Promise<void>;
  /** The process ends now: what waits goes to disk. Synchronous. */
  readonly end: () => void;
  readonly counts: () => ExportCounts;
}

const reportEvent = (counts: ExportCounts): EventRecord => ({
  name: LEEWAY.exportReportSpan,
  span: null,
  attributes: {
    [LEEWAY.exportMade]: counts.made,
    [LEEWAY.exportSent]: counts.sent,
    [LEEWAY.exportSpooled]: counts.spooled,
    [LEEWAY.exportReplayed]: counts.replayed,
    [LEEWAY.exportDropped]: totalDropped(counts),
  },
});

/** Creates the exporter, which first of all sends what earlier processes left on disk. */
export const createEventExporter = (
  settings: EventExporterSettings,
  collaborators: EventExporterCollaborators,
): EventExporter => {
  const { resource, send, spool, now, later, onInternalError } = collaborators;
  const encode = (batch: readonly TimedEvent[]): Uint8Array => encodeEvents(resource, batch);
  const losses = createLossReport(settings.endpoint, { ...collaborators, what: settings.what });
  const replay = createReplay(spool ?? { claim: () => null }, { sendEncoded: send }, "logs");

  const counts = (): ExportCounts => {
    const own = queue.counts();
    const { replayed, dropped } = replay.counts();
    return { ...NO_COUNTS, ...own, replayed, dropped: { ...own.dropped, spool: dropped + (spool?.dropped() ?? 0) } };
  };
  const reportIfDue = async (atEnd: boolean): Promise<void> => {
    const reported = counts();
    if (!settings.isReported || !losses.isDue(reported, atEnd)) return;
    const answer = await send(encode([{ ...reportEvent(reported), at: now() }]), 1);
    if (answer.outcome === "sent") losses.onReported(reported);
  };
  const replayAndReport = async (atEnd: boolean): Promise<void> => {
    await replay.run();
    await reportIfDue(atEnd);
  };
  const onAttempt = (failure: string | null): void => {
    losses.onAttempt(counts(), failure);
    if (failure === null) void replayAndReport(false).catch(onInternalError);
  };
  const queue = createSpanQueue<TimedEvent>(settings, {
    ...collaborators,
    send: (batch) => send(encode(batch), batch.length),
    spool: (batch) => spool?.write(encode(batch), batch.length) ?? false,
    onAttempt,
  });
  if (spool !== null) later(() => void replayAndReport(false).catch(onInternalError), settings.delayMs);

  return {
    add: (event) => queue.add({ ...event, at: now() }),
    flush: async () => {
      await queue.flush();
      await replayAndReport(true);
    },
    end: () => {
      queue.end();
      losses.onEnd(counts());
    },
    counts,
  };
};
