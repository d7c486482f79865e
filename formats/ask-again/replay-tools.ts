import { spelledArguments } from "../../features/pairs/spelled-arguments.ts";
import type { ServedToolCall } from "./served-run.ts";

/** The result that a served run has for a call of this tool with these arguments (JSON); null where it has none. */
export type ReplayTool = (name: string, args: string) => string | null;

/**
 * Answers the tool calls of another run with the results of a served one: by the tool's name and its arguments, whatever their
 * order and spelling. A call that was made several times gets its results one after the other, and the last of them from then on.
 */
export const createReplay = (served: readonly ServedToolCall[]): ReplayTool => {
  const keyOf = (name: string, args: string): string => `${name}\n${spelledArguments(args)}`;
  const results = new Map<string, string[]>();
  for (const call of served) {
    if (call.result === null) continue;
    const key = keyOf(call.name, call.arguments);
    results.set(key, [...(results.get(key) ?? []), call.result]);
  }
  return (name, args) => {
    const left = results.get(keyOf(name, args));
    if (left === undefined) return null;
    return (left.length > 1 ? left.shift() : left[0]) ?? null;
  };
};
