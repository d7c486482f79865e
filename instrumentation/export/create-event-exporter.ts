import { LEEWAY } from "../../core/attributes.ts";
import type { EventRecord } from "../shared-events.ts";
import {
  type CountedCollaborators,
  type CountedExporter,
  type CountedSettings,
  createCountedExporter,
} from "./create-counted-exporter.ts";
import { encodeEvents, type TimedEvent } from "./event-request.ts";
import type { ExportCounts } from "./export-counts.ts";
import { reportAttributes } from "./report-attributes.ts";
import type { Resource } from "./resource.ts";

/** Settings of an event exporter. */
export interface EventExporterSettings extends CountedSettings {
  /** What the events are, in a word for people: `outcomes`. */
  readonly what: string;
  /** Losses are told to the collector too, and the counts once a minute. */
  readonly isReported: boolean;
}

/** Collaborators of an event exporter. */
export interface EventExporterCollaborators extends CountedCollaborators<TimedEvent> {
  readonly resource: Resource;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Events on their way to the collector, by the same rules as spans. */
export interface EventExporter extends Omit<CountedExporter<TimedEvent>, "add"> {
  /** Takes an event over and stamps it with the time. */
  readonly add: (event: EventRecord) => void;
}

const reportEvent = (counts: ExportCounts): EventRecord => ({
  name: LEEWAY.exportReportSpan,
  span: null,
  attributes: reportAttributes(counts),
});

/** Creates the exporter, which first of all sends what earlier processes left on disk. */
export const createEventExporter = (
  settings: EventExporterSettings,
  collaborators: EventExporterCollaborators,
): EventExporter => {
  const { resource, now } = collaborators;
  const exporter = createCountedExporter<TimedEvent>(
    settings,
    {
      what: settings.what,
      signal: "logs",
      encode: (batch) => encodeEvents(resource, batch),
      report: settings.isReported ? (counts) => ({ ...reportEvent(counts), at: now() }) : null,
    },
    collaborators,
  );
  return { ...exporter, add: (event) => exporter.add({ ...event, at: now() }) };
};
