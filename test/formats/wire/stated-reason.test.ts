import { expect, test } from "vitest";
import { anthropicMessages } from "../../../formats/wire/anthropic/anthropic.ts";
import { gemini } from "../../../formats/wire/gemini/gemini.ts";
import { openaiChat } from "../../../formats/wire/openai/openai-chat.ts";
import { statedReason } from "../../../formats/wire/stated-reason.ts";
import { readStream, sse } from "./read-stream.ts";

test.each([
  [undefined, ""],
  [null, ""],
  ["", ""],
  ["length", "length"],
  [["length"], "length"],
  ["unknown", "unknown"],
  ["FINISH_REASON_UNSPECIFIED", "unknown"],
  [7, "unknown"],
])("the reason stated by %j is %j", (given, expected) => {
  expect(statedReason(given)).toBe(expected);
});

test.each([
  ["MAX_TOKENS", "length"],
  [2, "length"],
  [1, "stop"],
  [3, "content_filter"],
  [9, "unknown"],
])("Gemini's reason %j, also as a number, is %s, and the answer is at its end", (finishReason, expected) => {
  const body = { candidates: [{ content: { parts: [{ text: "a" }] }, finishReason }] };
  expect(gemini.readAnswer(JSON.stringify(body))).toMatchObject({ finishReasons: [expected], complete: true });
});

test.each(["unknown", "length", "FinishReason.STOP"])("an answer with the reason %j is at its end", (reason) => {
  const chunk = { choices: [{ index: 0, delta: { content: "a" }, finish_reason: reason }] };
  expect(readStream(openaiChat, [sse(chunk)])).toMatchObject({ complete: true });
  const message = { id: "m", content: [], stop_reason: reason };
  expect(anthropicMessages.readAnswer(JSON.stringify(message))).toMatchObject({ complete: true });
});
