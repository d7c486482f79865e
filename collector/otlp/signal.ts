import type { Attributes } from "../../formats/dialects/read/attributes.ts";
import type { DecodeLimits } from "./decode-limits.ts";
import type { Fields } from "./fields.ts";
import type { RecordMessage, RequestMessage } from "./messages.ts";

/** What is around a record. */
export interface RecordOrigin {
  /** Name of the instrumentation scope. */
  readonly scope: string;
  readonly resource: Attributes;
}

/** One signal of OTLP: what its requests are made of and how a record of it is read. */
export interface Signal<T> {
  readonly request: RequestMessage;
  readonly record: RecordMessage;
  /** The repeated fields that lead from the request to its records: of resources, of scopes, of records. */
  readonly path: readonly [resources: string, scopes: string, records: string];
  readonly limits: DecodeLimits;
  /** Reads a record. Its message is decoded only when `fields` is called. Throws when the message is malformed. */
  readonly read: (fields: () => Fields, origin: RecordOrigin) => T;
}
