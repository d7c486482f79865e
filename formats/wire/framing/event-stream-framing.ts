import { parseObject, textOf } from "../../json/read-json.ts";
import type { Framing, MessageReader } from "../wire-format.ts";

/** Lengths and their checksum before the headers, and the checksum after the payload. */
const PRELUDE = 12;
const CHECKSUM = 4;

/** AWS's own limit of a message is 24 MiB; beyond it what is read are no lengths. */
const MAX_MESSAGE = 24 * 1024 * 1024;

/** Bytes of a header's value by its type; -1 = a length of two bytes comes first. */
const VALUE_BYTES: readonly number[] = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];
const STRING = 7;

const decoder = new TextDecoder();

/** The headers of a message that are strings. */
const readHeaders = (bytes: Uint8Array): Readonly<Record<string, string>> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Record<string, string> = {};
  for (let at = 0; at + 2 < bytes.length; ) {
    const nameEnd = at + 1 + view.getUint8(at);
    if (nameEnd + 3 > bytes.length) break;
    const type = view.getUint8(nameEnd);
    const fixed = VALUE_BYTES[type] ?? 0;
    const start = nameEnd + (fixed === -1 ? 3 : 1);
    const end = start + (fixed === -1 ? view.getUint16(nameEnd + 1) : fixed);
    if (type === STRING)
      found[decoder.decode(bytes.subarray(at + 1, nameEnd))] = decoder.decode(bytes.subarray(start, end));
    at = end;
  }
  return found;
};

/**
 * A message as JSON text: `{ "<event type>": payload }`, exceptions alike. A `chunk` holds base64 of a document of the
 * model's own; that document is the message then.
 */
const messageOf = (headers: Readonly<Record<string, string>>, payload: string): string | null => {
  const type = headers[":event-type"] ?? headers[":exception-type"] ?? "";
  if (type === "chunk") return Buffer.from(textOf(parseObject(payload)?.bytes), "base64").toString("utf8");
  return /^\w{1,64}$/.test(type) ? `{"${type}":${payload}}` : null;
};

/** AWS's event stream encoding (`application/vnd.amazon.eventstream`), in which Bedrock streams. */
export const createEventStreamFraming = (): Framing => {
  let unread = new Uint8Array(0);
  const take = (reader: MessageReader): void => {
    const view = new DataView(unread.buffer, unread.byteOffset, unread.byteLength);
    let at = 0;
    while (at + PRELUDE <= unread.length) {
      const total = view.getUint32(at);
      const headersEnd = at + PRELUDE + view.getUint32(at + 4);
      const end = at + total;
      if (total > MAX_MESSAGE || headersEnd > end - CHECKSUM) {
        at = unread.length;
      } else if (end > unread.length) break;
      else {
        const payload = decoder.decode(unread.subarray(headersEnd, end - CHECKSUM));
        const message = messageOf(readHeaders(unread.subarray(at + PRELUDE, headersEnd)), payload);
        if (message !== null) reader.message(message);
        at = end;
      }
    }
    unread = unread.slice(at);
  };
  return {
    push: (bytes, reader) => {
      const joined = new Uint8Array(unread.length + bytes.length);
      joined.set(unread);
      joined.set(bytes, unread.length);
      unread = joined;
      take(reader);
    },
    end: () => {},
  };
};
