import { LEEWAY, OTEL } from "../core/attributes.ts";
import { countOf, textOf } from "./normalise/values.ts";
import type { ReceivedSpan } from "./otlp/received-span.ts";

/** What the exporter inside one app process says about itself, cumulative since that process began. */
export interface ExporterCounters {
  readonly service: string;
  /** `service.instance.id` of the process. */
  readonly instance: string;
  /** Spans made, acknowledged by a collector, and given up. */
  readonly made: number;
  readonly sent: number;
  readonly dropped: number;
  /** When the newest report arrived, epoch ms. */
  readonly reportedMs: number;
}

/** Keeps the newest counters per process, for at most `maxInstances` processes; the longest silent one is forgotten. */
export interface ExporterRegister {
  /** Takes a report span in. False when the span is none. */
  readonly take: (span: ReceivedSpan, receivedMs: number) => boolean;
  readonly list: () => readonly ExporterCounters[];
}

const countIn = (span: ReceivedSpan, name: string): number => countOf(span.attributes.get(name)) ?? 0;

/** Reports may arrive twice and out of order; the counters only grow, so the largest is the newest. */
const merge = (known: ExporterCounters | undefined, report: ExporterCounters): ExporterCounters => ({
  ...report,
  made: Math.max(known?.made ?? 0, report.made),
  sent: Math.max(known?.sent ?? 0, report.sent),
  dropped: Math.max(known?.dropped ?? 0, report.dropped),
});

/** Creates an empty register. */
export const createExporterRegister = (maxInstances: number): ExporterRegister => {
  const byInstance = new Map<string, ExporterCounters>();
  return {
    take(span, receivedMs) {
      if (span.name !== LEEWAY.exportReportSpan) return false;
      const instance = textOf(span.resource.get(OTEL.serviceInstance));
      const report = merge(byInstance.get(instance), {
        service: textOf(span.resource.get(OTEL.serviceName)),
        instance,
        made: countIn(span, LEEWAY.exportMade),
        sent: countIn(span, LEEWAY.exportSent),
        dropped: countIn(span, LEEWAY.exportDropped),
        reportedMs: receivedMs,
      });
      byInstance.delete(instance);
      byInstance.set(instance, report);
      const oldest = byInstance.keys().next();
      if (byInstance.size > maxInstances && !oldest.done) byInstance.delete(oldest.value);
      return true;
    },
    list: () => [...byInstance.values()],
  };
};
