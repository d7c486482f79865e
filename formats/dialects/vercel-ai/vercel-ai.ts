import { ALL_WITHIN, CACHE_APART, THOUGHTS_APART } from "../../usage/usage-convention.ts";
import type { Dialect } from "../dialect.ts";
import { toolCallsIn } from "../read/message-shapes.ts";
import { listIn, textIn } from "../read/recorded-values.ts";
import type { CountingSpan } from "../usage-rule.ts";
import { VERCEL_AI_KIND } from "./vercel-ai-kind.ts";

/** From version 6 on the counts come with their details, and include their parts. */
const before6 = ({ attributes }: CountingSpan, provider: RegExp): boolean =>
  attributes.has("ai.operationId") &&
  !DETAILED.some((name) => attributes.has(name)) &&
  provider.test(String(attributes.get("ai.model.provider") ?? attributes.get("gen_ai.system") ?? ""));

const DETAILED = [
  ...["noCacheTokens", "cacheReadTokens", "cacheWriteTokens"].map((name) => `ai.usage.inputTokenDetails.${name}`),
  ...["textTokens", "reasoningTokens"].map((name) => `ai.usage.outputTokenDetails.${name}`),
];

/**
 * The Vercel AI SDK. Only its inner spans are calls: the outer `ai.generateText` and `ai.streamText` repeat the same
 * usage and would count every call twice. Providers are written `openai.chat`, `openai.responses`.
 */
export const VERCEL_AI: Dialect = {
  name: "vercel-ai",
  mark: "ai.operationId",
  kind: VERCEL_AI_KIND,
  fields: {
    provider: [
      { key: "gen_ai.system", upTo: "." },
      { key: "ai.model.provider", upTo: "." },
    ],
    request_model: ["ai.model.id"],
    response_model: ["ai.response.model"],
    response_id: ["ai.response.id"],
    prompt_name: ["ai.telemetry.functionId"],
    streamed: [{ key: "ai.operationId", endsIn: ".doStream" }],
    finish_reason: ["ai.response.finishReason", "ai.finishReason"],
    input_tokens: ["ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"],
    output_tokens: ["ai.usage.outputTokens", "ai.usage.completionTokens"],
    total_tokens: ["ai.usage.totalTokens"],
    cached_tokens: ["ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens"],
    cache_write_tokens: ["ai.usage.inputTokenDetails.cacheWriteTokens"],
    reasoning_tokens: ["ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens"],
    ttft_ms: [
      { key: "ai.response.msToFirstChunk", times: 1 },
      { key: "ai.stream.msToFirstChunk", times: 1 },
    ],
  },
  usage: [
    {
      sender: "Vercel AI SDK 5 and before, with Anthropic or Bedrock",
      isFor: (span) => before6(span, /anthropic|bedrock/),
      convention: CACHE_APART,
    },
    {
      sender: "Vercel AI SDK 5 and before, with Google",
      isFor: (span) => before6(span, /google|vertex|gemini/),
      convention: THOUGHTS_APART,
    },
    {
      sender: "Vercel AI SDK 6 and later",
      isFor: ({ attributes }) => DETAILED.some((name) => attributes.has(name)),
      convention: ALL_WITHIN,
    },
  ],
  answer: {
    form: "own",
    message: (recorded) => ({
      text: textIn(recorded, "ai.response.text") || textIn(recorded, "ai.response.object") || null,
      refusal: null,
      toolCalls: toolCallsIn(recorded, "ai.response.toolCalls"),
    }),
    tools: (recorded) => listIn(recorded, "ai.prompt.tools"),
    input: (recorded) => recorded.get("ai.prompt.messages"),
    json: (recorded) => /Object\.do/.test(textIn(recorded, "ai.operationId")),
  },
};
