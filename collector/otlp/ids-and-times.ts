import { type Fields, numberOf, textIn } from "./fields.ts";

/** Digits of a trace id, the longest there is. */
const MAX_ID_CHARS = 32;

/** What stands for text that is longer than any id: nobody has to look at megabytes of it, or keep them. */
const NO_ID = "longer than an id";

/** An id field: bytes in protobuf and hexadecimal text in OTLP/JSON, here always lower-case text. */
export const idIn = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (value instanceof Uint8Array && value.length > MAX_ID_CHARS) return NO_ID;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex");
  // an unset bytes field of a decoded protobuf message reads as an empty array through the prototype
  const text = Array.isArray(value) ? "" : textIn(fields, name);
  return text.length > MAX_ID_CHARS ? NO_ID : text.toLowerCase();
};

/**
 * A time field in epoch ms, NaN when it is absent. Microseconds are as fine as a double can be at today's epoch;
 * further digits would be noise.
 */
export const millisIn = (fields: Fields, name: string): number => {
  const nanos = Object.hasOwn(fields, name) ? numberOf(fields[name]) : Number.NaN;
  return Math.round(nanos / 1e3) / 1e3;
};
