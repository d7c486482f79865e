import { crc32 } from "node:zlib";
import { readRequest } from "./otlp-request.ts";
import type { OtlpSignal } from "./otlp-sender.ts";

/** What a file of the spool still holds. */
export interface SpooledLines {
  /** A request of what is whole; null where nothing can be sent. */
  readonly data: Uint8Array | null;
  /** Whole spans or log records. */
  readonly items: number;
}

const checked = (json: string): string => `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;

/** The JSON of a line; null where the line is damaged. */
const jsonOf = (line: string): string | null => (checked(line.slice(9)) === `${line}\n` ? line.slice(9) : null);

/**
 * A request as lines for a file: the request without its items, then each item, and before each line its CRC-32. A bit
 * that flips on disk then costs one span and is not sent as data. Null for anything but a request.
 */
export const toLines = (data: Uint8Array, signal: OtlpSignal): Uint8Array | null => {
  try {
    const { items, withItems } = readRequest(Buffer.from(data).toString("utf8"), signal);
    return Buffer.from([withItems([]), ...items.map((item) => JSON.stringify(item))].map(checked).join(""));
  } catch {
    return null;
  }
};

/** Reads what toLines made. Without a whole first line nobody knows whose the others are, and nothing is sent. */
export const fromLines = (content: Uint8Array, signal: OtlpSignal): SpooledLines => {
  const [first = "", ...others] = Buffer.from(content).toString("utf8").split("\n");
  const frame = jsonOf(first);
  const items = others.map(jsonOf).filter((json) => json !== null);
  if (frame === null || items.length === 0) return { data: null, items: 0 };
  const { withItems } = readRequest(frame, signal);
  return { data: Buffer.from(withItems(items.map((json): unknown => JSON.parse(json)))), items: items.length };
};
