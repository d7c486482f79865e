import { describe, expect, it } from "vitest";
import type { AnswerFacts } from "../../../formats/wire/answer-facts.ts";
import { anthropicMessages } from "../../../formats/wire/anthropic/anthropic.ts";
import { bedrockConverse, bedrockInvoke } from "../../../formats/wire/bedrock/bedrock.ts";
import { cohereChat } from "../../../formats/wire/cohere/cohere.ts";
import { gemini } from "../../../formats/wire/gemini/gemini.ts";
import { mistral } from "../../../formats/wire/mistral/mistral.ts";
import type { WireFormat } from "../../../formats/wire/wire-format.ts";
import { anthropicStream } from "../../doubles/anthropic.ts";
import { eventStreamMessage } from "../../doubles/event-stream.ts";
import { readStream, seesContent, sse } from "./read-stream.ts";

const FORMATS = [anthropicMessages, gemini, cohereChat, mistral, bedrockConverse, bedrockInvoke];

const answerOf = (format: WireFormat, body: object): AnswerFacts | null => format.readAnswer(JSON.stringify(body));

const EVENTS = { contentType: "application/vnd.amazon.eventstream" };
const frame = (type: string, payload: object): Buffer =>
  eventStreamMessage({ ":event-type": type, ":message-type": "event" }, JSON.stringify(payload));
const chunk = (document: object): Buffer =>
  frame("chunk", { bytes: Buffer.from(JSON.stringify(document)).toString("base64") });
const exception = (type: string): Buffer =>
  eventStreamMessage({ ":exception-type": type, ":message-type": "exception" }, '{"message":"SECRET"}');

const CONVERSE_STREAM = [
  frame("messageStart", { role: "assistant" }),
  frame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "grüße" } }),
  frame("contentBlockStart", { contentBlockIndex: 1, start: { toolUse: { name: "find" } } }),
  frame("contentBlockDelta", { contentBlockIndex: 1, delta: { toolUse: { input: '{"id"' } } }),
  frame("contentBlockDelta", { contentBlockIndex: 1, delta: { toolUse: { input: ":1}" } } }),
  frame("messageStop", { stopReason: "tool_use" }),
  frame("metadata", { usage: { inputTokens: 5, outputTokens: 2, cacheReadInputTokens: 4, cacheWriteInputTokens: 1 } }),
];

const GEMINI_ARRAY = `[{"candidates": [{"content": {"parts": [{"text": "a } \\" ] \\\\"}]}}]}\n,\r\n{
  "candidates": [{"content": {"parts": [{"text": "grüße"}]}, "finishReason": "STOP"}]}]`;

