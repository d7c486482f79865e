import type { RequestRefusal } from "../../core/collector-stats.ts";
import { CONTENT_TYPES, type Encoding } from "../otlp/encoding.ts";
import { encodeMessage } from "../otlp/messages.ts";
import type { AppendOutcome } from "../spool/spool.ts";

/** An HTTP response, not sent yet. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** HTTP status and google.rpc code per refusal. */
const CODES: Readonly<Record<RequestRefusal, { readonly status: number; readonly rpc: number }>> = {
  "not-found": { status: 404, rpc: 5 },
  "wrong-method": { status: 405, rpc: 12 },
  unauthorised: { status: 401, rpc: 16 },
  foreign: { status: 403, rpc: 7 },
  "wrong-type": { status: 415, rpc: 3 },
  "too-large": { status: 413, rpc: 8 },
  malformed: { status: 400, rpc: 3 },
  overloaded: { status: 503, rpc: 14 },
  "disk-slow": { status: 503, rpc: 14 },
  "spool-full": { status: 503, rpc: 14 },
  "disk-failed": { status: 503, rpc: 14 },
  internal: { status: 500, rpc: 13 },
};

const HEADERS: Readonly<Partial<Record<RequestRefusal, Readonly<Record<string, string>>>>> = {
  "wrong-method": { allow: "POST" },
  unauthorised: { "www-authenticate": "Bearer" },
  // a few large bodies are decoded in that time
  // long enough for a store to come back, short enough for an exporter's queue
  "spool-full": { "retry-after": "5" },
  "disk-failed": { "retry-after": "5" },
};

/**
 * An error: google.rpc.Status in the encoding of the request, JSON where that is unknown. `message` is one line,
 * `retryAfterS` whole seconds.
 */
export const refusal = (
  why: RequestRefusal,
  message: string,
  encoding: Encoding | null,
  retryAfterS: number | null = null,
): Reply => {
  const { status, rpc } = CODES[why];
  const retryAfter = retryAfterS === null ? {} : { "retry-after": String(retryAfterS) };
  const fields = { code: rpc, message };
  return {
    status,
    headers: { "content-type": CONTENT_TYPES[encoding ?? "json"], ...HEADERS[why], ...retryAfter },
    body: encoding === "protobuf" ? encodeMessage("RpcStatus", fields) : JSON.stringify(fields),
  };
};

/** What is said while the store has not taken rows for so long that no more can be kept. */
export const SPOOL_FULL = "the spool is full: the store has not taken rows for a while; send again later";

type NotDurable = Exclude<AppendOutcome, { outcome: "durable" }>;

const NOT_DURABLE: Readonly<Record<NotDurable["outcome"], readonly [why: RequestRefusal, message: string]>> = {
  full: ["spool-full", SPOOL_FULL],
  failed: ["disk-failed", "the spool cannot be written; send again later"],
};

/** Why rows that could not be made durable are refused. */
export const whyNotDurable = ({ outcome }: NotDurable): RequestRefusal => NOT_DURABLE[outcome][0];

/** What is said when rows could not be made durable: send all of it again. */
export const spoolRefusal = (notDurable: NotDurable, encoding: Encoding): Reply => {
  const [why, message] = NOT_DURABLE[notDurable.outcome];
  return refusal(why, message, encoding);
};

/** Spans or log records that were refused although their request is accepted. */
export interface PartialSuccess {
  readonly rejected: number;
  /** What OTLP/JSON calls the count; in protobuf the answers to both signals have the same fields. */
  readonly member: "rejectedSpans" | "rejectedLogRecords";
  readonly errorMessage: string;
}

/** What was refused of a request, by reason; null when nothing was. */
export const partialSuccess = (
  member: PartialSuccess["member"],
  refused: ReadonlyMap<string, number>,
): PartialSuccess | null => {
  if (refused.size === 0) return null;
  const rejected = [...refused.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [...refused].map(([reason, count]) => `${count} ${reason}`).join(", ");
  const what = member === "rejectedSpans" ? "spans" : "log records";
  return { rejected, member, errorMessage: `refused ${what}: ${reasons}` };
};

/** Success, with what was refused of it; an empty message when nothing was. */
export const success = (encoding: Encoding, partial: PartialSuccess | null): Reply => {
  const headers = { "content-type": CONTENT_TYPES[encoding] };
  if (encoding === "protobuf") {
    const { rejected: rejectedSpans, errorMessage } = partial ?? { rejected: 0, errorMessage: "" };
    const fields = partial === null ? {} : { partialSuccess: { rejectedSpans, errorMessage } };
    return { status: 200, headers, body: encodeMessage("ExportTraceServiceResponse", fields) };
  }
  // OTLP/JSON writes 64-bit integers as text
  const fields =
    partial === null
      ? {}
      : { partialSuccess: { [partial.member]: String(partial.rejected), errorMessage: partial.errorMessage } };
  return { status: 200, headers, body: JSON.stringify(fields) };
};
