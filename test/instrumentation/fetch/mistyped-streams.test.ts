import { describe, expect, it } from "vitest";
import { anthropicMessages } from "../../../formats/wire/anthropic/anthropic.ts";
import { gemini } from "../../../formats/wire/gemini/gemini.ts";
import { openaiChat } from "../../../formats/wire/openai/openai-chat.ts";
import { openaiResponses } from "../../../formats/wire/openai/openai-responses.ts";
import type { WireFormat } from "../../../formats/wire/wire-format.ts";
import { type BodyRecorder, createBodyRecorder } from "../../../instrumentation/fetch/body-recorder.ts";
import { createByteBlocks } from "../../../instrumentation/fetch/byte-blocks.ts";
import { sse } from "../../formats/wire/read-stream.ts";

const recorderOf = (format: WireFormat, contentType: string | null, url = "http://x.test/"): BodyRecorder =>
  createBodyRecorder(format, new URL(url), contentType, createByteBlocks());

const read = (format: WireFormat, contentType: string | null, pieces: readonly (string | Uint8Array)[]) => {
  const recorder = recorderOf(format, contentType);
  for (const piece of pieces) recorder.push(piece);
  return { streamed: recorder.streamed, facts: recorder.facts() };
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const choice = (delta: object, finish_reason: string | null = null) => ({
  ...{ id: "c", model: "m" },
  choices: [{ index: 0, delta, finish_reason }],
});
const USAGE = { choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } };
const CHUNKS = [choice({ content: "hel" }), choice({ content: "lo" }), choice({}, "stop"), USAGE];
const STREAM = sse(...CHUNKS, "[DONE]");
const RIGHT = {
  ...{ complete: true, error: null, finishReasons: ["stop"], usage: { input: 10, output: 5 } },
  answer: { text: "hello" },
};

const TYPES = [
  ...[
    "text/event-stream",
    "Text/Event-Stream; charset=utf-8",
    "TEXT/EVENT-STREAM",
    "application/json",
    "Application/JSON",
  ],
  ...["text/plain", "text/html", "application/octet-stream", "binary/octet-stream", "", null],
];

