/** A message whose fields are not known to be well formed yet. */
export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const noMessage = (path: string): Error => new Error(`${path}: not a message; expected an object`);

/** The message itself. Throws when `value` is none. */
export const rootFields = (value: unknown): Fields => {
  if (!isFields(value)) throw noMessage("body");
  return value;
};

const NONE: readonly Fields[] = [];

/** The messages of a repeated field; absent and null mean none. Throws when it is no list of messages. */
export const messagesIn = (fields: Fields, name: string): readonly Fields[] => {
  const value = fields[name];
  if (value === undefined || value === null) return NONE;
  if (!Array.isArray(value)) throw new Error(`${name}: not a list; expected an array`);
  const wrong = value.findIndex((entry) => !isFields(entry));
  if (wrong >= 0) throw noMessage(`${name}[${wrong}]`);
  return value;
};

/** A nested message; null when it is absent. Throws when it is no message. */
export const messageIn = (fields: Fields, name: string): Fields | null => {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (!isFields(value)) throw noMessage(name);
  return value;
};

/** A text field; empty when it is absent. Throws when it is no text. */
export const textIn = (fields: Fields, name: string): string => {
  const value = fields[name] ?? "";
  if (typeof value !== "string") throw new Error(`${name}: not text; expected a string`);
  return value;
};

interface LongLike {
  readonly high: number;
  readonly low: number;
}

const isLong = (value: unknown): value is LongLike =>
  typeof value === "object" && value !== null && "high" in value && "low" in value;

/**
 * The number in a 64-bit field: a protobuf Long, a JSON number or a JSON decimal string. Integers above 2^53 are
 * rounded to the nearest double, in both encodings alike. NaN when it is none of these.
 */
export const numberOf = (value: unknown): number => {
  if (typeof value === "number") return value;
  if (typeof value === "string") return value.trim() === "" ? Number.NaN : Number(value);
  // signed high word: right for int64, and for the fixed64 times of the next two centuries
  return isLong(value) ? value.high * 4294967296 + (value.low >>> 0) : Number.NaN;
};