describe("a stream", () => {
  const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
  it.each([
    [
      "Anthropic's events",
      anthropicMessages,
      bytesOf(
        anthropicStream("claude-tool", "tool")
          .map((event) => sse(event))
          .join("")
          .replaceAll("Let", "grüße ✓"),
      ),
      {},
    ],
    [
      "Gemini's JSON array",
      gemini,
      bytesOf(GEMINI_ARRAY),
      { url: "http://x.test/models/m:streamGenerateContent", contentType: "application/json; charset=UTF-8" },
    ],
    ["Bedrock's event stream", bedrockConverse, new Uint8Array(Buffer.concat(CONVERSE_STREAM)), EVENTS],
  ])("of %s reads the same wherever the network cut it", (_name, format, bytes, how) => {
    const expected = readStream(format, [bytes], how);
    expect(expected.complete).toBe(true);
    for (let at = 1; at < bytes.length; at += 1) {
      expect(readStream(format, [bytes.slice(0, at), bytes.slice(at)], how)).toEqual(expected);
    }
    expect(
      readStream(
        format,
        [...bytes].map((byte) => Uint8Array.of(byte)),
        how,
      ),
    ).toEqual(expected);
  });

  it("as a JSON array gives every object, braces and quotes in texts or not", () => {
    const how = { url: "http://x.test/models/m:streamGenerateContent", contentType: "application/json" };
    expect(readStream(gemini, [GEMINI_ARRAY], how).answer?.text).toBe('a } " ] \\grüße');
  });

  it("as an AWS event stream gives events, with usage that includes the cache", () => {
    expect(readStream(bedrockConverse, CONVERSE_STREAM, EVENTS)).toMatchObject({
      usage: { input: 10, output: 2, cached: 4, cacheWrite: 1 },
      finishReasons: ["tool_calls"],
      answer: { text: "grüße", toolCalls: [{ name: "find", arguments: '{"id":1}' }] },
    });
  });

  it.each([
    ["noise", Buffer.from("this is no event stream, but long enough to look like one")],
    ["a length of nothing", Buffer.alloc(64)],
    ["a length beyond all bounds", Buffer.alloc(64, 255)],
    ["a header that ends outside", Buffer.from(CONVERSE_STREAM[0] ?? []).fill(255, 12, 30)],
    ["half a message", (CONVERSE_STREAM[1] ?? Buffer.alloc(0)).subarray(0, 40)],
  ])("as an AWS event stream survives %s", (_name, bytes) => {
    expect(readStream(bedrockConverse, [new Uint8Array(bytes)], EVENTS).complete).toBe(false);
  });

  it.each([
    ["ConverseStream", bedrockConverse, CONVERSE_STREAM.slice(0, 2)],
    ["InvokeModelWithResponseStream", bedrockInvoke, [chunk({ type: "message_start", message: { id: "m" } })]],
  ])("of %s ends with the exception that Bedrock sends, without its message", (_name, format, before) => {
    const facts = readStream(format, [...before, exception("throttlingException")], EVENTS);
    expect(facts).toMatchObject({ error: "throttlingException", complete: false });
    expect(JSON.stringify(facts)).not.toContain("SECRET");
  });
});

describe("the first content", () => {
  const start = (block: object): string => sse({ type: "content_block_start", index: 0, content_block: block });
  const delta = (piece: object): string => sse({ type: "content_block_delta", index: 0, delta: piece });
  const part = (piece: object): string => sse({ candidates: [{ content: { parts: [piece] } }] });
  const base64 = (document: object): string => chunk(document).toString("latin1");
  it.each([
    ["Anthropic's opening", anthropicMessages, sse({ type: "message_start", message: { content: [] } }), false],
    ["Anthropic's empty text", anthropicMessages, start({ type: "text", text: "" }), false],
    ["Anthropic's text", anthropicMessages, delta({ type: "text_delta", text: "H" }), true],
    ["Anthropic's thinking", anthropicMessages, delta({ type: "thinking_delta", thinking: "H" }), true],
    ["Anthropic's tool", anthropicMessages, start({ type: "tool_use", name: "f", input: {} }), true],
    ["Gemini's empty text", gemini, part({ text: "" }), false],
    ["Gemini's text", gemini, part({ text: "H" }), true],
    ["Gemini's function call", gemini, part({ functionCall: { name: "f" } }), true],
    [
      "Cohere's opening",
      cohereChat,
      sse({ type: "content-start", delta: { message: { content: { text: "" } } } }),
      false,
    ],
    ["Cohere's text", cohereChat, sse({ type: "content-delta", delta: { message: { content: { text: "H" } } } }), true],
    ["Cohere's plan", cohereChat, sse({ type: "tool-plan-delta", delta: { message: { tool_plan: "I" } } }), true],
    ["Converse's opening", bedrockConverse, '{"messageStart":{"role":"assistant"}}', false],
    ["Converse's text", bedrockConverse, '{"contentBlockDelta":{"delta":{"text":"H"}}}', true],
    ["Claude's opening on Bedrock", bedrockInvoke, base64({ type: "message_start", message: {} }), false],
    ["Claude's text on Bedrock", bedrockInvoke, base64({ type: "content_block_delta", index: 0 }), true],
    ["Nova's text", bedrockInvoke, base64({ contentBlockDelta: {} }), true],
    ["Titan's text", bedrockInvoke, base64({ outputText: "H" }), true],
    ["Llama's text", bedrockInvoke, base64({ generation: "H" }), true],
    ["Claude's text as the AWS SDK gives it", bedrockInvoke, '{"type":"content_block_delta"}', true],
  ])("is, or is not, %s", (_name, format, text, expected) => {
    expect(seesContent(format, [text])).toBe(expected);
    expect(seesContent(format, [...text])).toBe(expected);
  });
});

