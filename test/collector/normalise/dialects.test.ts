import { expect, test } from "vitest";
import type { SpanRow } from "../../../core/span-row.ts";
import { type SpanSpec, START_MS } from "../otlp-request.ts";
import { normalise, rowOf } from "./normalise.ts";

interface Case {
  readonly dialect: string;
  readonly span: SpanSpec;
  readonly row: Partial<SpanRow>;
}

const calls: readonly Case[] = [
  {
    dialect: "the conventions as they are",
    span: {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.time_to_first_chunk": 0.25,
        "gen_ai.request.stream": true,
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 60,
        "gen_ai.usage.cache_write.input_tokens": 10,
        "gen_ai.usage.reasoning.output_tokens": 5,
        "gen_ai.conversation.id": "conv-1",
        "gen_ai.prompt.name": "support",
        "gen_ai.prompt.version": "42",
        "openai.response.system_fingerprint": "fp_1",
      },
    },
    row: {
      operation: "chat",
      provider: "openai",
      request_model: "gpt-4o",
      response_model: "gpt-4o-2024-08-06",
      response_id: "chatcmpl-1",
      finish_reason: "stop",
      truncated: 0,
      ttft_ms: 250,
      streamed: 1,
      input_tokens: 100,
      output_tokens: 20,
      cached_tokens: 60,
      reasoning_tokens: 5,
      conversation_id: "conv-1",
      prompt_name: "support",
      prompt_version: "42",
      system_fingerprint: "fp_1",
      error: 0,
      error_type: "",
    },
  },
  {
    dialect: "the conventions of v1.36, with gen_ai.system",
    span: {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "az.ai.openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.openai.response.system_fingerprint": "fp_2",
        "gen_ai.usage.input_tokens": 12,
      },
    },
    row: {
      provider: "azure.ai.openai",
      system_fingerprint: "fp_2",
      input_tokens: 12,
      output_tokens: null,
      streamed: 0,
    },
  },
  {
    dialect: "the conventions of v1.26, without an operation",
    span: {
      attributes: {
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4",
        "gen_ai.usage.prompt_tokens": 11,
        "gen_ai.usage.completion_tokens": 7,
        "gen_ai.completion.0.finish_reason": "length",
      },
    },
    row: { operation: "chat", input_tokens: 11, output_tokens: 7, finish_reason: "length", truncated: 1 },
  },
  {
    dialect: "OpenLLMetry",
    span: {
      attributes: {
        "gen_ai.system": "OpenAI",
        "llm.request.type": "chat",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.response.finish_reasons": ["tool_call"],
        "gen_ai.usage.input_tokens": 50,
        "gen_ai.usage.output_tokens": 5,
        "llm.usage.total_tokens": 55,
        "gen_ai.usage.cache_read_input_tokens": 40,
        "gen_ai.usage.reasoning_tokens": 2,
        "llm.is_streaming": true,
        "traceloop.association.properties.session_id": "s-9",
      },
    },
    row: {
      operation: "chat",
      provider: "openai",
      finish_reason: "tool_calls",
      input_tokens: 50,
      cached_tokens: 40,
      reasoning_tokens: 2,
      streamed: 1,
      conversation_id: "s-9",
    },
  },
  {
    dialect: "OpenInference, whose llm.model_name is the response's",
    span: {
      name: "OpenAI Chat Completions",
      attributes: {
        "openinference.span.kind": "LLM",
        "llm.provider": "openai",
        "llm.system": "openai",
        "llm.model_name": "gpt-4o-2024-08-06",
        "llm.invocation_parameters": '{"model":"gpt-4o","temperature":0,"stream":true}',
        "output.value": '{"id":"chatcmpl-7","model":"gpt-4o-2024-08-06","choices":[]}',
        "llm.finish_reason": "stop",
        "llm.token_count.prompt": 31,
        "llm.token_count.completion": 9,
        "llm.token_count.total": 40,
        "llm.token_count.prompt_details.cache_read": 16,
        "llm.token_count.completion_details.reasoning": 3,
        "session.id": "session-4",
        "prompt.id": "support",
        "llm.prompt_template.version": "v2",
      },
    },
    row: {
      operation: "chat",
      provider: "openai",
      request_model: "gpt-4o",
      response_model: "gpt-4o-2024-08-06",
      response_id: "chatcmpl-7",
      finish_reason: "stop",
      input_tokens: 31,
      output_tokens: 9,
      cached_tokens: 16,
      reasoning_tokens: 3,
      streamed: 1,
      conversation_id: "session-4",
      prompt_name: "support",
      prompt_version: "v2",
    },
  },
  {
    dialect: "OpenInference embeddings",
    span: {
      attributes: { "openinference.span.kind": "EMBEDDING", "embedding.model_name": "text-embedding-3-small" },
    },
    row: { operation: "embeddings", request_model: "text-embedding-3-small", output_tokens: null },
  },
  {
    dialect: "the Vercel AI SDK's inner span, in milliseconds and with a dotted provider",
    span: {
      name: "ai.streamText.doStream",
      attributes: {
        "ai.operationId": "ai.streamText.doStream",
        "gen_ai.system": "openai.chat",
        "ai.model.provider": "openai.chat",
        "ai.model.id": "gpt-4o",
        "ai.response.model": "gpt-4o-2024-08-06",
        "ai.response.id": "resp-1",
        "ai.response.finishReason": "tool-calls",
        "ai.response.msToFirstChunk": 321.5,
        "ai.usage.inputTokens": 77,
        "ai.usage.outputTokens": 8,
        "ai.usage.totalTokens": 85,
        "ai.usage.cachedInputTokens": 64,
        "ai.usage.reasoningTokens": 4,
        "ai.telemetry.functionId": "answer-ticket",
      },
    },
    row: {
      operation: "chat",
      provider: "openai",
      request_model: "gpt-4o",
      response_model: "gpt-4o-2024-08-06",
      finish_reason: "tool_calls",
      ttft_ms: 321.5,
      streamed: 1,
      input_tokens: 77,
      output_tokens: 8,
      cached_tokens: 64,
      reasoning_tokens: 4,
      prompt_name: "answer-ticket",
    },
  },
  {
    dialect: "the Vercel AI SDK 4, with prompt and completion tokens",
    span: {
      attributes: {
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.model.provider": "anthropic.messages",
        "ai.model.id": "claude-sonnet-4",
        "ai.usage.promptTokens": 5,
        "ai.usage.completionTokens": 6,
      },
    },
    row: { provider: "anthropic", request_model: "claude-sonnet-4", input_tokens: 5, output_tokens: 6, streamed: 0 },
  },
  {
    dialect: "the Vercel AI SDK's embeddings",
    span: {
      attributes: {
        "ai.operationId": "ai.embed.doEmbed",
        "ai.model.id": "text-embedding-3-small",
        "ai.usage.tokens": 9,
      },
    },
    row: { operation: "embeddings", input_tokens: 9 },
  },
  {
    dialect: "OpenLIT, whose first token is in seconds",
    span: {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "mistral",
        "gen_ai.request.model": "mistral-large",
        "gen_ai.request.is_stream": true,
        "gen_ai.server.time_to_first_token": 0.4,
        "gen_ai.usage.input_tokens": 20,
        "gen_ai.usage.output_tokens": 2,
        "gen_ai.usage.total_tokens": 22,
        "gen_ai.usage.prompt_tokens_details.cache_read": 8,
        "gen_ai.usage.completion_tokens_details.reasoning": 1,
      },
    },
    row: { provider: "mistral_ai", streamed: 1, ttft_ms: 400, input_tokens: 20, cached_tokens: 8, reasoning_tokens: 1 },
  },
  {
    dialect: "Langfuse, whose first token is a timestamp and whose cached tokens are apart",
    span: {
      attributes: {
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "claude-sonnet-4",
        "langfuse.observation.model.parameters": '{"temperature":0.2}',
        "langfuse.observation.usage_details":
          '{"input":10,"output":30,"cache_read_input_tokens":200,"cache_creation_input_tokens":60,"total":300}',
        "langfuse.observation.completion_start_time": JSON.stringify(new Date(START_MS + 640)),
        "langfuse.observation.prompt.name": "support",
        "langfuse.observation.prompt.version": 41,
        "langfuse.session.id": "ls-1",
      },
    },
    row: {
      operation: "chat",
      request_model: "claude-sonnet-4",
      input_tokens: 270,
      output_tokens: 30,
      cached_tokens: 200,
      ttft_ms: 640,
      streamed: 1,
      prompt_name: "support",
      prompt_version: "41",
      conversation_id: "ls-1",
    },
  },
  {
    dialect: "Langfuse, at level ERROR",
    span: {
      attributes: {
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "gpt-4o",
        "langfuse.observation.level": "ERROR",
        "langfuse.observation.status_message": "the prompt said: hello",
      },
    },
    row: { error: 1, error_type: "_OTHER", input_tokens: null },
  },
  {
    dialect: "the Anthropic SDK",
    span: {
      name: "anthropic.messages.create",
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4",
        "anthropic.message.stop_reason": "end_turn",
        "gen_ai.usage.input_tokens": 18,
        "gen_ai.usage.cache_read.input_tokens": 4,
        "gen_ai.usage.cache_write.input_tokens": 3,
        "gen_ai.response.time_to_first_chunk": 0.1,
      },
    },
    row: { finish_reason: "stop", input_tokens: 18, cached_tokens: 4, ttft_ms: 100 },
  },
  {
    dialect: "the Anthropic SDK, rate limited",
    span: {
      status: 2,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4",
        "error.type": "rate_limit",
        "http.response.status_code": 429,
      },
    },
    row: { error: 1, error_type: "rate_limit", http_status: 429, finish_reason: "", truncated: null },
  },
  {
    dialect: "Sentry",
    span: {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.time_to_first_token": 0.2,
        "gen_ai.usage.input_tokens": 30,
        "gen_ai.usage.input_tokens.cached": 10,
      },
    },
    row: { ttft_ms: 200, input_tokens: 30, cached_tokens: 10 },
  },
];

