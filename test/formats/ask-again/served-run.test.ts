import { describe, expect, it } from "vitest";
import { readServedRun } from "../../../formats/ask-again/served-run.ts";
import { WIRE_FORMATS } from "../../../formats/wire/wire-formats.ts";

const formatOf = (name: string) => {
  const found = WIRE_FORMATS.find((format) => format.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

const EARLIER = { name: "weather", arguments: { city: "Oslo" } };

/** The same run, as each format has it in the request of its last call: an earlier turn, a question, two calls, their results. */
const RUNS: Readonly<Record<string, { member: string; before: readonly unknown[]; run: readonly unknown[] }>> = {
  "openai.chat_completions": {
    member: "messages",
    before: [
      { role: "system", content: "be kind" },
      { role: "user", content: "weather?" },
      { role: "assistant", tool_calls: [{ id: "c0", function: { name: "weather", arguments: '{"city":"Oslo"}' } }] },
      { role: "tool", tool_call_id: "c0", content: "snow" },
      { role: "assistant", content: "It snows." },
      { role: "user", content: "orders?" },
    ],
    run: [
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "c1", type: "function", function: { name: "orders", arguments: '{"user": 7}' } },
          { id: "c2", type: "function", function: { name: "stock", arguments: '{"item":"x"}' } },
        ],
      },
      { role: "tool", tool_call_id: "c2", content: "12" },
      { role: "tool", tool_call_id: "c1", content: '{"open":2}' },
    ],
  },
  "openai.responses": {
    member: "input",
    before: [
      { role: "user", content: "weather?" },
      { type: "function_call", call_id: "c0", name: "weather", arguments: '{"city":"Oslo"}' },
      { type: "function_call_output", call_id: "c0", output: "snow" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "It snows." }] },
      { type: "message", role: "user", content: [{ type: "input_text", text: "orders?" }] },
    ],
    run: [
      { type: "reasoning", id: "rs_1", summary: [] },
      { type: "function_call", call_id: "c1", name: "orders", arguments: '{"user": 7}' },
      { type: "function_call", call_id: "c2", name: "stock", arguments: '{"item":"x"}' },
      { type: "function_call_output", call_id: "c2", output: "12" },
      { type: "function_call_output", call_id: "c1", output: '{"open":2}' },
    ],
  },
  "anthropic.messages": {
    member: "messages",
    before: [
      { role: "user", content: "weather?" },
      { role: "assistant", content: [{ type: "tool_use", id: "c0", ...EARLIER, input: EARLIER.arguments }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c0", content: "snow" }] },
      { role: "assistant", content: "It snows." },
      { role: "user", content: [{ type: "text", text: "orders?" }] },
    ],
    run: [
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool_use", id: "c1", name: "orders", input: { user: 7 } },
          { type: "tool_use", id: "c2", name: "stock", input: { item: "x" } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "c2", content: [{ type: "text", text: "12" }] },
          { type: "tool_result", tool_use_id: "c1", content: '{"open":2}' },
          { type: "text", text: "(these were the tools)" },
        ],
      },
    ],
  },
  "gemini.generate_content": {
    member: "contents",
    before: [
      { role: "user", parts: [{ text: "weather?" }] },
      { role: "model", parts: [{ functionCall: { name: "weather", args: { city: "Oslo" } } }] },
      { role: "user", parts: [{ functionResponse: { name: "weather", response: { result: "snow" } } }] },
      { role: "model", parts: [{ text: "It snows." }] },
      { role: "user", parts: [{ text: "orders?" }] },
    ],
    run: [
      {
        role: "model",
        parts: [
          { functionCall: { name: "orders", args: { user: 7 } } },
          { functionCall: { name: "stock", args: { item: "x" } } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "orders", response: { open: 2 } } },
          { functionResponse: { name: "stock", response: { result: 12 } } },
        ],
      },
    ],
  },
  "bedrock.converse": {
    member: "messages",
    before: [{ role: "user", content: [{ text: "orders?" }] }],
    run: [
      {
        role: "assistant",
        content: [
          { toolUse: { toolUseId: "c1", name: "orders", input: { user: 7 } } },
          { toolUse: { toolUseId: "c2", name: "stock", input: { item: "x" } } },
        ],
      },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "c2", content: [{ text: "12" }] } },
          { toolResult: { toolUseId: "c1", content: [{ json: { open: 2 } }] } },
        ],
      },
    ],
  },
  "ollama.chat": {
    member: "messages",
    before: [{ role: "user", content: "orders?" }],
    run: [
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { function: { name: "orders", arguments: { user: 7 } } },
          { function: { name: "stock", arguments: { item: "x" } } },
        ],
      },
      { role: "tool", tool_name: "orders", content: '{"open":2}' },
      { role: "tool", tool_name: "stock", content: "12" },
    ],
  },
};

describe.each(Object.entries(RUNS))("the run of a request in %s", (name, { member, before, run }) => {
  const body = { model: "m", [member]: [...before, ...run] };

  it("has the calls since the user's latest message, with their results", () => {
    const { calls } = readServedRun(body, formatOf(name));
    expect(calls.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([
      ["orders", { user: 7 }],
      ["stock", { item: "x" }],
    ]);
    const stock = name === "gemini.generate_content" ? { result: 12 } : 12;
    expect(calls.map(({ result }) => JSON.parse(result ?? "null"))).toEqual([{ open: 2 }, stock]);
  });

  it("began with the request that ends with the user's message", () => {
    expect(readServedRun(body, formatOf(name)).body).toEqual({ model: "m", [member]: before });
  });

  it("has nothing yet at its first call", () => {
    const first = { model: "m", [member]: before };
    expect(readServedRun(first, formatOf(name))).toEqual({ body: first, calls: [] });
  });
});

describe("a run that cannot be told", () => {
  const chat = formatOf("openai.chat_completions");

  it.each([
    ["a text alone", formatOf("openai.responses"), { input: "hello" }],
    ["no messages at all", chat, { messages: null }],
    ["what are none", chat, { messages: [1, null, [], { role: 5 }] }],
  ])("is the request itself: %s", (_what, format, body) => {
    expect(readServedRun(body, format)).toEqual({ body, calls: [] });
  });

  it("leaves a call without its result open, and a result without its call aside", () => {
    const messages = [
      { role: "user", content: "?" },
      { role: "assistant", tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "other", content: "x" },
    ];
    expect(readServedRun({ messages }, chat).calls).toEqual([{ name: "f", arguments: "{}", result: null }]);
  });
});
