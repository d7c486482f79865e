import { isRecord } from "../../features/is-record.ts";
import { objectOf } from "../json/read-json.ts";

/** A call of a tool as it was written; any of it may be missing, or something else. */
export interface WrittenCall {
  readonly id: unknown;
  readonly name: unknown;
  /** Text or an object. */
  readonly arguments: unknown;
}

/**
 * Reads a call of a tool as messages and spans hold it: below `function` or `custom` (chat completions), or bare, with
 * `arguments`, `args` or `input`.
 */
export const readToolCall = (call: unknown): WrittenCall => {
  const outer = objectOf(call);
  const nested = outer.function ?? outer.custom;
  const inner = isRecord(nested) ? nested : outer;
  return {
    id: outer.id,
    name: inner.name ?? inner.toolName,
    arguments: inner.arguments ?? inner.args ?? inner.input,
  };
};
