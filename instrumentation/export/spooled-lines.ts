import { crc32 } from "node:zlib";
import type { OtlpSignal } from "./otlp-sender.ts";

/** What a file of the spool still holds. */
export interface SpooledLines {
  /** A request of what is whole; null where nothing can be sent. */
  readonly data: Uint8Array | null;
  /** Whole spans or log records. */
  readonly items: number;
}

/** What stands before the items of a request. A text cannot hold it: its quotes have backslashes there. */
const LIST: Readonly<Record<OtlpSignal, string>> = { traces: '"spans":[', logs: '"logRecords":[' };

const [NEWLINE, QUOTE, COMMA, BACKSLASH] = [0x0a, 0x22, 0x2c, 0x5c];
const [LIST_OPEN, LIST_CLOSE, MAP_OPEN, MAP_CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where the text that begins at `at` ends: after its closing quote. */
const endOfText = (json: Buffer, at: number): number => {
  let end = at + 1;
  while (end < json.length && json[end] !== QUOTE) end += json[end] === BACKSLASH ? 2 : 1;
  return end + 1;
};

/** The values of the list whose first one begins at `begin`, and where the list ends; null where it does not. */
const valuesFrom = (
  json: Buffer,
  begin: number,
): { readonly values: readonly Buffer[]; readonly end: number } | null => {
  const values: Buffer[] = [];
  let [depth, from] = [0, begin];
  for (let at = begin; at < json.length; ) {
    const byte = json[at] ?? 0;
    const isClosing = byte === LIST_CLOSE || byte === MAP_CLOSE;
    if (depth === 0 && (byte === COMMA || isClosing)) {
      if (at > from) values.push(json.subarray(from, at));
      if (isClosing) return { values, end: at };
      from = at + 1;
    }
    if (isClosing) depth -= 1;
    else if (byte === LIST_OPEN || byte === MAP_OPEN) depth += 1;
    at = byte === QUOTE ? endOfText(json, at) : at + 1;
  }
  return null;
};

const hexOf = (json: Buffer): string => crc32(json).toString(16).padStart(8, "0");

const checked = (json: Buffer): readonly Buffer[] => [Buffer.from(`${hexOf(json)} `), json, Buffer.from("\n")];

/** The JSON of a line; null where the line is damaged. */
const jsonOf = (line: Buffer): Buffer | null => {
  const json = line.subarray(9);
  return line.toString("latin1", 0, 9) === `${hexOf(json)} ` ? json : null;
};

/**
 * A request, on one line, as lines for a file: the request without its items, then each item, and before each its
 * CRC-32. A bit that flips on disk then costs one span and is not sent as data. Null for anything but a request.
 */
export const toLines = (data: Uint8Array, signal: OtlpSignal): Uint8Array | null => {
  const json = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const at = json.indexOf(LIST[signal]);
  const begin = at + LIST[signal].length;
  const list = at === -1 || json.includes(NEWLINE) ? null : valuesFrom(json, begin);
  if (list === null) return null;
  const frame = Buffer.concat([json.subarray(0, begin), json.subarray(list.end)]);
  return Buffer.concat([frame, ...list.values].flatMap(checked));
};

const linesOf = (content: Buffer): readonly Buffer[] => {
  const lines: Buffer[] = [];
  for (let begin = 0; begin < content.length; ) {
    const newline = content.indexOf(NEWLINE, begin);
    const end = newline === -1 ? content.length : newline;
    lines.push(content.subarray(begin, end));
    begin = end + 1;
  }
  return lines;
};

/** Reads what toLines made. Without a whole first line nobody knows whose the others are, and nothing is sent. */
export const fromLines = (content: Uint8Array, signal: OtlpSignal): SpooledLines => {
  const [first, ...others] = linesOf(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
  const frame = first === undefined ? null : jsonOf(first);
  const items = others.map(jsonOf).filter((json) => json !== null);
  if (frame === null || items.length === 0) return { data: null, items: 0 };
  const begin = frame.indexOf(LIST[signal]) + LIST[signal].length;
  const comma = Buffer.from(",");
  const joined = items.flatMap((json, i) => (i === 0 ? [json] : [comma, json]));
  return { data: Buffer.concat([frame.subarray(0, begin), ...joined, frame.subarray(begin)]), items: items.length };
};
