import { expect, test } from "vitest";
import { finishReason } from "../../core/finish-reason.ts";

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
