import { describe, expect, it } from "vitest";
import { readGivenAnswer } from "../../../formats/ask-again/given-answer.ts";

const PARTS = { text: "hello", name: "f", arguments: '{"a":1}' };

/** A body of each provider with the same text, and where it can be the same tool call. */
const BODIES: Readonly<Record<string, unknown>> = {
  "chat completions": {
    model: "m",
    choices: [
      {
        message: {
          content: PARTS.text,
          tool_calls: [{ id: "x", function: { name: "f", arguments: PARTS.arguments } }],
        },
        finish_reason: "tool_calls",
      },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 4 },
  },
  Responses: {
    object: "response",
    model: "m",
    status: "completed",
    output: [
      { type: "message", content: [{ type: "output_text", text: PARTS.text }] },
      { type: "function_call", name: "f", arguments: PARTS.arguments },
    ],
    usage: { input_tokens: 3, output_tokens: 4 },
  },
  "Anthropic's messages": {
    type: "message",
    role: "assistant",
    model: "m",
    content: [
      { type: "text", text: PARTS.text },
      { type: "tool_use", id: "x", name: "f", input: { a: 1 } },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 3, output_tokens: 4 },
  },
  Gemini: {
    modelVersion: "m",
    candidates: [
      {
        content: { parts: [{ text: PARTS.text }, { functionCall: { name: "f", args: { a: 1 } } }] },
        finishReason: "STOP",
      },
    ],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
  },
  "Bedrock's Converse": {
    output: {
      message: { role: "assistant", content: [{ text: PARTS.text }, { toolUse: { name: "f", input: { a: 1 } } }] },
    },
    stopReason: "tool_use",
    usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
  },
  Ollama: {
    model: "m",
    message: { role: "assistant", content: PARTS.text, tool_calls: [{ function: { name: "f", arguments: { a: 1 } } }] },
    done: true,
    done_reason: "stop",
    prompt_eval_count: 3,
    eval_count: 4,
  },
  Cohere: {
    id: "c",
    message: {
      role: "assistant",
      content: [{ type: "text", text: PARTS.text }],
      tool_calls: [{ id: "x", function: { name: "f", arguments: PARTS.arguments } }],
    },
    finish_reason: "TOOL_CALL",
    usage: { tokens: { input_tokens: 3, output_tokens: 4 } },
  },
  "the AI SDK's result": new (class {
    get text() {
      return PARTS.text;
    }
    get output(): never {
      throw new Error("no output was asked for");
    }
    toolCalls = [{ toolCallId: "x", toolName: "f", input: { a: 1 } }];
    finishReason = "tool-calls";
    usage = { inputTokens: 3, outputTokens: 4 };
    model = "m";
  })(),
  "an object of one's own": {
    text: PARTS.text,
    toolCalls: [{ name: "f", arguments: PARTS.arguments }],
    usage: { inputTokens: 3, outputTokens: 4, costUsd: 0.5 },
    model: "m",
  },
};

describe("an answer that a function gives", () => {
  it.each(Object.entries(BODIES))("is read from %s", (name, body) => {
    const read = readGivenAnswer(body);
    expect(read).toMatchObject({
      inputTokens: 3,
      outputTokens: 4,
      model: name === "Cohere" || name.startsWith("Bedrock") ? "" : "m",
    });
    expect(read?.answer).toMatchObject({ text: "hello", chars: 5, refusal: null, finishReason: "tool_calls" });
    expect(read?.answer.toolCalls.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([["f", { a: 1 }]]);
  });

  it("is a text by itself", () => {
    expect(readGivenAnswer("hi")).toMatchObject({
      answer: { text: "hi", chars: 2, toolCalls: [], finishReason: "", refusal: null },
      ...{ model: "", inputTokens: null, outputTokens: null, costUsd: null },
    });
  });

  it("may have no text, and a refusal", () => {
    expect(readGivenAnswer({ text: null, refusal: "no" })?.answer).toMatchObject({
      text: null,
      chars: 0,
      refusal: "no",
    });
    expect(readGivenAnswer({ toolCalls: [{ name: "f" }] })?.answer).toMatchObject({
      text: null,
      finishReason: "tool_calls",
    });
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a number", 5],
    ["a list", ["hello"]],
    ["an object without an answer", {}],
    ["a text that is none", { text: 5 }],
    ["tool calls that are none", { toolCalls: [] }],
    ["a provider's error", { choices: [], error: { message: "no" } }],
    ["an answer without a choice", { choices: [] }],
    ["a function", () => "hello"],
    ["a response that was not read", new Response("hello")],
  ])("is none: %s", (_what, given) => {
    expect(readGivenAnswer(given)).toBeNull();
  });

  it("does not take usage for what it is not", () => {
    const usage = { inputTokens: -1, outputTokens: Number.NaN, costUsd: "1" };
    expect(readGivenAnswer({ text: "a", usage })).toMatchObject({
      inputTokens: null,
      outputTokens: null,
      costUsd: null,
    });
  });
});
