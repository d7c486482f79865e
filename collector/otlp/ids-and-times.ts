import { type Fields, numberOf, textIn } from "./fields.ts";

/** An id field: bytes in protobuf and hexadecimal text in OTLP/JSON, here always lower-case text. */
export const idIn = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex");
  // an unset bytes field of a decoded protobuf message reads as an empty array through the prototype
  return Array.isArray(value) ? "" : textIn(fields, name).toLowerCase();
};

/**
 * A time field in epoch ms, NaN when it is absent. Microseconds are as fine as a double can be at today's epoch;
 * further digits would be noise.
 */
export const millisIn = (fields: Fields, name: string): number => {
  const nanos = Object.hasOwn(fields, name) ? numberOf(fields[name]) : Number.NaN;
  return Math.round(nanos / 1e3) / 1e3;
};
