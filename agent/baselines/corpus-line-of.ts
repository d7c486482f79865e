import { isRecord } from "../../features/is-record.ts";
import type { BaselineView } from "../../status/baseline-view.ts";

interface TextPart {
  readonly type?: unknown;
  readonly content?: unknown;
}

const partsOf = (messages: readonly unknown[]): readonly TextPart[] =>
  messages.flatMap((message) =>
    isRecord(message) && Array.isArray(message.parts) ? (message.parts as TextPart[]) : [],
  );

/** The answer's text; null where it has none. */
const textOf = (parts: readonly TextPart[]): string | null => {
  const texts = parts.filter(({ type }) => type === "text").map(({ content }) => String(content ?? ""));
  return texts.length === 0 ? null : texts.join("");
};

const known = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) =>
        value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );

/** Parameters in the words of a corpus; that an answer in JSON was asked for is one. */
const requestOf = ({ output_type: type, ...request }: BaselineView["request"]): Readonly<Record<string, unknown>> => ({
  ...(type === "json" ? { response_format: { type: "json_object" } } : {}),
  ...request,
});

/**
 * A kept example as a line of a corpus (docs/replay.md), and as the record of the answer that was served (docs/compare.md). `weight`: the
 * calls it stands for; `segment`: the name whose value is the task, empty = none.
 */
export const corpusLineOf = (example: BaselineView, segment: string): Readonly<Record<string, unknown>> => {
  const { trace_id, span_id, stratum, weight, segments, conversation_id, response_model, request_model } = example;
  const { messages, system, tools, output, request, truncated, finish_reason, duration_ms, at_ms } = example;
  const parts = partsOf(output);
  const calls = parts.filter(({ type }) => type === "tool_call");
  return {
    ...{ cohort: "baseline", prompt_id: `${trace_id}-${span_id}`, ts: new Date(at_ms).toISOString(), stratum, weight },
    ...known({ task: segment === "" ? "" : segments[segment], conversation_id, finish_reason, tools, truncated }),
    messages: system.length === 0 ? messages : [{ role: "system", parts: system }, ...messages],
    ...requestOf(request),
    ...{ model: response_model || request_model, output: textOf(parts) },
    ...known({ tool_calls: calls, latency_ms: duration_ms, input_tokens: example.input_tokens }),
    ...known({ output_tokens: example.output_tokens, cost_usd: example.cost_usd }),
  };
};
