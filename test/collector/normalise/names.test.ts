import { expect, test } from "vitest";
import { providerName } from "../../../collector/normalise/provider-name.ts";
import { finishReason } from "../../../core/finish-reason.ts";

test.each([
  ["stop", "stop"],
  ["end_turn", "stop"],
  ["STOP", "stop"],
  ["max_tokens", "length"],
  ["MAX_TOKENS", "length"],
  ["tool-calls", "tool_calls"],
  ["tool_call", "tool_calls"],
  ["tool_use", "tool_calls"],
  ["content-filter", "content_filter"],
  ["SAFETY", "content_filter"],
  ["refusal", "content_filter"],
  ["COMPLETE", "stop"],
  ["model_length", "length"],
  ["PROHIBITED_CONTENT", "content_filter"],
  ["MALFORMED_FUNCTION_CALL", "error"],
  ["pause_turn", "pause_turn"],
  ["The model said SECRET.", "other"],
  ["constructor", "constructor"],
  ["", ""],
])("finish reason %j is %j", (given, expected) => {
  expect(finishReason(given)).toBe(expected);
});

test.each([
  ["OpenAI", "openai"],
  ["az.ai.openai", "azure.ai.openai"],
  ["vertex_ai", "gcp.vertex_ai"],
  ["xai", "x_ai"],
  ["my-gateway", "my-gateway"],
  ["valueOf", "valueof"],
])("provider %j is %j", (given, expected) => {
  expect(providerName(given)).toBe(expected);
});
