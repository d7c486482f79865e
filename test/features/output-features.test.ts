import { describe, expect, it } from "vitest";
import type { Answer, AskedFor } from "../../features/answer.ts";
import { outputFeatures } from "../../features/output-features.ts";

const answer = (text: string | null, more: Partial<Answer> = {}): Answer => ({
  ...{ text, chars: text?.length ?? 0, refusal: null, finishReason: "stop", toolCalls: [] },
  ...more,
});
const TEXT: AskedFor = { json: false, tools: [] };
const JSON_ASKED: AskedFor = { json: true, tools: [] };

describe("outputFeatures", () => {
  it("measures an ordinary answer", () => {
    expect(outputFeatures(answer("Delivery takes three days."), TEXT)).toMatchObject({
      chars: 26,
      codeFence: false,
      jsonValid: null,
      refusalClass: "none",
      truncated: false,
      toolCallValid: null,
    });
  });

  it.each([
    ["```js\n1\n```", true],
    ["Here you are:\n\n```\nls\n```\nDone.", true],
    ["   ~~~\ncode\n~~~", true],
    ["    ```\nan indented block, not a fence", false],
    ["Use `npm test` to run it.", false],
    ["Three ticks ``` inside a line", false],
    [`${"long ".repeat(10_000)}\n\`\`\`\nlast\n\`\`\``, true],
  ])("finds a code fence at the start of a line: %#", (text, expected) => {
    expect(outputFeatures(answer(text), TEXT).codeFence).toBe(expected);
  });

  it.each([
    ['{"a":1}', true],
    [" [1, 2]\n", true],
    ['"text"', true],
    ['```json\n{"a":1}\n```', false],
    ['Sure! {"a":1}', false],
    ['{"a":1', false],
    ["", false],
  ])("checks JSON only where it was asked for: %j", (text, valid) => {
    expect(outputFeatures(answer(text), JSON_ASKED).jsonValid).toBe(valid);
    expect(outputFeatures(answer(text), TEXT).jsonValid).toBeNull();
  });

  it("checks long JSON as a whole, and not at all what was cut before it got here", () => {
    const long = JSON.stringify({ text: "x".repeat(100_000) });
    expect(outputFeatures(answer(long), JSON_ASKED).jsonValid).toBe(true);
    expect(outputFeatures(answer(long.slice(0, 50_000), { chars: long.length }), JSON_ASKED).jsonValid).toBeNull();
  });

  it.each([
    ["stop", false],
    ["length", true],
    ["max_tokens", true],
    ["tool_calls", false],
    ["", null],
  ])("reads truncation from the finish reason %j", (finishReason, expected) => {
    expect(outputFeatures(answer("a", { finishReason }), TEXT).truncated).toBe(expected);
  });

  it.each([
    [[{ name: "find", arguments: '{"id":1}' }], true],
    [[{ name: "find", arguments: "" }], true],
    [[{ name: "find", arguments: '{"id":' }], false],
    [[{ name: "delete", arguments: "{}" }], false],
    [
      [
        { name: "find", arguments: "{}" },
        { name: "find", arguments: "oops" },
      ],
      false,
    ],
    [[], null],
  ])("validates tool calls against what was offered: %j", (toolCalls, expected) => {
    const asked = { json: false, tools: ["find", "list"] };
    expect(outputFeatures(answer(null, { toolCalls }), asked).toolCallValid).toBe(expected);
  });

  it("leaves features of the text unknown when there is no text", () => {
    const features = outputFeatures(answer(null, { finishReason: "tool_calls" }), JSON_ASKED);
    expect(features).toMatchObject({ chars: null, codeFence: null, jsonValid: null, refusalClass: "" });
  });
});
