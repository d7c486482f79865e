import type { Attributes } from "../../formats/dialects/read/attributes.ts";

/** An event of a span. */
export interface ReceivedEvent {
  readonly name: string;
  /** Epoch ms; NaN when it was not given. */
  readonly timeMs: number;
  readonly attributes: Attributes;
}

/** A span as it arrived, before anything is known about what it means. */
export interface ReceivedSpan {
  /** 32 lower-case hex digits, or anything else that the sender put there. */
  readonly traceId: string;
  /** 16 lower-case hex digits, or anything else that the sender put there. */
  readonly spanId: string;
  /** Empty for a root span. */
  readonly parentSpanId: string;
  readonly name: string;
  /** Epoch ms with three decimals; NaN when it was not given. */
  readonly startMs: number;
  readonly endMs: number;
  /** OTLP status code: 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly attributes: Attributes;
  readonly events: readonly ReceivedEvent[];
  /** Name of the instrumentation scope. */
  readonly scope: string;
  readonly resource: Attributes;
}
