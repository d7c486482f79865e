import type { Dialect, Operation } from "../dialect.ts";
import type { DialectSpan } from "./attributes.ts";
import type { FieldReader } from "./field-reader.ts";
import { textOf } from "./values.ts";

/** Attributes of GenAI spans that contain calls and are none: tools, agents, workflows. */
const CONTAINERS = ["gen_ai.tool.name", "gen_ai.agent.name", "gen_ai.workflow.name", "traceloop.span.kind"];

/**
 * Which call of a model a span is; null when it is none. The first dialect whose kind attribute is present decides.
 * Older instrumentations name no operation at all: provider and model then make a chat call.
 */
export const operationOf = (span: DialectSpan, dialects: readonly Dialect[], read: FieldReader): Operation | null => {
  for (const { kind } of dialects) {
    const value = kind === null ? "" : textOf(span.attributes.get(kind.key)).toLowerCase();
    if (kind !== null && value !== "") return Object.hasOwn(kind.calls, value) ? (kind.calls[value] ?? null) : null;
  }
  if (CONTAINERS.some((name) => span.attributes.has(name))) return null;
  return read("provider") !== null && read("request_model") !== null ? "chat" : null;
};