describe("a stream of events", () => {
  it.each(TYPES)("is read as one, called %j", (type) => {
    expect(read(openaiChat, type, [bytes(STREAM)])).toMatchObject({ streamed: true, facts: RIGHT });
    expect(read(openaiChat, type, [STREAM])).toMatchObject({ facts: RIGHT });
    const half = Math.floor(STREAM.length / 2);
    expect(read(openaiChat, type, [bytes(STREAM.slice(0, half)), bytes(STREAM.slice(half))])).toMatchObject({
      facts: RIGHT,
    });
  });

  it.each([
    ["a byte order mark", `\ufeff${STREAM}`],
    ["blank lines before it", `\n\n${STREAM}`],
    ["a comment first", `: hello\n\n${STREAM}`],
    ["a name first", `event: message\n${STREAM}`],
    ["an id first", `id: 1\n${STREAM}`],
    ["a time to come again first", `retry: 3000\n\n${STREAM}`],
    ["no blank after the colon", STREAM.replaceAll("data: ", "data:")],
    ["carriage returns", STREAM.replaceAll("\n", "\r")],
    ["both line ends", STREAM.replaceAll("\n", "\r\n")],
    ["no blank lines", STREAM.replaceAll("\n\n", "\n")],
    ["ids behind the data", STREAM.replaceAll("\n\n", "\nid: 1\n\n")],
  ])("is read, called text/plain, with %s", (_what, stream) => {
    expect(read(openaiChat, "text/plain", [bytes(stream)])).toMatchObject({ streamed: true, facts: RIGHT });
  });

  it("says when its content came", () => {
    const recorder = recorderOf(openaiChat, "application/json");
    const seen = [sse(choice({ role: "assistant" })), sse(choice({ content: "a" }))].map((text) =>
      recorder.push(bytes(text)),
    );
    expect(seen).toEqual([false, true]);
  });

  it("of Anthropic, Gemini and responses is read alike", () => {
    const anthropic = sse(
      { type: "message_start", message: { id: "m", model: "claude", usage: { input_tokens: 12, output_tokens: 1 } } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "hello" } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 50 } },
      { type: "message_stop" },
    );
    expect(read(anthropicMessages, "text/plain", [bytes(anthropic)]).facts).toMatchObject({
      ...{ complete: true, finishReasons: ["stop"], usage: { input: 12, output: 50 } },
    });
    const url = "http://x.test/v1beta/models/gemini-x:streamGenerateContent?alt=sse";
    const recorder = recorderOf(gemini, "application/json", url);
    recorder.push(bytes(sse({ candidates: [{ content: { parts: [{ text: "hello" }] }, finishReason: "STOP" }] })));
    expect(recorder.facts()).toMatchObject({ complete: true, answer: { text: "hello" } });
    const response = { object: "response", status: "completed", output: [] };
    const responses = sse(
      { type: "response.output_text.delta", delta: "hello" },
      { type: "response.completed", response },
    );
    expect(read(openaiResponses, null, [bytes(responses)]).facts).toMatchObject({
      complete: true,
      answer: { text: "hello" },
    });
  });

  it.each<[string, string, string]>([
    ["an error", sse({ error: { code: "overloaded", message: "SECRET" } }), "overloaded"],
    [
      "an error that is only named",
      'event: error\ndata: {"message":"SECRET","type":"server_error"}\n\n',
      "server_error",
    ],
    ["an error in words", "event: error\ndata: SECRET went wrong\n\n", "provider_error"],
    [
      "an error over several lines",
      'event: error\ndata: {\ndata:   "error": { "message": "SECRET",\ndata: "code": "overloaded" }\ndata: }\n\n',
      "overloaded",
    ],
    ["a named error behind its data", 'data: {"error":{"code":"overloaded"}}\nevent: error\n\n', "overloaded"],
  ])("with %s is one that failed", (_what, event, error) => {
    for (const type of ["text/plain", "application/json", "text/event-stream", null]) {
      const facts = read(openaiChat, type, [bytes(sse(choice({ content: "hel" })) + event + sse("[DONE]"))]).facts;
      expect(facts).toMatchObject({ error, complete: false });
      expect(JSON.stringify(facts)).not.toContain("SECRET");
    }
  });

  it("has no error where an event of another name comes after a named one without data", () => {
    const stream = `event: error\n\n${STREAM}`;
    expect(read(openaiChat, "text/event-stream", [bytes(stream)]).facts).toMatchObject(RIGHT);
    expect(read(openaiChat, "text/event-stream", [bytes(`event: errors\n${STREAM}`)]).facts).toMatchObject(RIGHT);
  });
});

const COMPLETION = {
  ...{ id: "c", model: "m", choices: [{ index: 0, message: { content: "hello" }, finish_reason: "stop" }] },
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
};

describe("a plain answer", () => {
  it.each(TYPES)("stays one, called %j", (type) => {
    for (const text of [
      JSON.stringify(COMPLETION),
      `\ufeff${JSON.stringify(COMPLETION)}`,
      `\n ${JSON.stringify(COMPLETION, null, 2)}\n`,
    ])
      expect(read(openaiChat, type, [bytes(text)])).toMatchObject({ facts: RIGHT });
  });

  it("that is cut anywhere stays one", () => {
    const text = JSON.stringify(COMPLETION);
    for (const type of ["application/json", "text/event-stream"])
      for (const at of [1, 2, 5, 20])
        expect(read(openaiChat, type, [bytes(text.slice(0, at)), bytes(text.slice(at))]).facts).toMatchObject(RIGHT);
  });

  it("that is an error, called a stream, is an error", () => {
    const body = JSON.stringify({ error: { code: "overloaded", message: "SECRET" } });
    expect(read(openaiChat, "text/event-stream", [bytes(body)]).facts).toMatchObject({ error: "overloaded" });
  });

  it("in lines, called a stream of events, is read by its lines", () => {
    const lines = CHUNKS.map((chunk) => `${JSON.stringify(chunk)}\n`).join("");
    expect(read(openaiChat, "text/event-stream", [bytes(lines)])).toMatchObject({ streamed: true, facts: RIGHT });
  });

  it("of nothing is no answer", () => {
    expect(read(openaiChat, "text/plain", []).facts).toBeNull();
    expect(read(openaiChat, "text/plain", [bytes("<html>data: no</html>")]).facts).toBeNull();
  });
});
