import type { Attributes } from "../../formats/dialects/read/attributes.ts";

/** A log record as it arrived, before anything is known about what it means. Its body is not looked at. */
export interface ReceivedLog {
  /** Lower-case hex digits, or anything else that the sender put there; empty outside a span. */
  readonly traceId: string;
  readonly spanId: string;
  /** The event's name; empty for a record that is no event. */
  readonly eventName: string;
  /** When it happened, else when it was observed; epoch ms, NaN when neither was given. */
  readonly timeMs: number;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}
