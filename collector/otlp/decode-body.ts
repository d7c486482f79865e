import { messageOf } from "../../core/errors.ts";
import type { CutBody } from "./cut-body.ts";
import { cutJson } from "./cut-json.ts";
import { cutProtobuf } from "./cut-protobuf.ts";
import { BodyTooLarge } from "./decode-limits.ts";
import type { Encoding } from "./encoding.ts";
import { jsonBody } from "./json-body.ts";
import { protobufBody } from "./protobuf-body.ts";
import { readRecords } from "./read-records.ts";
import type { Signal } from "./signal.ts";

/** How decoding a request body ended. `problem` is one line and never quotes the body. */
export type Decoded =
  | { readonly outcome: "decoded" }
  | { readonly outcome: "malformed" | "too-large"; readonly problem: string };

function* cut(body: Uint8Array, encoding: Encoding, signal: Signal<unknown>): Generator<null, CutBody> {
  return encoding === "json"
    ? jsonBody(body, yield* cutJson(body, signal.limits))
    : protobufBody(body, yield* cutProtobuf(body, signal, signal.limits), signal.record);
}

/**
 * Decodes one request body: what it holds is counted before any of it is decoded, and it is decoded piece by piece. Both
 * encodings go through the same `read`, so they cannot differ in what they yield. Yields every record, and null where
 * the work may be interrupted: between two yields at most one piece is decoded. Which records are worth anything is
 * known at the end.
 */
export function* decodeBody<T extends object>(
  signal: Signal<T>,
  encoding: Encoding,
  body: Uint8Array,
): Generator<T | null, Decoded> {
  try {
    yield* readRecords(yield* cut(body, encoding, signal), signal);
    return { outcome: "decoded" };
  } catch (error) {
    const outcome = error instanceof BodyTooLarge ? "too-large" : "malformed";
    return { outcome, problem: `${signal.request}: ${messageOf(error)}` };
  }
}
