import type { AskedFor, ToolCall } from "../answer.ts";
import { spelledArguments, writtenArguments } from "./spelled-arguments.ts";
import { toolToken } from "./tool-token.ts";

/** What the tool calls of two answers differ in. */
export interface ToolDifference {
  /** Calls of whichever made more; 0 = neither made any. */
  readonly compared: number;
  readonly equal: number;
  readonly codes: ReadonlySet<string>;
}

/** Calls looked at; a model that makes more of them repeats itself. */
const MAX_CALLS = 32;

/** How many entries two lists have in common, each as often as both have it. */
const shared = (a: readonly string[], b: readonly string[]): number => {
  const rest = [...b];
  return a.filter((each) => {
    const at = rest.indexOf(each);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  }).length;
};

const namesOf = (calls: readonly ToolCall[]): readonly string[] => calls.map(({ name }) => name);

const countCode = (served: number, other: number): string | null => {
  if (served === other) return null;
  if (other === 0) return "tool-lost";
  if (served === 0) return "tool-extra";
  return other < served ? "tool-fewer" : "tool-more";
};

/** Compares the first 32 tool calls of each answer, tool by tool, whatever the order of the calls. */
export const compareTools = (
  servedCalls: readonly ToolCall[],
  otherCalls: readonly ToolCall[],
  asked: AskedFor,
): ToolDifference => {
  const [served, other] = [servedCalls.slice(0, MAX_CALLS), otherCalls.slice(0, MAX_CALLS)];
  const codes = new Set<string>();
  let equal = 0;
  for (const name of new Set([...namesOf(served), ...namesOf(other)])) {
    const token = toolToken(name, asked.tools);
    const argumentsOf = (calls: readonly ToolCall[]) =>
      calls.filter((call) => call.name === name).map((call) => call.arguments);
    const [a, b] = [argumentsOf(served), argumentsOf(other)];
    const common = shared(a.map(spelledArguments), b.map(spelledArguments));
    equal += common;
    const counted = countCode(a.length, b.length);
    if (counted !== null) codes.add(`${counted}:${token}`);
    if (common < Math.min(a.length, b.length)) codes.add(`tool-arguments:${token}`);
    else if (shared(a.map(writtenArguments), b.map(writtenArguments)) < common) codes.add(`tool-spelling:${token}`);
  }
  const [a, b] = [namesOf(served), namesOf(other)];
  const isSame = a.length === b.length && shared(a, b) === a.length;
  if (isSame && a.some((name, at) => name !== b[at])) codes.add("tool-order");
  if (asked.toolRequired === true && served.length === 0 && other.length > 0) codes.add("tool-found");
  if (asked.toolRequired === true && served.length > 0 && other.length === 0) codes.add("tool-missing");
  return { compared: Math.max(served.length, other.length), equal, codes };
};
