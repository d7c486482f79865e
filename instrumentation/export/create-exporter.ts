import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { FinishedCall } from "../fetch/finished-call.ts";
import {
  type CountedCollaborators,
  type CountedExporter,
  type CountedSettings,
  createCountedExporter,
} from "./create-counted-exporter.ts";
import type { OtlpSender } from "./otlp-sender.ts";
import type { Resource } from "./resource.ts";
import { createSpanRecorder, type RecorderSettings } from "./span-recorder.ts";

/** Settings of the exporter. */
export interface ExporterSettings extends CountedSettings, Omit<RecorderSettings, "resource"> {}

/** Collaborators of the exporter. */
export interface ExporterCollaborators extends Omit<CountedCollaborators<ReadableSpan>, "send"> {
  readonly resource: Resource;
  readonly sender: OtlpSender;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Finished calls on their way to the collector. */
export interface Exporter extends Omit<CountedExporter<ReadableSpan>, "add"> {
  readonly record: (call: FinishedCall) => void;
}

/** Creates the exporter, which first of all sends what earlier processes left on disk. */
export const createExporter = (settings: ExporterSettings, collaborators: ExporterCollaborators): Exporter => {
  const { resource, sender, now } = collaborators;
  const recorder = createSpanRecorder({ ...settings, resource }, (span) => add(span));
  const { add, ...exporter } = createCountedExporter<ReadableSpan>(
    settings,
    {
      what: "spans",
      signal: "traces",
      encode: sender.encode,
      report: (counts) => recorder.report(counts, now()),
    },
    { ...collaborators, send: sender.sendEncoded },
  );
  return { ...exporter, record: recorder.record };
};
