import { type Normalised, normaliseSpan } from "../../../collector/normalise/normalise-span.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import { receivedSpans } from "../otlp/received-spans.ts";
import { jsonRequest, type Origin, type SpanSpec, START_MS } from "../otlp-request.ts";

/** What a span written by a test turns out to be. */
export const normalise = (span: SpanSpec, origin: Origin = {}): Normalised => {
  const [received] = receivedSpans(jsonRequest([span], origin));
  if (received === undefined) throw new Error("no span");
  return normaliseSpan(received, START_MS + 5000, {
    assign: ({ explicitCohort, explicitMigration }) => ({ migration: explicitMigration, cohort: explicitCohort }),
    price: () => null,
  });
};

/** The row of a span that must be a call. */
export const rowOf = (span: SpanSpec, origin: Origin = {}): SpanRow => {
  const normalised = normalise(span, origin);
  if (normalised.kind !== "call") throw new Error(`not a call but ${normalised.kind}`);
  return normalised.row;
};
