import { isRecord } from "../../../features/is-record.ts";
import { matchesSchema } from "../../../features/json/matches-schema.ts";
import { spelling } from "../../../features/pairs/equal-values.ts";
import type { SuiteAnswer } from "../answer.ts";
import { broken, holds, type Outcome } from "../outcome.ts";
import type { WrittenCheck } from "../suite.ts";

const UNKNOWN_SCHEMA =
  "schema: it asks for what is not checked here (pattern, not, if, uniqueItems …), or is too large; expected a simpler one beside a regex";

/** `schema`: the value matches. */
export const schema = (value: unknown, check: WrittenCheck): Outcome => {
  const matches = matchesSchema(check.schema, value);
  return matches === null ? broken(UNKNOWN_SCHEMA) : holds(matches, "schema: does not match");
};

/** True where everything that is wanted is there; what is there beside it is left alone. */
const has = (value: unknown, wanted: unknown): boolean => {
  if (!isRecord(wanted)) return spelling(value) === spelling(wanted);
  return (
    isRecord(value) && Object.entries(wanted).every(([key, each]) => Object.hasOwn(value, key) && has(value[key], each))
  );
};

const argumentsOf = (text: string): unknown => {
  try {
    return JSON.parse(text === "" ? "{}" : text) as unknown;
  } catch {
    return undefined;
  }
};

/** `tool`: a tool was called, with these arguments among others. */
export const tool = ({ toolCalls }: SuiteAnswer, check: WrittenCheck): Outcome => {
  const { name = "", arguments: wanted = {} } = check.tool ?? {};
  const calls = toolCalls.filter((call) => call.name === name);
  if (calls.length === 0) return holds(false, `tool: ${name} was not called`);
  const isCalled = calls.some((call) => has(argumentsOf(call.arguments), wanted));
  return holds(isCalled, `tool: ${name} was called with other arguments`);
};
