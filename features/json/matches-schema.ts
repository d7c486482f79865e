import { isRecord } from "../is-record.ts";
import { type Keyword, keywordsOf } from "./schema-keywords.ts";
import { all, both, type Check, type Validity } from "./validity.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Steps of one validation; a schema or an answer that needs more stays unknown. */
const MAX_STEPS = 5000;
const MAX_DEPTH = 64;

const POINTER_ESCAPES: Readonly<Record<string, string>> = { "~0": "~", "~1": "/" };

const decode = (part: string): string => part.replace(/~[01]/g, (mark) => POINTER_ESCAPES[mark] ?? mark);

/** What a local reference points to; undefined where it points elsewhere. */
const resolve = (root: unknown, reference: string): unknown => {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let at: unknown = root;
  for (const part of reference.slice(2).split("/").map(decode)) {
    if (!isRecord(at) || !Object.hasOwn(at, part)) return undefined;
    at = at[part];
  }
  return at;
};

/** Lists of a schema are walked for every value: sixteen entries count as a step. */
const stepsOf = (schema: unknown): number =>
  isRecord(schema) ? 1 + ((listOf(schema.enum).length + listOf(schema.required).length) >> 4) : 1;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const object = (schema: Schema, value: Schema, check: Check): Validity => {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = listOf(schema.required).every((name) => typeof name !== "string" || Object.hasOwn(value, name));
  if (!required) return "invalid";
  const rest = schema.additionalProperties ?? true;
  return all(Object.keys(value), (name) =>
    check(Object.hasOwn(properties, name) ? properties[name] : rest, value[name]),
  );
};

const array = (schema: Schema, value: readonly unknown[], check: Check): Validity => {
  const first = listOf(schema.prefixItems);
  const rest = schema.items ?? true;
  if (rest === true && first.length === 0) return "valid";
  const places = Array.from({ length: Math.min(value.length, MAX_STEPS + 1) }, (_, at) => at);
  return all(places, (at) => check(at < first.length ? first[at] : rest, value[at]));
};

const anyOf = (options: readonly unknown[], value: unknown, check: Check): Validity => {
  let outcome: Validity = "invalid";
  for (const option of options) {
    const found = check(option, value);
    if (found === "valid") return "valid";
    if (found === "unknown") outcome = "unknown";
  }
  return outcome;
};

const oneOf = (options: readonly unknown[], value: unknown, check: Check): Validity => {
  const found = options.map((option) => check(option, value));
  const valid = found.filter((each) => each === "valid").length;
  if (valid > 1) return "invalid";
  if (found.includes("unknown")) return "unknown";
  return valid === 1 ? "valid" : "invalid";
};

const composed = (schema: Schema, value: unknown, check: Check): Validity =>
  both(
    all(listOf(schema.allOf), (each) => check(each, value)),
    () =>
      both(Array.isArray(schema.anyOf) ? anyOf(schema.anyOf, value, check) : "valid", () =>
        Array.isArray(schema.oneOf) ? oneOf(schema.oneOf, value, check) : "valid",
      ),
  );

const inner = (schema: Schema, value: unknown, check: Check): Validity => {
  if (Array.isArray(value)) return array(schema, value, check);
  return isRecord(value) ? object(schema, value, check) : "valid";
};

/**
 * Whether a parsed JSON value matches a JSON Schema: true, false, or null where that cannot be said (a keyword outside
 * the subset below, a reference to elsewhere, more than 5000 steps or 64 levels). Known are the keywords providers
 * accept: type, enum, const, properties, required, additionalProperties, items, prefixItems, anyOf, oneOf, allOf, $ref
 * within the schema, and the bounds of numbers, texts, arrays and objects; also `nullable` and upper-case types
 * (Gemini). `format` is an annotation. `pattern` is unknown: a stranger's pattern may take for ever.
 */
export const matchesSchema = (root: unknown, answer: unknown): boolean | null => {
  let [steps, depth] = [0, 0];
  const known = new Map<Schema, readonly Keyword[]>();
  const keywords = (schema: Schema): readonly Keyword[] => {
    const found = known.get(schema) ?? keywordsOf(schema);
    known.set(schema, found);
    return found;
  };
  const checkSchema = (schema: unknown, value: unknown): Validity => {
    if (schema === false) return "invalid";
    if (!isRecord(schema)) return "unknown";
    if (value === null && schema.nullable === true) return "valid";
    const target = typeof schema.$ref === "string" ? resolve(root, schema.$ref) : null;
    const own = both(
      all(keywords(schema), (keyword) => keyword(schema, value)),
      () => inner(schema, value, check),
    );
    return both(own, () =>
      both(target === null ? "valid" : check(target, value), () => composed(schema, value, check)),
    );
  };
  const check: Check = (schema, value) => {
    if (schema === true) return "valid";
    steps += stepsOf(schema);
    if (steps > MAX_STEPS || depth >= MAX_DEPTH) return "unknown";
    depth += 1;
    const found = checkSchema(schema, value);
    depth -= 1;
    return found;
  };
  const outcome = check(root, answer);
  return outcome === "unknown" ? null : outcome === "valid";
};
