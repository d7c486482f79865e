import { describe, expect, it } from "vitest";
import { anthropicMessages } from "../../../../formats/wire/anthropic/anthropic.ts";
import { cohereChat } from "../../../../formats/wire/cohere/cohere.ts";
import { gemini } from "../../../../formats/wire/gemini/gemini.ts";
import { openaiChat } from "../../../../formats/wire/openai/openai-chat.ts";
import { openaiResponses } from "../../../../formats/wire/openai/openai-responses.ts";
import type { WireFormat } from "../../../../formats/wire/wire-format.ts";
import { readStream, sse } from "../read-stream.ts";
import { DELTA_STREAMS } from "./delta-streams.ts";

const callsOf = (format: WireFormat, events: readonly unknown[]) =>
  readStream(format, [sse(...events)]).answer?.toolCalls.map(({ name, arguments: text }) => ({
    name,
    arguments: JSON.parse(text || "{}") as unknown,
  }));

const chunks = (deltas: readonly object[]): readonly unknown[] => [
  ...deltas.map((delta) => ({ choices: [{ index: 0, delta }] })),
  { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
  "[DONE]",
];

describe("the tool calls of a streamed chat completion", () => {
  it.each(DELTA_STREAMS)("are put together: $written", ({ deltas, calls }) => {
    expect(callsOf(openaiChat, chunks(deltas))).toEqual(calls);
  });

  it("are as many as the app gets, where a server sends a thousand times more", () => {
    const deltas = Array.from({ length: 5000 }, (_, id) => ({
      tool_calls: [{ index: 0, id: `c${id}`, function: { name: "f", arguments: "{}" } }],
    }));
    expect(callsOf(openaiChat, chunks(deltas))).toHaveLength(1024);
  });

  it("stay apart where one breaks off", () => {
    const deltas = [
      { tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: '{"a' } }] },
      { tool_calls: [{ index: 0, id: "b", function: { name: "f", arguments: "{}" } }] },
    ];
    expect(readStream(openaiChat, [sse(...chunks(deltas))]).answer?.toolCalls).toEqual([
      { name: "f", arguments: '{"a' },
      { name: "f", arguments: "{}" },
    ]);
  });
});

const FOUND = [{ name: "find", arguments: { a: 1 } }];

const block = (content_block: object, index?: unknown) => ({ type: "content_block_start", index, content_block });
const input = (partial_json: string, index?: unknown) => ({
  type: "content_block_delta",
  index,
  delta: { type: "input_json_delta", partial_json },
});
const message = (...events: readonly unknown[]) => [
  { type: "message_start", message: { id: "m" } },
  ...events,
  { type: "message_delta", delta: { stop_reason: "tool_use" } },
  { type: "message_stop" },
];
const use = { type: "tool_use", id: "t", name: "find", input: {} };

describe("the tool calls of Anthropic's stream", () => {
  it.each([
    ["in pieces", [block(use, 0), input("", 0), input('{"a"', 0), input(":1}", 0)]],
    ["without an index", [block(use), input('{"a"'), input(":1}")]],
    ["with an index as text", [block(use, 0), input('{"a"', "0"), input(":1}", "0")]],
    ["whole at the beginning", [block({ ...use, input: { a: 1 } }, 0)]],
    [
      "whole at the beginning, and again in pieces",
      [block({ ...use, input: { a: 1 } }, 0), input('{"a":', 0), input("1}", 0)],
    ],
    ["input as text", [block({ ...use, input: '{"a":1}' }, 0)]],
    [
      "after a tool of the provider's own",
      [
        block({ type: "server_tool_use", name: "search", input: {} }, 0),
        input('{"q":1}', 0),
        block(use, 1),
        input('{"a":1}', 1),
      ],
    ],
  ])("are put together: %s", (_written, events) => {
    expect(callsOf(anthropicMessages, message(...events))).toEqual(FOUND);
  });

  it("are two where every block has index 0", () => {
    const events = [block(use, 0), input('{"a":1}', 0), block({ ...use, id: "u" }, 0), input('{"a":1}', 0)];
    expect(callsOf(anthropicMessages, message(...events))).toEqual([...FOUND, ...FOUND]);
  });
});

const added = (more: object = {}, at: object = { output_index: 0 }) => ({
  type: "response.output_item.added",
  ...at,
  item: { type: "function_call", id: "i", call_id: "c", name: "find", arguments: "", ...more },
});
const args = (delta: string, at: object) => ({ type: "response.function_call_arguments.delta", delta, ...at });

describe("the tool calls of a streamed response without its last output", () => {
  const last = { type: "response.completed", response: { object: "response", status: "completed", output: [] } };
  it.each([
    ["by place", [added(), args('{"a"', { output_index: 0 }), args(":1}", { output_index: 0 })]],
    ["by id", [added({}, {}), args('{"a"', { item_id: "i" }), args(":1}", { item_id: "i" })]],
    ["by the id of the call", [added({}, {}), args('{"a":1}', { item_id: "c" })]],
    ["in order", [added({ id: "", call_id: "" }, {}), args('{"a"', {}), args(":1}", {})]],
    [
      "whole when done",
      [added(), { type: "response.function_call_arguments.done", item_id: "i", arguments: '{"a":1}' }],
    ],
    [
      "pieces, and whole when done",
      [
        added(),
        args('{"a"', { output_index: 0 }),
        args(":1}", { output_index: 0 }),
        { type: "response.function_call_arguments.done", output_index: 0, arguments: '{"a":1}' },
        { ...added({ arguments: '{"a":1}' }), type: "response.output_item.done" },
      ],
    ],
    [
      "the item when done, and nothing else",
      [{ ...added({ arguments: '{"a":1}' }), type: "response.output_item.done" }],
    ],
    ["arguments as an object", [added({ arguments: { a: 1 } })]],
  ])("are put together: %s", (_written, events) => {
    expect(callsOf(openaiResponses, [...events, last])).toEqual(FOUND);
  });

  it("are two by their ids, all at one place", () => {
    const events = [
      added(),
      added({ id: "j", call_id: "d" }),
      args('{"a":1}', { item_id: "j", output_index: 0 }),
      args('{"a":1}', { item_id: "i", output_index: 0 }),
    ];
    expect(callsOf(openaiResponses, [...events, last])).toEqual([...FOUND, ...FOUND]);
  });
});

describe("the tool calls of other streams", () => {
  it.each([
    ["an object", { a: 1 }],
    ["text", '{"a":1}'],
  ])("Gemini: arguments as %s", (_written, given) => {
    const parts = [{ functionCall: { name: "find", args: given } }];
    expect(callsOf(gemini, [{ candidates: [{ content: { parts }, finishReason: "STOP" }] }])).toEqual(FOUND);
  });

  it.each([
    [0, 0],
    [1, 1],
    [undefined, undefined],
    ["0", 0],
  ])("Cohere: indexes %j and %j", (first, then) => {
    const call = (fn: object, more: object = {}) => ({ message: { tool_calls: { ...more, function: fn } } });
    const events = [
      { type: "message-start", id: "m" },
      { type: "tool-call-start", index: first, delta: call({ name: "find", arguments: "" }, { id: "t" }) },
      { type: "tool-call-delta", index: then, delta: call({ arguments: '{"a":1}' }) },
      { type: "message-end", delta: { finish_reason: "TOOL_CALL" } },
    ];
    expect(callsOf(cohereChat, events)).toEqual(FOUND);
  });
});
