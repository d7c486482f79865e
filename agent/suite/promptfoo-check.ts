import { isRecord } from "../../features/is-record.ts";
import type { WrittenCheck } from "./suite.ts";

/** A check that stands for an assertion of promptfoo's, or why none does. */
export type Translated = { readonly check: WrittenCheck } | { readonly left: string };

type Translate = (value: unknown) => Translated;

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : String(value ?? "").split(",")).map((each) => String(each).trim());

const said =
  (check: (value: unknown) => WrittenCheck): Translate =>
  (value) => ({ check: check(value) });

const left =
  (why: string): Translate =>
  () => ({ left: why });

const JUDGE =
  "a model judges it; expected a check of what can be said, or a judge in the shadow (docs/shadow-pairs.md)";
const MEASURED = "it is measured, not checked; leeway compare and rules of a migration hold it against the baseline";
const CODE = "write it as a function in a file: javascript: file.mjs";

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const json: Translate = (value) => ({ check: isRecord(value) ? { schema: value } : { path: "$", exists: true } });

const javascript: Translate = (value) => {
  const [, file] = /^file:\/\/([^:]+\.(?:mjs|js|cjs))$/.exec(String(value)) ?? [];
  return file === undefined ? { left: CODE } : { check: { javascript: file } };
};

const TYPES: Readonly<Record<string, Translate>> = {
  equals: said((value) => ({ equals: value })),
  contains: said((value) => ({ contains: String(value) })),
  icontains: said((value) => ({ contains: String(value), ignoreCase: true })),
  "contains-all": said((value) => ({ contains: texts(value) })),
  "icontains-all": said((value) => ({ contains: texts(value), ignoreCase: true })),
  "contains-any": said((value) => ({ containsAny: texts(value) })),
  "icontains-any": said((value) => ({ containsAny: texts(value), ignoreCase: true })),
  "not-contains": said((value) => ({ notContains: String(value) })),
  "not-icontains": said((value) => ({ notContains: String(value), ignoreCase: true })),
  "not-contains-any": said((value) => ({ notContains: texts(value) })),
  "not-icontains-any": said((value) => ({ notContains: texts(value), ignoreCase: true })),
  regex: said((value) => ({ regex: String(value) })),
  "not-regex": said((value) => ({ notRegex: String(value) })),
  "starts-with": said((value) => ({ regex: `^${escaped(String(value))}` })),
  "not-starts-with": said((value) => ({ notRegex: `^${escaped(String(value))}` })),
  ...{ "is-json": json, "contains-json": json, javascript },
  "is-refusal": said(() => ({ refusal: "refuses" })),
  "not-is-refusal": said(() => ({ refusal: "answers" })),
  ...Object.fromEntries(
    [
      "llm-rubric",
      "model-graded-closedqa",
      "model-graded-factuality",
      "factuality",
      "g-eval",
      "similar",
      "answer-relevance",
    ]
      .concat([
        "context-faithfulness",
        "context-recall",
        "context-relevance",
        "classifier",
        "moderation",
        "select-best",
      ])
      .map((type) => [type, left(JUDGE)]),
  ),
  ...Object.fromEntries(["latency", "cost", "perplexity", "perplexity-score"].map((type) => [type, left(MEASURED)])),
  ...Object.fromEntries(["python", "ruby", "webhook"].map((type) => [type, left(CODE)])),
};

/** The check of an assertion's type and value. */
export const promptfooCheck = (type: string, value: unknown): Translated =>
  Object.hasOwn(TYPES, type)
    ? (TYPES[type]?.(value) ?? { left: CODE })
    : { left: `no check of a suite is like it; ${CODE}` };
