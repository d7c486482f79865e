import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { LeewayError } from "../../core/errors.ts";
import { printableLine } from "../../core/printable.ts";
import { shortText } from "../../core/short-text.ts";

/** One thing wrong with a configuration file: where, what, and what was expected. */
export interface Problem {
  readonly file: string;
  /** Path inside the document, e.g. `rules[2].unit`; empty for the document itself. */
  readonly path: string;
  /** `problem; expected …` */
  readonly text: string;
}

/** `migrations/a.yaml: rules[2].unit: missing; expected …`, on one line whatever a key or a file is called. */
export const formatProblem = ({ file, path, text }: Problem): string =>
  printableLine([file, path, text].filter((part) => part !== "").join(": "));

/** One error for all problems of a configuration, a line each. */
export const configInvalid = (problems: readonly Problem[]): LeewayError =>
  new LeewayError("config-invalid", problems.map(formatProblem).join("\n"));

const formatPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");

/** The known name nearest to `name`, if it is near enough to be what was meant. */
export const nearest = (name: string, known: readonly string[]): string | null => {
  const [best] = known.map((each) => [each, distance(name, each)] as const).sort((a, b) => a[1] - b[1]);
  if (best === undefined) return null;
  const [near, edits] = best;
  // Two letters swapped are two edits.
  return edits <= (near.length < 4 ? 1 : Math.max(2, Math.floor(near.length / 3))) ? near : null;
};

/** Longer names are not repeated in full. */
const MAX_SHOWN = 100;

/** `unknown name "latencyms"; did you mean "latency_ms"?`, or the list of what is known. */
export const unknownName = (what: string, name: string, known: readonly string[]): string => {
  const hint = nearest(name, known);
  const expected = hint === null ? `one of ${known.join(", ")}` : `"${hint}"?`;
  return `unknown ${what} ${JSON.stringify(shortText(name, MAX_SHOWN))}; ${hint === null ? "expected" : "did you mean"} ${expected}`;
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key], input);

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys with values",
  record: "keys with values",
};

/** What was found, without repeating it: the value may be a secret in the wrong place. */
const foundAt = (input: unknown, path: readonly PropertyKey[]): string => {
  const value = valueAt(input, path);
  if (value === undefined) return "missing";
  if (value === null) return "empty";
  const type = Array.isArray(value) ? "array" : typeof value;
  return `is ${TYPES[type] ?? type}`;
};

const expectedIn = (issue: z.core.$ZodIssue): string => {
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  return issue.code === "invalid_type" ? (TYPES[issue.expected] ?? issue.expected) : "";
};

const describeSize = (issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string => {
  const unit = { string: " characters", array: " entries" }[issue.origin as string] ?? "";
  if (issue.code === "too_big") {
    return `too ${unit === "" ? "large" : "long"}; expected ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${unit}`;
  }
  if (unit !== "" && issue.minimum === 1)
    return `empty; expected ${unit === " entries" ? "at least one entry" : "text"}`;
  return `too ${unit === "" ? "small" : "short"}; expected ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${unit}`;
};

const describeValue = (issue: z.core.$ZodIssueInvalidValue, input: unknown): string => {
  const value = valueAt(input, issue.path);
  const known = issue.values.map(String);
  return typeof value === "string"
    ? unknownName("value", value, known)
    : `${foundAt(input, issue.path)}; expected one of ${known.join(", ")}`;
};

const describe = (issue: z.core.$ZodIssue, input: unknown): string => {
  if (issue.code === "invalid_type") return `${foundAt(input, issue.path)}; expected ${expectedIn(issue)}`;
  if (issue.code === "invalid_value") return describeValue(issue, input);
  if (issue.code === "too_small" || issue.code === "too_big") return describeSize(issue);
  return issue.message.includes("; expected ") ? issue.message : `not usable; ${issue.message}`;
};

const isAboutWhole = (issue: z.core.$ZodIssue): boolean =>
  issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");

/** The problems of the one alternative that has the right type; else one problem that lists the alternatives. */
const unionProblems = (
  issue: z.core.$ZodIssueInvalidUnion,
  input: unknown,
  file: string,
  keys: KnownKeys,
): readonly Problem[] => {
  const meant = issue.errors.find((issues) => !issues.some(isAboutWhole));
  if (meant !== undefined) {
    return meant.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }, input, file, keys));
  }
  if (issue.errors.length === 0) return [{ file, path: formatPath(issue.path), text: issue.message }];
  const value = valueAt(input, issue.path);
  const found = typeof value === "string" ? JSON.stringify(value) : foundAt(input, issue.path);
  const expected = issue.errors.flatMap((issues) => issues.filter(isAboutWhole).map(expectedIn)).join(" or ");
  return [{ file, path: formatPath(issue.path), text: `${found}; expected ${expected}` }];
};

/** Problems of one zod issue; every unknown key is a problem of its own, with the nearest known key. */
const toProblems = (issue: z.core.$ZodIssue, input: unknown, file: string, keys: KnownKeys): readonly Problem[] => {
  if (issue.code === "invalid_union") return unionProblems(issue, input, file, keys);
  if (issue.code !== "unrecognized_keys") {
    return [{ file, path: formatPath(issue.path), text: describe(issue, input) }];
  }
  const known = keys(valueAt(input, issue.path), issue.path);
  return issue.keys.map((key) => ({
    file,
    path: formatPath([...issue.path, key]),
    text: known.length > 0 ? unknownName("key", key, known) : `unknown key ${JSON.stringify(key)}; expected none here`,
  }));
};

/** The keys that are allowed in `found`, which stands at `path`; empty where that is not known. */
export type KnownKeys = (found: unknown, path: readonly PropertyKey[]) => readonly string[];

type Def = {
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
};

const defOf = (schema: z.ZodType | undefined): Def => (schema?.def ?? {}) as Def;

const unwrap = (schema: z.ZodType | undefined): z.ZodType | undefined => {
  const { innerType } = defOf(schema);
  return innerType === undefined ? schema : unwrap(innerType);
};

const stepInto = (schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined => {
  const { shape, element, valueType, options } = defOf(schema);
  if (options !== undefined)
    return options.map((each) => stepInto(unwrap(each), key)).find((each) => each !== undefined);
  return unwrap(typeof key === "number" ? element : (shape?.[String(key)] ?? valueType));
};

/** The keys of a strict object's schema, or of the objects among alternatives; empty for any other schema. */
export const keysOf = (schema: z.ZodType): readonly string[] => {
  const { shape, options } = defOf(unwrap(schema));
  return options === undefined ? Object.keys(shape ?? {}) : options.flatMap(keysOf);
};

/** Walks a schema along a path and lists the keys of the object found there. */
const knownKeysOf =
  (schema: z.ZodType): KnownKeys =>
  (_found, path) => {
    const at = path.reduce<z.ZodType | undefined>(stepInto, unwrap(schema));
    return at === undefined ? [] : keysOf(at);
  };

/**
 * Parses `input` with `schema`; the result, or one problem per mistake. `keys` helps where the schema itself does not
 * show which keys an object may have.
 */
export const parseWith = <T>(
  schema: z.ZodType<T>,
  input: unknown,
  file: string,
  keys: KnownKeys = () => [],
): { readonly value: T } | { readonly problems: readonly Problem[] } => {
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  const shown = knownKeysOf(schema);
  const known: KnownKeys = (found, path) => {
    const inSchema = shown(found, path);
    return inSchema.length > 0 ? inSchema : keys(found, path);
  };
  return { problems: result.error.issues.flatMap((issue) => toProblems(issue, input, file, known)) };
};
