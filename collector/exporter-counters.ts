import { LEEWAY, OTEL } from "../core/attributes.ts";
import type { ExporterCounters } from "../core/collector-stats.ts";
import type { SpanRow } from "../core/span-row.ts";
import { countOf, textOf } from "../formats/dialects/read/values.ts";
import type { ReceivedSpan } from "./otlp/received-span.ts";

/** Keeps the newest counters per process, for at most `maxInstances` processes; the longest silent one is forgotten. */
export interface ExporterRegister {
  /** Takes a report in, a span or an event of that name. False when it is none. */
  readonly take: (report: Pick<ReceivedSpan, "name" | "attributes" | "resource">, receivedMs: number) => boolean;
  /** Takes note of a call that arrived for the first time; `sequence` is its number among those of its process. */
  readonly saw: (row: Pick<SpanRow, "service" | "instance" | "received_ms">, sequence: number) => void;
  readonly list: () => readonly ExporterCounters[];
}

/** True for a span or an event of that name. */
export const isReport = ({ name }: Pick<ReceivedSpan, "name">): boolean => name === LEEWAY.exportReportSpan;

interface Known {
  service: string;
  made: number;
  sent: number;
  dropped: number;
  spooled: number;
  /** Lowest and highest sequence number that count; the first to arrive is the lowest. */
  first: number | null;
  highest: number;
  received: number;
  reportedMs: number;
}

const NOTHING = { made: 0, sent: 0, dropped: 0, spooled: 0, first: null, highest: 0, received: 0, reportedMs: 0 };

const countersOf = (instance: string, { first, highest, ...known }: Known): ExporterCounters => {
  const missing = first === null ? 0 : Math.max(0, highest - first + 1 - known.received);
  return { ...known, instance, missing, unexplained: Math.max(0, missing - known.dropped - known.spooled) };
};

/** Creates an empty register. */
export const createExporterRegister = (maxInstances: number): ExporterRegister => {
  const byInstance = new Map<string, Known>();
  const touch = (instance: string, service: string, receivedMs: number): Known => {
    const known = byInstance.get(instance) ?? { service, ...NOTHING };
    byInstance.delete(instance);
    byInstance.set(instance, known);
    known.reportedMs = receivedMs;
    if (byInstance.size <= maxInstances) return known;
    const oldest = byInstance.keys().next();
    if (!oldest.done) byInstance.delete(oldest.value);
    return known;
  };
  return {
    take(span, receivedMs) {
      if (!isReport(span)) return false;
      const [instance, service] = [OTEL.serviceInstance, OTEL.serviceName].map((name) =>
        textOf(span.resource.get(name)),
      );
      const known = touch(instance ?? "", service ?? "", receivedMs);
      // Reports may arrive twice and out of order; the counters only grow, so the largest is the newest.
      const newest = (before: number, name: string): number =>
        Math.max(before, countOf(span.attributes.get(name)) ?? 0);
      known.made = newest(known.made, LEEWAY.exportMade);
      known.sent = newest(known.sent, LEEWAY.exportSent);
      known.dropped = newest(known.dropped, LEEWAY.exportDropped);
      known.spooled = newest(known.spooled, LEEWAY.exportSpooled);
      return true;
    },
    saw({ service, instance, received_ms: receivedMs }, sequence) {
      const known = touch(instance, service, receivedMs);
      known.first ??= sequence;
      // Calls from before this collector knew the process, sent from a spool, fill no gap that it counts.
      if (sequence < known.first) return;
      known.received += 1;
      known.highest = Math.max(known.highest, sequence);
    },
    list: () => [...byInstance].map(([instance, known]) => countersOf(instance, known)),
  };
};
