import { isRecord } from "../../features/is-record.ts";
import { equalScalars, spelling } from "../../features/pairs/equal-values.ts";
import type { SuiteAnswer } from "./answer.ts";
import { answerJson } from "./checks/answer-json.ts";
import { schema, tool } from "./checks/json-checks.ts";
import { standingDifference, standingsOf } from "./checks/key-paths.ts";
import { labelOf } from "./checks/label-of.ts";
import { refuses } from "./checks/refusal-check.ts";
import { asText, contains, containsAny, equals, notContains, range } from "./checks/text-checks.ts";
import { valuesAt } from "./checks/value-at.ts";
import { broken, holds, type Outcome, PASSED } from "./outcome.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Check, CheckKey, SuiteCase, WrittenCheck } from "./suite.ts";
import { CHECK_KEYS } from "./suite-schema.ts";

/** What a check may look at beside the answer. */
export interface JudgeContext {
  readonly suiteCase: SuiteCase;
  /** The baseline's answer of the same repetition; null = there is none. */
  readonly baseline: SuiteAnswer | null;
  readonly sandbox: Sandbox;
}

type Given = SuiteAnswer;
type Judge = (
  values: readonly unknown[],
  answer: Given,
  check: WrittenCheck,
  context: JudgeContext,
) => Outcome | Promise<Outcome>;

const NO_BASELINE = "the baseline has no answer to hold it against";

/** A check of a value, which each of several values at a path has to hold. */
const each =
  (judge: (value: unknown, check: WrittenCheck) => Outcome): Judge =>
  (values, _answer, check) => {
    if (values.length === 0) return holds(false, `${check.path ?? "answer"}: is not there`);
    return values.map((value) => judge(value, check)).find(({ is }) => is !== "passed") ?? PASSED;
  };

const regex =
  (key: "regex" | "notRegex"): Judge =>
  async (values, _answer, check, { sandbox }) => {
    if (values.length === 0) return holds(false, `${check.path ?? "answer"}: is not there`);
    for (const value of values) {
      const flags = check.ignoreCase === true ? "iu" : "u";
      const found = await sandbox.run({ is: "regex", source: check[key] ?? "", flags, text: asText(value) });
      if (found.is === "failed") return broken(`${key}: ${found.why}`);
      if (found.pass !== (key === "regex")) return holds(false, `${key}: ${found.pass ? "matches" : "does not match"}`);
    }
    return PASSED;
  };

const valuesOf = (answer: SuiteAnswer, { path, schema: wanted }: WrittenCheck): readonly unknown[] => {
  if (path === undefined && wanted === undefined) return answer.output === null ? [] : [answer.output];
  const json = answerJson(answer);
  return json === null ? [] : valuesAt(json.value, path ?? "$");
};

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length &&
  one.every((value, at) => equalScalars(value, other[at]) || spelling(value) === spelling(other[at]));

const sameAsBaseline: Judge = (values, answer, check, { baseline }) => {
  if (baseline === null) return broken(`sameAsBaseline: ${NO_BASELINE}`);
  if (baseline === answer) return PASSED;
  return holds(isSame(values, valuesOf(baseline, check)), `sameAsBaseline: ${check.path ?? "the answer"} is another`);
};

const keyPaths: Judge = (_values, answer, _check, { baseline }) => {
  const own = answerJson(answer);
  if (own === null) return holds(false, "keyPaths: the answer holds no JSON");
  const other = baseline === null ? null : answerJson(baseline);
  if (other === null) return broken(`keyPaths: ${NO_BASELINE}`);
  const difference = standingDifference(standingsOf(other.value), standingsOf(own.value));
  return holds(difference === null, `keyPaths: ${difference ?? ""}`);
};

const refusal: Judge = (_values, answer, check, { baseline }) => {
  const does = refuses(answer);
  if (does === null) return broken("refusal: the answer has no text");
  if (check.refusal !== "as-baseline")
    return holds(does === (check.refusal === "refuses"), `refusal: it ${does ? "refuses" : "answers"}`);
  const did = baseline === null ? null : refuses(baseline);
  if (did === null) return broken(`refusal: ${NO_BASELINE}`);
  return holds(
    does === did,
    `refusal: it ${does ? "refuses and the baseline answers" : "answers and the baseline refuses"}`,
  );
};

const javascript: Judge = async (_values, answer, check, { suiteCase, baseline, sandbox }) => {
  const context = {
    id: suiteCase.id,
    toolCalls: answer.toolCalls,
    finishReason: answer.finishReason,
    baseline: baseline?.output ?? null,
  };
  const found = await sandbox.run({ is: "javascript", file: check.javascript ?? "", output: answer.output, context });
  if (found.is === "failed") return broken(`javascript: ${found.why}`);
  return holds(found.pass, `javascript: ${found.reason === "" ? "says no" : found.reason}`);
};

const JUDGES: Readonly<Record<CheckKey, Judge>> = {
  equals: each(equals),
  contains: each(contains),
  containsAny: each(containsAny),
  notContains: each(notContains),
  regex: regex("regex"),
  notRegex: regex("notRegex"),
  range: each(range),
  exists: (values, _answer, { exists, path }) =>
    holds(values.length > 0 === exists, `exists: ${path ?? ""} is ${exists === true ? "not there" : "there"}`),
  schema: (values, answer, check, context) =>
    answerJson(answer) === null
      ? holds(false, "schema: the answer holds no JSON")
      : each(schema)(values, answer, check, context),
  keyPaths,
  tool: (_values, answer, check) => tool(answer, check),
  sameAsBaseline,
  javascript,
  refusal,
};

/** The fields of an example that an answer has right. */
export const rightFields = (
  answer: SuiteAnswer,
  { fields, path }: Extract<Check, { readonly is: "fields" }>,
): ReadonlySet<string> => {
  const json = answerJson(answer);
  const found = json === null ? undefined : valuesAt(json.value, path ?? "$")[0];
  const names = Object.keys(fields).filter(
    (name) => isRecord(found) && Object.hasOwn(found, name) && isSame([found[name]], [fields[name]]),
  );
  return new Set(names);
};

const judgeOne = (answer: SuiteAnswer, check: Check, context: JudgeContext): Outcome | Promise<Outcome> => {
  if (check.is === "label")
    return holds(labelOf(answer, check.labels, check.path) === check.label, "label: is another, or none");
  if (check.is === "fields") {
    const right = rightFields(answer, check);
    const wrong = Object.keys(check.fields).filter((name) => !right.has(name));
    return holds(wrong.length === 0, `fields: wrong or missing: ${wrong.join(", ")}`);
  }
  const { check: written } = check;
  const key = CHECK_KEYS.find((name) => Object.hasOwn(written, name)) ?? "equals";
  return JUDGES[key](valuesOf(answer, written), answer, written, context);
};

/** What all checks of a case say of an answer: the first failure, else the first that could not be said. */
export const judgeAnswer = async (answer: SuiteAnswer, context: JudgeContext): Promise<Outcome> => {
  let outcome: Outcome = PASSED;
  for (const check of context.suiteCase.checks) {
    const found = await judgeOne(answer, check, context);
    if (found.is === "failed") return found;
    if (found.is === "broken" && outcome.is === "passed") outcome = found;
  }
  return outcome;
};
