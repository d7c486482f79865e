import { expect, it } from "vitest";
import { LEEWAY, OPENAI } from "../../../core/attributes.ts";
import { anthropicMessages } from "../../../formats/wire/anthropic/anthropic.ts";
import { gemini } from "../../../formats/wire/gemini/gemini.ts";
import { openaiChat } from "../../../formats/wire/openai/openai-chat.ts";
import type { WireFormat } from "../../../formats/wire/wire-format.ts";
import { readStream, sse } from "./read-stream.ts";

const CHOICE = { index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" };
const COMPLETION = { id: "c", object: "chat.completion", model: "m", choices: [CHOICE] };
const MESSAGE = { id: "m", type: "message", role: "assistant", model: "m", content: [], stop_reason: "end_turn" };
const CANDIDATE = { content: { parts: [{ text: "hi" }] }, finishReason: "STOP" };

const HOUR = {
  cache_creation_input_tokens: 9,
  cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 5 },
};

it.each<[string, WireFormat, object, Record<string, string | number>]>([
  [
    "OpenAI's tier and audio",
    openaiChat,
    {
      ...COMPLETION,
      service_tier: "flex",
      usage: {
        prompt_tokens: 9,
        completion_tokens: 8,
        prompt_tokens_details: { audio_tokens: 3 },
        completion_tokens_details: { audio_tokens: 2 },
      },
    },
    { [OPENAI.responseServiceTier]: "flex", [LEEWAY.audioInputTokens]: 3, [LEEWAY.audioOutputTokens]: 2 },
  ],
  [
    "no audio, which is no part",
    openaiChat,
    { ...COMPLETION, usage: { prompt_tokens: 9, completion_tokens: 8, prompt_tokens_details: { audio_tokens: 0 } } },
    {},
  ],
  [
    "Anthropic's names behind a proxy",
    openaiChat,
    { ...COMPLETION, usage: { prompt_tokens: 9, completion_tokens: 8, ...HOUR } },
    { [LEEWAY.cacheWriteHourTokens]: 5 },
  ],
  [
    "Anthropic's tier and cache of an hour",
    anthropicMessages,
    { ...MESSAGE, usage: { input_tokens: 1, output_tokens: 1, service_tier: "priority", ...HOUR } },
    { [LEEWAY.serviceTier]: "priority", [LEEWAY.cacheWriteHourTokens]: 5 },
  ],
  [
    "nonsense for counts",
    anthropicMessages,
    {
      ...MESSAGE,
      usage: { input_tokens: 1, output_tokens: 1, service_tier: 7, cache_creation: { ephemeral_1h_input_tokens: "5" } },
    },
    {},
  ],
  [
    "Gemini's modalities and bought throughput",
    gemini,
    {
      candidates: [CANDIDATE],
      usageMetadata: {
        ...{ promptTokenCount: 9, candidatesTokenCount: 8, trafficType: "PROVISIONED_THROUGHPUT" },
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: 2 },
          { modality: "AUDIO", tokenCount: 7 },
        ],
        candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 8 }],
      },
    },
    { [LEEWAY.serviceTier]: "provisioned_throughput", [LEEWAY.audioInputTokens]: 7, [LEEWAY.imageOutputTokens]: 8 },
  ],
])("an answer tells %s", (_what, format, body, expected) => {
  expect(format.readAnswer(JSON.stringify(body))?.attributes).toEqual(expected);
});

it("a stream tells the tier of its pieces and the parts of its last usage", () => {
  const piece = { id: "c", object: "chat.completion.chunk", model: "m", service_tier: "flex" };
  const { attributes } = readStream(openaiChat, [
    sse(
      { ...piece, choices: [{ index: 0, delta: { content: "hi" }, finish_reason: "stop" }] },
      {
        ...piece,
        choices: [],
        usage: { prompt_tokens: 9, completion_tokens: 8, completion_tokens_details: { audio_tokens: 2 } },
      },
      "[DONE]",
    ),
  ]);
  expect(attributes).toEqual({ [OPENAI.responseServiceTier]: "flex", [LEEWAY.audioOutputTokens]: 2 });
});
