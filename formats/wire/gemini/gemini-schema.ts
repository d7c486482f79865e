import { isRecord } from "../../../features/is-record.ts";

/** Nesting beyond this is left as it is. */
const MAX_DEPTH = 32;

/** Members whose values are schemas, lists of schemas, or schemas by name. */
const ONE = ["items", "additionalProperties", "not"];
const MANY = ["anyOf", "oneOf", "allOf", "prefixItems"];
const NAMED = ["properties", "$defs"];

const typeOf = (type: string, nullable: boolean): string | string[] =>
  nullable ? [type.toLowerCase(), "null"] : type.toLowerCase();

/**
 * Gemini's own schema dialect (OpenAPI's, with types in capitals and `nullable`) as JSON Schema. What is JSON Schema
 * already stays the same.
 */
export const geminiSchema = (schema: unknown, depth = 0): unknown => {
  if (!isRecord(schema) || depth > MAX_DEPTH) return schema;
  const inner = (value: unknown): unknown => geminiSchema(value, depth + 1);
  const entries = Object.entries(schema).map(([name, value]) => {
    if (name === "type" && typeof value === "string") return [name, typeOf(value, schema.nullable === true)];
    if (ONE.includes(name)) return [name, inner(value)];
    if (MANY.includes(name) && Array.isArray(value)) return [name, value.map(inner)];
    if (NAMED.includes(name) && isRecord(value)) {
      return [name, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one)]))];
    }
    return [name, value];
  });
  return Object.fromEntries(entries);
};
