import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { LeewayError } from "../../core/errors.ts";

/** One thing wrong with a configuration file: where, what, and what was expected. */
export interface Problem {
  readonly file: string;
  /** Path inside the document, e.g. `rules[2].unit`; empty for the document itself. */
  readonly path: string;
  /** `problem; expected …` */
  readonly text: string;
}

/** `migrations/a.yaml: rules[2].unit: missing; expected …` */
export const formatProblem = ({ file, path, text }: Problem): string =>
  [file, path, text].filter((part) => part !== "").join(": ");

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
  return best !== undefined && best[1] <= Math.max(1, Math.floor(best[0].length / 3)) ? best[0] : null;
};

/** `unknown name "latencyms"; did you mean "latency_ms"?`, or the list of what is known. */
export const unknownName = (what: string, name: string, known: readonly string[]): string => {
  const hint = nearest(name, known);
  const expected = hint === null ? `one of ${known.join(", ")}` : `"${hint}"?`;
  return `unknown ${what} ${JSON.stringify(name)}; ${hint === null ? "expected" : "did you mean"} ${expected}`;
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key], input);

const describeType = (issue: z.core.$ZodIssueInvalidType, input: unknown): string => {
  const value = valueAt(input, issue.path);
  const found = value === undefined ? "missing" : value === null ? "empty" : `is ${JSON.stringify(value).slice(0, 40)}`;
  return `${found}; expected ${issue.expected}`;
};

const describe = (issue: z.core.$ZodIssue, input: unknown): string => {
  switch (issue.code) {
    case "invalid_type":
      return describeType(issue, input);
    case "invalid_value": {
      const value = valueAt(input, issue.path);
      const known = issue.values.map(String);
      if (value === undefined) return `missing; expected one of ${known.join(", ")}`;
      return typeof value === "string" ? unknownName("value", value, known) : `expected one of ${known.join(", ")}`;
    }
    default:
      return issue.message;
  }
};

/** Problems of one zod issue; every unknown key is a problem of its own, with the nearest known key. */
const toProblems = (
  issue: z.core.$ZodIssue,
  input: unknown,
  file: string,
  knownKeys: KnownKeys,
): readonly Problem[] => {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => ({
      file,
      path: formatPath([...issue.path, key]),
      text:
        known.length > 0
          ? unknownName("key", key, known)
          : `unknown key ${JSON.stringify(key)}; expected it not to be here`,
    }));
  }
  return [{ file, path: formatPath(issue.path), text: describe(issue, input) }];
};

/** The keys a strict object at `path` knows; empty where that is not known. */
export type KnownKeys = (path: readonly PropertyKey[]) => readonly string[];

/** Walks a schema along a path and lists the keys of the object found there. */
export const knownKeysOf =
  (schema: z.ZodType): KnownKeys =>
  (path) => {
    type Def = {
      readonly shape?: Record<string, z.ZodType>;
      readonly element?: z.ZodType;
      readonly innerType?: z.ZodType;
      readonly valueType?: z.ZodType;
    };
    const unwrap = (each: z.ZodType | undefined): z.ZodType | undefined => {
      const inner = (each?.def as Def | undefined)?.innerType;
      return inner === undefined ? each : unwrap(inner);
    };
    let at = unwrap(schema);
    for (const key of path) {
      const def = at?.def as Def | undefined;
      at = unwrap(typeof key === "number" ? def?.element : (def?.shape?.[String(key)] ?? def?.valueType));
    }
    return Object.keys((at?.def as Def | undefined)?.shape ?? {});
  };

/** Parses `input` with `schema`; the result, or one problem per mistake. */
export const parseWith = <T>(
  schema: z.ZodType<T>,
  input: unknown,
  file: string,
): { readonly value: T } | { readonly problems: readonly Problem[] } => {
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  const knownKeys = knownKeysOf(schema);
  return { problems: result.error.issues.flatMap((issue) => toProblems(issue, input, file, knownKeys)) };
};