test.each(calls)("reads a call of $dialect", ({ span, row }) => {
  expect(rowOf(span)).toMatchObject(row);
});

const noCalls: readonly (readonly [what: string, attributes: SpanSpec["attributes"]])[] = [
  ["a span without GenAI meaning", { "http.request.method": "GET", "url.full": "http://x" }],
  [
    "the Vercel AI SDK's outer span, which repeats the usage",
    {
      "ai.operationId": "ai.generateText",
      "ai.model.id": "gpt-4o",
      "ai.model.provider": "openai.chat",
      "ai.usage.inputTokens": 77,
    },
  ],
  ["the Vercel AI SDK's tool call", { "ai.operationId": "ai.toolCall", "gen_ai.operation.name": "chat" }],
  [
    "an agent of the conventions",
    {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.input_tokens": 5,
    },
  ],
  ["a tool of the conventions", { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup" }],
  [
    "a poll for a finished response",
    { "gen_ai.operation.name": "fetch_response", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" },
  ],
  ["a workflow of OpenLLMetry", { "traceloop.span.kind": "workflow", "traceloop.workflow.name": "w" }],
  [
    "a rerank of OpenLLMetry",
    { "llm.request.type": "rerank", "gen_ai.system": "Cohere", "gen_ai.request.model": "rerank-3" },
  ],
  [
    "a chain of OpenInference",
    { "openinference.span.kind": "CHAIN", "llm.model_name": "gpt-4o", "llm.provider": "openai" },
  ],
  ["a tool of Langfuse", { "langfuse.observation.type": "tool", "langfuse.observation.model.name": "gpt-4o" }],
  [
    "an older agent span that names a model",
    { "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.agent.name": "a" },
  ],
  [
    "an operation nobody knows",
    { "gen_ai.operation.name": "toString", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" },
  ],
];

test.each(noCalls)("does not take %s for a call", (_what, attributes = {}) => {
  expect(normalise({ attributes })).toEqual({ kind: "other" });
});