describe("usage", () => {
  it.each([
    [
      "Anthropic: what the cache held is input too",
      anthropicMessages,
      {
        type: "message",
        stop_reason: "end_turn",
        usage: { input_tokens: 11, cache_read_input_tokens: 4, cache_creation_input_tokens: 3, output_tokens: 2 },
      },
      { input: 18, output: 2, cached: 4, cacheWrite: 3 },
    ],
    [
      "Anthropic: null is not given",
      anthropicMessages,
      {
        type: "message",
        stop_reason: "end_turn",
        usage: { input_tokens: 11, cache_read_input_tokens: null, output_tokens: 2 },
      },
      { input: 11, output: 2 },
    ],
    [
      "Gemini: thoughts are output, what tools fetched is input",
      gemini,
      {
        candidates: [{}],
        usageMetadata: {
          promptTokenCount: 8,
          toolUsePromptTokenCount: 2,
          candidatesTokenCount: 3,
          thoughtsTokenCount: 4,
          cachedContentTokenCount: 5,
        },
      },
      { input: 10, output: 7, cached: 5, reasoning: 4 },
    ],
    [
      "Anthropic: what was written to the cache, by age",
      anthropicMessages,
      {
        ...{ type: "message", stop_reason: "end_turn" },
        usage: {
          ...{ input_tokens: 11, output_tokens: 2 },
          cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
        },
      },
      { input: 18, output: 2, cacheWrite: 7 },
    ],
    [
      "Gemini: thoughts in the total alone",
      gemini,
      { candidates: [{}], usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 3, totalTokenCount: 20 } },
      { input: 8, output: 12 },
    ],
    [
      "Gemini: thoughts in the answer's count, by the total",
      gemini,
      {
        candidates: [{}],
        usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 7, thoughtsTokenCount: 4, totalTokenCount: 15 },
      },
      { input: 8, output: 7, reasoning: 4 },
    ],
    [
      "Cohere: billed counts of nothing are none",
      cohereChat,
      {
        finish_reason: "COMPLETE",
        usage: { billed_units: { input_tokens: 0, output_tokens: 0 }, tokens: { input_tokens: 500, output_tokens: 9 } },
      },
      { input: 500, output: 9 },
    ],
    ["Anthropic: zeros", anthropicMessages, { type: "message", usage: { input_tokens: 0, output_tokens: 0 } }, {}],
    [
      "Gemini: an answer of thoughts only",
      gemini,
      { candidates: [{}], usageMetadata: { promptTokenCount: 8, thoughtsTokenCount: 4 } },
      { input: 8, output: 4, reasoning: 4 },
    ],
    [
      "Cohere: billed counts win",
      cohereChat,
      {
        finish_reason: "COMPLETE",
        usage: {
          billed_units: { input_tokens: 5, output_tokens: 2 },
          tokens: { input_tokens: 500, output_tokens: 9 },
          cached_tokens: 400,
        },
      },
      { input: 5, output: 2 },
    ],
    [
      "Cohere: else all tokens",
      cohereChat,
      { finish_reason: "COMPLETE", usage: { tokens: { input_tokens: 500, output_tokens: 9 }, cached_tokens: 400 } },
      { input: 500, output: 9, cached: 400 },
    ],
    ["Bedrock without any", bedrockConverse, { stopReason: "end_turn", output: {} }, {}],
  ])("%s", (_name, format, body, usage) => {
    expect(answerOf(format, body)?.usage).toEqual(usage);
  });
});

it("a zero that comes later takes no count of Anthropic's or Gemini's back", () => {
  const usage = { input_tokens: 0, output_tokens: 50, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  const anthropic = sse(
    { type: "message_start", message: { id: "m", usage: { input_tokens: 1200, output_tokens: 1 } } },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage },
  );
  expect(readStream(anthropicMessages, [anthropic]).usage).toMatchObject({ input: 1200, output: 50 });
  const counts = { promptTokenCount: 8, candidatesTokenCount: 3, totalTokenCount: 11 };
  const zeros = { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 };
  const pieces = [counts, zeros, {}].map((usageMetadata) => ({
    candidates: [{ finishReason: "STOP" }],
    usageMetadata,
  }));
  expect(readStream(gemini, [sse(...pieces)]).usage).toEqual({ input: 8, output: 3 });
});

