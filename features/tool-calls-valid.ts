import type { ToolCall } from "./answer.ts";
import { isJson } from "./is-json.ts";

/**
 * Whether every tool call names a tool the request offered and has arguments that parse as JSON; null without tool
 * calls. Empty arguments are valid: models send them for tools without parameters.
 */
export const toolCallsValid = (calls: readonly ToolCall[], offered: readonly string[]): boolean | null =>
  calls.length === 0
    ? null
    : calls.every(({ name, arguments: text }) => offered.includes(name) && (text === "" || isJson(text)));
