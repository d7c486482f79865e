import { type Decoded, decodeBody } from "../../../collector/otlp/decode-body.ts";
import type { Encoding } from "../../../collector/otlp/encoding.ts";
import type { ReceivedSpan } from "../../../collector/otlp/received-span.ts";
import type { Signal } from "../../../collector/otlp/signal.ts";
import { TRACES } from "../../../collector/otlp/signals.ts";

/** Decodes a body without a pause; what it yielded, and how it ended. */
export const decodeAtOnce = <T extends object>(
  signal: Signal<T>,
  encoding: Encoding,
  body: Uint8Array,
): Decoded & { readonly records: readonly T[] } => {
  const work = decodeBody(signal, encoding, body);
  const records: T[] = [];
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return { ...step.value, records };
    if (step.value !== null) records.push(step.value);
  }
};

/** The spans of a request that must be well formed. */
export const receivedSpans = (request: object): readonly ReceivedSpan[] => {
  const decoded = decodeAtOnce(TRACES, "json", Buffer.from(JSON.stringify(request)));
  if (decoded.outcome !== "decoded") throw new Error(decoded.problem);
  return decoded.records;
};