describe("an answer", () => {
  it("of a prompt that Gemini blocked has no text and says why", () => {
    const facts = answerOf(gemini, { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, usageMetadata: {} });
    expect(facts).toMatchObject({ finishReasons: ["content_filter"], complete: true });
    expect(facts?.answer).toMatchObject({ text: null, finishReason: "content_filter" });
  });

  it("of several candidates has a finish reason for each, and the text of the first", () => {
    const candidate = (index: number, text: string, finishReason: string) => ({
      index,
      content: { parts: [{ text }] },
      finishReason,
    });
    const facts = answerOf(gemini, { candidates: [candidate(0, "a", "STOP"), candidate(1, "b", "MAX_TOKENS")] });
    expect(facts).toMatchObject({ finishReasons: ["stop", "length"], answer: { text: "a" } });
  });

  it("of Anthropic leaves out the provider's own tool calls", () => {
    const content = [
      { type: "server_tool_use", name: "web_search", input: {} },
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    const facts = answerOf(anthropicMessages, { id: "m", type: "message", stop_reason: "pause_turn", content });
    expect(facts).toMatchObject({ finishReasons: ["pause_turn"], answer: { text: "ab", toolCalls: [] } });
  });

  it("of Cohere carries the mean log-probability", () => {
    const logprobs = [
      { token_ids: [1], logprobs: [-1] },
      { token_ids: [2, 3], logprobs: [-2, -3] },
    ];
    expect(answerOf(cohereChat, { finish_reason: "COMPLETE", message: {}, logprobs })?.answer?.meanLogprob).toBe(-2);
  });

  it.each([
    [
      "Anthropic's",
      anthropicMessages,
      { type: "error", error: { type: "overloaded_error", message: "SECRET" } },
      "overloaded_error",
    ],
    ["Gemini's", gemini, { error: { code: 503, status: "UNAVAILABLE", message: "SECRET" } }, "UNAVAILABLE"],
    ["Cohere's", cohereChat, { finish_reason: "TIMEOUT", message: {} }, "timeout"],
  ])("that is %s error with status 200 is an error, without its message", (_name, format, body, error) => {
    const facts = answerOf(format, body);
    expect(facts).toMatchObject({ error, complete: false });
    expect(JSON.stringify(facts)).not.toContain("SECRET");
  });
});

describe("an answer of InvokeModel", () => {
  const nova = {
    output: { message: { content: [{ text: "hi" }] } },
    stopReason: "end_turn",
    usage: { inputTokens: 5, outputTokens: 2 },
  };
  it.each([
    [
      "Claude",
      {
        id: "m",
        type: "message",
        content: [{ type: "text", text: "hi" }],
        stop_reason: "end_turn",
        usage: { input_tokens: 5, output_tokens: 2 },
      },
    ],
    ["Nova", nova],
    ["Titan", { inputTextTokenCount: 5, results: [{ tokenCount: 2, outputText: "hi", completionReason: "FINISH" }] }],
    ["Llama", { generation: "hi", prompt_token_count: 5, generation_token_count: 2, stop_reason: "stop" }],
    [
      "chat completions",
      {
        choices: [{ message: { content: "hi" }, finish_reason: "stop" }],
        usage: { prompt_tokens: 5, completion_tokens: 2 },
      },
    ],
  ])("of %s tells text, end and usage", (_name, body) => {
    expect(answerOf(bedrockInvoke, body)).toMatchObject({
      ...{ finishReasons: ["stop"], complete: true, usage: { input: 5, output: 2 } },
      answer: { text: "hi", finishReason: "stop" },
    });
  });

  it.each([
    ["Mistral", { outputs: [{ text: "hi", stop_reason: "stop" }] }],
    ["Command R", { text: "hi", finish_reason: "COMPLETE" }],
    ["Command", { generations: [{ text: "hi", finish_reason: "COMPLETE" }] }],
    ["DeepSeek", { choices: [{ text: "hi", stop_reason: "stop" }] }],
  ])("of %s tells text and end", (_name, body) => {
    expect(answerOf(bedrockInvoke, body)).toMatchObject({ finishReasons: ["stop"], answer: { text: "hi" }, usage: {} });
  });

  it.each([
    [
      "Titan",
      [
        { outputText: "h" },
        { outputText: "i", completionReason: "FINISH", inputTextTokenCount: 5, totalOutputTextTokenCount: 2 },
      ],
    ],
    [
      "Llama",
      [
        { generation: "h" },
        {
          generation: "i",
          stop_reason: "stop",
          "amazon-bedrock-invocationMetrics": { inputTokenCount: 5, outputTokenCount: 2 },
        },
      ],
    ],
    [
      "Nova",
      [
        { messageStart: {} },
        { contentBlockDelta: { delta: { text: "hi" } } },
        { messageStop: { stopReason: "end_turn" } },
        { metadata: { usage: { inputTokens: 5, outputTokens: 2 } } },
      ],
    ],
    [
      "chat completions",
      [
        { choices: [{ delta: { content: "hi" } }] },
        {
          choices: [{ delta: {}, finish_reason: "stop" }],
          "amazon-bedrock-invocationMetrics": { inputTokenCount: 5, outputTokenCount: 2 },
        },
      ],
    ],
  ])("streamed by %s is put together", (_name, documents) => {
    expect(readStream(bedrockInvoke, documents.map(chunk), EVENTS)).toMatchObject({
      ...{ finishReasons: ["stop"], complete: true, usage: { input: 5, output: 2 } },
      answer: { text: "hi" },
    });
  });

  it("that is an embedding has usage and no text", () => {
    expect(answerOf(bedrockInvoke, { embedding: [0.1], inputTextTokenCount: 5 })).toMatchObject({
      ...{ finishReasons: [], answer: null, complete: true, usage: { input: 5 } },
    });
  });

  it("that broke off is incomplete: the AWS SDK does not say so", () => {
    expect(bedrockInvoke.readAnswer('{"id":"m","content":[{"type":"te')).toMatchObject({
      complete: false,
      answer: null,
    });
  });
});

describe("every format", () => {
  const odd: unknown[] = [null, 0, "", "x", [], {}, [[]], [{}], [null], { type: null }, { a: { b: [] } }];
  const names = [
    ...[
      "type",
      "message",
      "delta",
      "content",
      "content_block",
      "index",
      "usage",
      "error",
      "candidates",
      "parts",
      "role",
    ],
    ...["usageMetadata", "promptFeedback", "finish_reason", "logprobs", "choices", "output", "stopReason", "results"],
    ...["messageStart", "contentBlockStart", "contentBlockDelta", "messageStop", "metadata", "tool_calls", "$metadata"],
  ];
  const kinds = ["message_start", "content_block_start", "content_block_delta", "message_delta", "message", "error"];
  const documents = [
    ...names.flatMap((name) => odd.map((value) => ({ [name]: value }))),
    ...kinds.flatMap((type) => names.flatMap((name) => odd.map((value) => ({ type, [name]: value })))),
    ...names.flatMap((outer) => names.map((inner) => ({ [outer]: { [inner]: [{}] } }))),
    ...names.map((name) => ({ candidates: [{ [name]: 1, content: { parts: [{ [name]: 1 }] } }] })),
  ];

  it.each(FORMATS.map((format) => [format.name, format] as const))("%s survives any JSON", (_name, format) => {
    const url = new URL("http://x.test/model/m/converse");
    for (const document of documents) {
      format.readAnswer(JSON.stringify(document));
      format.readRequest(document, url);
      const fold = format.createFold(url);
      fold.event(document);
      for (const other of documents.slice(0, 40)) fold.event(other);
      fold.facts();
    }
  });

  it.each(FORMATS.map((format) => [format.name, format] as const))("%s survives what is no JSON", (_name, format) => {
    for (const text of ["", "<html>", "[1]", "null", '"x"', "{"])
      expect(format.readAnswer(text)?.complete ?? false).toBe(false);
  });
});
