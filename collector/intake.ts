import type { Reply } from "./http/reply.ts";
import type { Encoding } from "./otlp/encoding.ts";

/**
 * What becomes of the records of one request. Until `finish` nothing outside knows of them: a body may turn out to be
 * malformed at its end. Records are not kept but what is needed of them, because they take far more memory than that.
 */
export interface Intake<T> {
  readonly add: (record: T) => void;
  /** After the last record: makes what was added durable, counts it and answers. */
  readonly finish: (encoding: Encoding) => Promise<Reply>;
}
