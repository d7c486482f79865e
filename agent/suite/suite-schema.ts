import { z } from "zod";
import { REQUEST_SHAPE } from "../replay/corpus-schema.ts";
import type { CaseKind, CheckKey, SuiteHead, WrittenCase, WrittenCheck, WrittenRequest } from "./suite.ts";

const text = z.string().min(1);
const texts = z.union([text, z.array(text).min(1)]);

/** Keys of which a check has exactly one. */
export const CHECK_KEYS: readonly CheckKey[] = [
  "equals",
  "contains",
  "containsAny",
  "notContains",
  "regex",
  "notRegex",
  "range",
  "exists",
  "schema",
  "keyPaths",
  "tool",
  "sameAsBaseline",
  "javascript",
  "refusal",
];

const side = z.enum(["answers", "refuses", "as-baseline"]);

const isPattern = (source: string): boolean => {
  try {
    return new RegExp(source, "u") instanceof RegExp;
  } catch {
    return false;
  }
};

const pattern = text.refine(isPattern, { message: "no regular expression; expected one of JavaScript, with flag u" });

/** A path as `valueAt` reads it. */
const path = z.string().regex(/^\$(?:\.[^.[\]\s]+|\[(?:\d+|-\d+|\*|'[^']*'|"[^"]*")\])*$/, {
  message: "no path; expected one like $.items[0].name, $.items[*].id or $['a key']",
});

const check: z.ZodType<WrittenCheck> = z
  .strictObject({
    ...{ path: path.optional(), ignoreCase: z.boolean().optional(), equals: z.unknown().optional() },
    ...{ contains: texts.optional(), containsAny: z.array(text).min(1).optional(), notContains: texts.optional() },
    ...{ regex: pattern.optional(), notRegex: pattern.optional(), exists: z.boolean().optional() },
    range: z
      .strictObject({ min: z.number().optional(), max: z.number().optional() })
      .refine(({ min, max }) => min !== undefined || max !== undefined, { message: "empty; expected min, max or both" })
      .optional(),
    schema: z.union([text, z.record(z.string(), z.unknown())]).optional(),
    ...{ keyPaths: z.literal("baseline").optional(), sameAsBaseline: z.literal(true).optional() },
    tool: z.strictObject({ name: text, arguments: z.record(z.string(), z.unknown()).optional() }).optional(),
    ...{ javascript: text.optional(), refusal: side.optional() },
  })
  .refine((written) => CHECK_KEYS.filter((key) => Object.hasOwn(written, key)).length === 1, {
    message: `not one check; expected exactly one of ${CHECK_KEYS.join(", ")}`,
    // A key that is unknown says enough.
    when: ({ issues }) => issues.length === 0,
  })
  .refine(({ path: at, exists }) => exists === undefined || at !== undefined, {
    message: "exists without path; expected the path that is to be there",
  });

const parameters = Object.fromEntries(Object.entries(REQUEST_SHAPE).filter(([key]) => key !== "messages"));

/** The parameters of a request that cases share. */
export const defaultsSchema: z.ZodType<WrittenRequest> = z.strictObject(parameters) as z.ZodType<WrittenRequest>;

const KINDS = [
  ...["format", "invariant", "refusal", "known-failure", "multi-turn", "classification", "extraction"],
] as const as readonly CaseKind[];

/** Id without what reports could take for their own: text of one line. */
const id = z.string().trim().min(1).max(200);

/** What a kind of case needs beside what all have; null = nothing is missing. */
const MISSING: Readonly<Record<CaseKind, (written: WrittenCase) => string | null>> = {
  format: () => null,
  invariant: () => null,
  refusal: () => null,
  "known-failure": ({ incident }) =>
    incident === undefined ? "incident: missing; expected where it comes from" : null,
  "multi-turn": ({ turns }) => (turns === undefined ? "turns: missing; expected what the user says, in a list" : null),
  classification: ({ labels, examples }) =>
    labels === undefined || examples === undefined
      ? "labels or examples: missing; expected the labels, and a file of { input, label } a line"
      : null,
  extraction: ({ examples }) =>
    examples === undefined ? "examples: missing; expected a file of { input, fields } a line" : null,
};

/** Kinds whose examples say what is expected. */
const IS_LABELLED: ReadonlySet<CaseKind> = new Set(["classification", "extraction"]);

const problemOf = (written: WrittenCase): string | null => {
  const { kind, prompt, messages, turns, expect, answeredBy } = written;
  const missing = MISSING[kind](written);
  if (missing !== null) return missing;
  if (prompt !== undefined && messages !== undefined) return "prompt and messages; expected one of them";
  if (prompt === undefined && messages === undefined && turns === undefined)
    return "nothing is asked; expected prompt, messages or turns";
  if (prompt !== undefined && turns !== undefined) return "prompt and turns; expected the prompt as the first turn";
  if (answeredBy !== undefined && turns === undefined) return "answeredBy without turns; expected turns";
  if (expect === undefined && !IS_LABELLED.has(kind)) return "expect: missing; expected a list of checks";
  return null;
};

/** A case. */
export const caseSchema: z.ZodType<WrittenCase> = z
  .strictObject({
    ...REQUEST_SHAPE,
    ...{ id, kind: z.enum(KINDS), task: id.optional(), incident: text.optional(), prompt: text.optional() },
    ...{ turns: z.array(text).min(1).max(50).optional(), answeredBy: z.enum(["itself", "other"]).optional() },
    ...{ labels: z.array(text).min(2).optional(), examples: text.optional(), path: path.optional() },
    expect: z.union([side, z.array(check).min(1)]).optional(),
  })
  .superRefine((written, context) => {
    const problem = problemOf(written as WrittenCase);
    if (problem !== null) context.addIssue({ code: "custom", message: problem, path: [] });
  }) as z.ZodType<WrittenCase>;

const model = z.strictObject({
  ...{ model: text, provider: text.optional(), baseUrl: text.optional(), keyEnv: text.optional() },
});

const head = {
  suite: id,
  margin: z.union([z.string(), z.number()]).optional(),
  models: z.strictObject({ baseline: model, candidate: model }).optional(),
  defaults: defaultsSchema.optional(),
};

/** A suite, whose cases are looked at one by one. */
export const headSchema: z.ZodType<SuiteHead> = z.strictObject({ ...head, cases: z.array(z.unknown()) });

/** The JSON Schema of a suite's file, for editors. */
export const suiteJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(z.strictObject({ ...head, cases: z.array(caseSchema) }), { unrepresentable: "any", io: "input" }),
  $id: "https://leeway.dev/schemas/suite.schema.json",
  title: "A regression suite of Leeway",
});
