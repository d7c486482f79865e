import type { Dialect } from "../dialect.ts";
import { toolCallsIn } from "../read/message-shapes.ts";
import { listIn, textIn } from "../read/recorded-values.ts";
import { VERCEL_AI_KIND } from "./vercel-ai-kind.ts";

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
    finish_reason: ["ai.response.finishReason"],
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
  answer: {
    form: "own",
    message: (recorded) => ({
      text: textIn(recorded, "ai.response.text") || textIn(recorded, "ai.response.object") || null,
      refusal: null,
      toolCalls: toolCallsIn(recorded, "ai.response.toolCalls"),
    }),
    tools: (recorded) => listIn(recorded, "ai.prompt.tools"),
    json: (recorded) => /Object\.do/.test(textIn(recorded, "ai.operationId")),
  },
};
