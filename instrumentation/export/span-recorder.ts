import { SpanKind } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { LEEWAY } from "../../core/attributes.ts";
import { type SpanAttributes, spanName } from "../fetch/call-span.ts";
import type { FinishedCall } from "../fetch/finished-call.ts";
import type { ExportCounts } from "./export-counts.ts";
import { recordedSpan, type SpanShape } from "./recorded-span.ts";
import { reportAttributes } from "./report-attributes.ts";

/** Settings of the recorder. */
export interface RecorderSettings extends SpanShape {
  /** Attributes of a call's span: a new object each time, which becomes the span's. */
  readonly attributesOf: (call: FinishedCall) => Record<string, SpanAttributes[string]>;
}

/** Turns finished calls into spans. */
export interface SpanRecorder {
  readonly record: (call: FinishedCall) => void;
  /** Makes the span that carries the exporter's own counts, and hands it to nobody else; `at` is epoch ms. */
  readonly report: (counts: ExportCounts, at: number) => ReadableSpan;
}

/** Creates the recorder. `add` is given every call's span. */
export const createSpanRecorder = (settings: RecorderSettings, add: (span: ReadableSpan) => void): SpanRecorder => {
  let sequence = 0;
  return {
    record: (call) => {
      sequence += 1;
      const attributes = settings.attributesOf(call);
      attributes[LEEWAY.exportSequence] = sequence;
      if (call.parent?.isModelCall) attributes[LEEWAY.coversSpan] = call.parent.spanId;
      const ended = {
        name: spanName(call),
        kind: SpanKind.CLIENT,
        startedAt: call.startedAt,
        endedAt: call.startedAt + call.durationMs,
        failed: call.errorType !== null,
        identity: call.context.identity,
        parent: call.parent,
        attributes,
      };
      add(recordedSpan(ended, settings));
    },
    report: (counts, at) =>
      recordedSpan(
        {
          ...{ name: LEEWAY.exportReportSpan, kind: SpanKind.INTERNAL, startedAt: at, endedAt: at },
          ...{ failed: false, parent: null, attributes: reportAttributes(counts) },
        },
        settings,
      ),
  };
};
