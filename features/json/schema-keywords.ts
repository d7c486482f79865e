import { isRecord } from "../is-record.ts";
import type { Validity } from "./validity.ts";

type Schema = Readonly<Record<string, unknown>>;
/** Checks one keyword of a schema. */
export type Keyword = (schema: Schema, value: unknown) => Validity;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: isRecord,
};

const said = (holds: boolean): Validity => (holds ? "valid" : "invalid");

const type: Keyword = (schema, value) => {
  const names = (Array.isArray(schema.type) ? schema.type : [schema.type]).map((name) => String(name).toLowerCase());
  if (names.some((name) => Object.hasOwn(TYPES, name) && TYPES[name]?.(value))) return "valid";
  return names.every((name) => Object.hasOwn(TYPES, name)) ? "invalid" : "unknown";
};

/** Longest list that is compared. */
const MAX_ENTRIES = 1000;

/** Deep equality; the work is bounded by `entry`, which is part of the schema. */
const equals = (entry: unknown, value: unknown): boolean => {
  if (entry === value) return true;
  if (Array.isArray(entry) && Array.isArray(value))
    return entry.length === value.length && entry.every((each, at) => equals(each, value[at]));
  if (!isRecord(entry) || !isRecord(value)) return false;
  const names = Object.keys(entry);
  return (
    names.length === Object.keys(value).length &&
    names.every((name) => Object.hasOwn(value, name) && equals(entry[name], value[name]))
  );
};

const oneOfValues: Keyword = (schema, value) => {
  if (Object.hasOwn(schema, "const")) return said(equals(schema.const, value));
  if (!Array.isArray(schema.enum)) return "valid";
  return schema.enum.length > MAX_ENTRIES ? "unknown" : said(schema.enum.some((entry) => equals(entry, value)));
};

const numberOf = (schema: Schema, name: string): number | null => {
  const limit = schema[name];
  // Gemini writes the bounds of lengths as text.
  if (typeof limit === "string" && /^\d{1,9}$/.test(limit)) return Number(limit);
  return typeof limit === "number" ? limit : null;
};

/** A keyword that bounds one quantity of a value; quantities a value does not have are not bounded. */
const bound =
  (
    name: string,
    quantity: (value: unknown) => number | null,
    holds: (size: number, limit: number) => boolean,
  ): Keyword =>
  (schema, value) => {
    const limit = numberOf(schema, name);
    const size = limit === null ? null : quantity(value);
    return limit === null || size === null ? "valid" : said(holds(size, limit));
  };

const amount = (value: unknown): number | null => (typeof value === "number" ? value : null);
const textLength = (value: unknown): number | null => (typeof value === "string" ? [...value].length : null);
const itemCount = (value: unknown): number | null => (Array.isArray(value) ? value.length : null);
const memberCount = (value: unknown): number | null => (isRecord(value) ? Object.keys(value).length : null);

const atLeast = (size: number, limit: number): boolean => size >= limit;
const atMost = (size: number, limit: number): boolean => size <= limit;
const isMultiple = (size: number, limit: number): boolean =>
  limit > 0 && Math.abs(size / limit - Math.round(size / limit)) < 1e-9;

/** Keywords that assert something we do not check. */
const UNCHECKED = [
  ...["pattern", "not", "if", "patternProperties", "propertyNames", "contains", "uniqueItems", "dependencies"],
  ...["dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef"],
] as const;

const unchecked: Keyword = (schema) =>
  UNCHECKED.some((name) => schema[name] !== undefined && schema[name] !== false) ? "unknown" : "valid";

/** Keywords that look at one value without going deeper, by name. */
const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ["type", type],
  ["enum", oneOfValues],
  ["const", oneOfValues],
  ["minimum", bound("minimum", amount, atLeast)],
  ["maximum", bound("maximum", amount, atMost)],
  ["exclusiveMinimum", bound("exclusiveMinimum", amount, (size, limit) => size > limit)],
  ["exclusiveMaximum", bound("exclusiveMaximum", amount, (size, limit) => size < limit)],
  ["multipleOf", bound("multipleOf", amount, isMultiple)],
  ["minLength", bound("minLength", textLength, atLeast)],
  ["maxLength", bound("maxLength", textLength, atMost)],
  ["minItems", bound("minItems", itemCount, atLeast)],
  ["maxItems", bound("maxItems", itemCount, atMost)],
  ["minProperties", bound("minProperties", memberCount, atLeast)],
  ["maxProperties", bound("maxProperties", memberCount, atMost)],
  ...UNCHECKED.map((name) => [name, unchecked] as const),
]);

/** The checks that a schema's own keywords ask for. */
export const keywordsOf = (schema: Schema): readonly Keyword[] =>
  Object.keys(schema).flatMap((name) => KEYWORDS.get(name) ?? []);
