import { createEventExporter, type EventExporterCollaborators } from "./export/create-event-exporter.ts";
import type { DiskSpool } from "./export/disk-spool.ts";
import type { QueueSettings } from "./export/span-queue.ts";
import { createFailOpen } from "./fail-open.ts";
import { type EventRecord, shareEvents } from "./shared-events.ts";

/** Settings of the events' exporters. */
export interface StartEventsSettings extends QueueSettings {
  readonly endpoint: string;
}

/** Collaborators of the events' exporters. */
export interface StartEventsCollaborators extends Omit<EventExporterCollaborators, "spool"> {
  /** Where outcomes wait; null where nothing may be written to disk. */
  readonly spool: DiskSpool | null;
  /** Where pairs wait; null where nothing may be written to disk. */
  readonly pairSpool: DiskSpool | null;
}

/** What has to be told when the process ends. */
export interface Events {
  /** Takes the event of a pair over. Never throws. */
  readonly pair: (event: EventRecord) => void;
  readonly flush: () => Promise<void>;
  readonly end: () => void;
}

/** Pairs that may wait in memory, of a few KiB each. */
const MAX_PAIRS = 5000;

/** Flag evaluations that may wait; more says nothing new about the shares. */
const MAX_FLAG_EVENTS = 2000;

/**
 * Takes outcomes and flag evaluations of the app over from now on. They have queues of their own, so that a flood of
 * evaluations cannot push an outcome out; evaluations do not wait on disk.
 */
export const startEvents = (settings: StartEventsSettings, collaborators: StartEventsCollaborators): Events => {
  const outcomes = createEventExporter({ ...settings, what: "outcomes", isReported: true }, collaborators);
  const flags = createEventExporter(
    {
      ...settings,
      what: "flag evaluations",
      isReported: false,
      maxQueue: Math.min(settings.maxQueue, MAX_FLAG_EVENTS),
    },
    { ...collaborators, spool: null },
  );
  const pairs = createEventExporter(
    { ...settings, what: "pairs", isReported: false, maxQueue: Math.min(settings.maxQueue, MAX_PAIRS) },
    { ...collaborators, spool: collaborators.pairSpool },
  );
  const { guard } = createFailOpen(collaborators.onInternalError);
  shareEvents({
    outcome: (event) => guard(() => outcomes.add(event)),
    flag: (event) => guard(() => flags.add(event)),
  });
  return {
    pair: (event) => guard(() => pairs.add(event)),
    flush: async () => {
      await Promise.all([outcomes.flush(), flags.flush(), pairs.flush()]);
    },
    end: () => {
      pairs.end();
      outcomes.end();
      flags.end();
    },
  };
};
