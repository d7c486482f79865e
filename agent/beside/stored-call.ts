import { createHash } from "node:crypto";
import type { PairKind } from "../../core/pair-row.ts";
import type { Answer, AskedFor } from "../../features/answer.ts";
import { isRecord } from "../../features/is-record.ts";
import { listOf, objectOf, parseObject, textOf } from "../../formats/json/read-json.ts";
import { offeredTools } from "../../formats/tools/offered-tools.ts";
import { readToolCall } from "../../formats/tools/read-tool-call.ts";
import { argumentsText } from "../../formats/wire/tool-calls/tool-call-piece.ts";
import type { StoredCall } from "../../instrumentation/shared-beside.ts";
import type { StoredContent } from "./stored-content.ts";

const partsOf = (messages: readonly unknown[]): readonly Readonly<Record<string, unknown>>[] =>
  messages.flatMap((message) => listOf(objectOf(message).parts).filter(isRecord));

const answerOf = ({ output, finish_reason: finishReason }: StoredContent): Answer | null => {
  const parts = partsOf(output);
  if (parts.length === 0) return null;
  const texts = parts.filter(({ type }) => type === "text").map(({ content }) => textOf(content));
  const toolCalls = parts
    .filter(({ type }) => type === "tool_call")
    .map((part) => {
      const { name, arguments: args } = readToolCall(part);
      return { name: textOf(name), arguments: argumentsText(args) };
    });
  const text = texts.length === 0 ? null : texts.join("");
  return { text, chars: text?.length ?? 0, refusal: null, finishReason, toolCalls };
};

const askedFor = ({ request, tools }: StoredContent): AskedFor => {
  const { type, json_schema: named } = objectOf(request.response_format);
  const offered = tools.map((tool: unknown) => {
    const { name, parameters } = objectOf(tool);
    const schema = typeof parameters === "string" ? parseObject(parameters) : parameters;
    return { name: textOf(name), schema };
  });
  const choice = request.tool_choice;
  return {
    json: type === "json_object" || type === "json_schema" || request.output_type === "json",
    schema: objectOf(named).schema ?? null,
    ...offeredTools(offered),
    toolRequired: choice === "required" || choice === "any" || isRecord(choice),
  };
};

/** 32 hex digits that are the same whoever asks the call again. */
const digestOf = (migration: string, kind: PairKind, { trace_id, span_id }: StoredContent): string =>
  createHash("sha256").update(`${migration}\n${kind}\n${trace_id}\n${span_id}`).digest("hex").slice(0, 32);

/** Uniform in [0, 1) over calls, by the other half of such a digest. */
const drawOf = (id: string): number => Number.parseInt(id.slice(0, 12), 16) / 16 ** 12;

/** A stored call as the preload's shadow takes it; `url` is where the model that was served is asked. */
export const storedCall = (migration: string, content: StoredContent, url: URL, hasReruns: boolean): StoredCall => {
  const { messages, system, tools, request, service: _service, ...call } = content;
  const ids = { candidate: digestOf(migration, "candidate", content), rerun: digestOf(migration, "rerun", content) };
  return {
    ...{ url, provider: "", attempt: 0, httpStatus: 200, errorType: null, failure: null, retries: null },
    ...{ startedAt: 0, firstContentMs: null, stream: null, parent: null, passedOn: {} },
    durationMs: call.duration_ms ?? 0,
    body: { model: call.request_model, messages, system, tools, ...request },
    request: { operation: call.operation, model: call.request_model, asked: askedFor(content), attributes: {} },
    context: {
      ...{ cohort: null, prompt: null, segments: call.segments },
      flag: call.targeting_key_hash === "" ? null : { key: "", variant: "", targetingKeyHash: call.targeting_key_hash },
      conversation: call.conversation_id === "" ? null : call.conversation_id,
      identity: { traceId: call.trace_id, spanId: call.span_id },
    },
    answer: {
      ...{ id: "", model: call.response_model, fingerprint: "", finishReasons: [call.finish_reason] },
      usage: {
        ...(call.input_tokens === null ? {} : { input: call.input_tokens }),
        ...(call.output_tokens === null ? {} : { output: call.output_tokens }),
        ...(call.cost_usd === null ? {} : { costUsd: call.cost_usd }),
      },
      ...{ answer: answerOf(content), complete: true, error: null },
    },
    stored: {
      ...{ migration, pairIds: ids },
      draws: { candidate: drawOf(ids.candidate), rerun: hasReruns ? drawOf(ids.rerun) : 1 },
    },
  };
};
