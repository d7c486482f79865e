import { printableLine } from "./printable.ts";

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const convert = (value: unknown): unknown => {
  if (typeof value === "string") return printableLine(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(convert);
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [convert(key), convert(each)]));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [printableLine(key), convert(each)]));
};

/**
 * A copy of plain data whose every text is on one line and safe to print, for a renderer to lay out: no value of it can
 * look like a line of its own. Functions and instances of classes stay as they are.
 */
export const printableValues = <T>(value: T): T => convert(value) as T;
