import { describe, expect, it } from "vitest";
import { openaiResponses } from "../../../../formats/wire/openai/openai-responses.ts";
import { readStream, seesContent, sse } from "../read-stream.ts";

const URL_ = new URL("https://api.openai.com/v1/responses");
const text = (value: string, more: object = {}) => ({ type: "output_text", text: value, annotations: [], ...more });
const message = (...content: object[]) => ({ type: "message", role: "assistant", status: "completed", content });
const call = (name: string, args: string) => ({ type: "function_call", call_id: "c", name, arguments: args });
const response = (output: object[], more: object = {}) => ({
  ...{ id: "resp_1", object: "response", model: "gpt-x-2026", status: "completed", error: null, output },
  usage: {
    ...{ input_tokens: 20, input_tokens_details: { cached_tokens: 8 } },
    ...{ output_tokens: 9, output_tokens_details: { reasoning_tokens: 5 }, total_tokens: 29 },
  },
  ...more,
});
const read = (body: object) => openaiResponses.readAnswer(JSON.stringify(body));
const delta = (type: string, value: string, more: object = {}) => ({
  type: `response.${type}.delta`,
  delta: value,
  ...more,
});
const created = { type: "response.created", response: response([], { status: "in_progress", usage: null }) };

describe("a response", () => {
  it("is read whole: text, usage, identity and tier", () => {
    const body = response([{ type: "reasoning", summary: [] }, message(text("Mon"), text("day"))], {
      service_tier: "flex",
    });
    expect(read(body)).toEqual({
      ...{ id: "resp_1", model: "gpt-x-2026", fingerprint: "", finishReasons: ["stop"], complete: true, error: null },
      usage: { input: 20, output: 9, cached: 8, reasoning: 5 },
      answer: { text: "Monday", chars: 6, refusal: null, finishReason: "stop", toolCalls: [], meanLogprob: null },
      attributes: { "openai.response.service_tier": "flex" },
    });
  });

  it.each([
    [
      "a tool call",
      [call("find", '{"a":1}')],
      {},
      ["tool_calls"],
      { text: null, toolCalls: [{ name: "find", arguments: '{"a":1}' }] },
    ],
    [
      "a custom tool call",
      [{ type: "custom_tool_call", name: "sql", input: "select" }],
      {},
      ["tool_calls"],
      { toolCalls: [{ name: "sql", arguments: "select" }] },
    ],
    [
      "a call of the provider's own tool",
      [{ type: "web_search_call" }, message(text("a"))],
      {},
      ["stop"],
      { toolCalls: [] },
    ],
    ["a refusal", [message({ type: "refusal", refusal: "no" })], {}, ["stop"], { text: null, refusal: "no" }],
    [
      "a cut answer",
      [message(text("a"))],
      { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
      ["length"],
      { text: "a" },
    ],
    [
      "a filtered answer",
      [],
      { status: "incomplete", incomplete_details: { reason: "content_filter" } },
      ["content_filter"],
      null,
    ],
    [
      "log-probabilities",
      [message(text("ab", { logprobs: [{ logprob: -1 }, { logprob: -3 }] }))],
      {},
      ["stop"],
      { meanLogprob: -2 },
    ],
    ["an accepted background task", [], { status: "queued", usage: null }, [], null],
  ])("says %s", (_name, output, more, finishReasons, answer) => {
    const facts = read(response(output, more));
    expect(facts).toMatchObject({ finishReasons, complete: true });
    if (answer === null) expect(facts?.answer).toBeNull();
    else expect(facts?.answer).toMatchObject(answer);
  });

  it("that failed is an error, told by its code", () => {
    const error = { code: "server_error", message: "SECRET" };
    const facts = read(response([], { status: "failed", error }));
    expect(facts).toMatchObject({ error: "server_error", complete: false, finishReasons: ["error"] });
    expect(JSON.stringify(facts)).not.toContain("SECRET");
  });

  it.each(["{}", "[]", "<html>", '{"data":[]}'])("is none: %s", (body) => {
    expect(openaiResponses.readAnswer(body)).toBeNull();
  });
});

describe("a streamed response", () => {
  it("is what its last event says", () => {
    const last = response([message(text("Monday"))]);
    const stream = sse(created, delta("output_text", "Mon"), delta("output_text", "day"), {
      type: "response.completed",
      response: last,
    });
    expect(readStream(openaiResponses, [stream])).toEqual(read(last));
  });

  it("keeps the pieces when the last event has no output", () => {
    const stream = sse(created, delta("output_text", "Mon"), { type: "response.completed", response: response([]) });
    expect(readStream(openaiResponses, [stream])).toMatchObject({
      complete: true,
      answer: { text: "Mon", finishReason: "stop" },
    });
  });

  it("that is cut has what came until then", () => {
    const added = { type: "response.output_item.added", output_index: 3, item: call("find", "") };
    const stream = sse(
      ...[created, delta("output_text", "a"), delta("refusal", "no"), added],
      ...[
        delta("function_call_arguments", '{"a"', { output_index: 3 }),
        delta("function_call_arguments", ":1}", { output_index: 3 }),
      ],
    );
    expect(readStream(openaiResponses, [stream])).toMatchObject({
      ...{ id: "resp_1", model: "gpt-x-2026", complete: false, finishReasons: ["error"] },
      answer: { text: "a", refusal: "no", toolCalls: [{ name: "find", arguments: '{"a":1}' }] },
    });
  });

  it.each([
    ["an error event", { type: "error", code: "rate_limit_exceeded", message: "SECRET" }, "rate_limit_exceeded"],
    ["a nested error", { type: "error", error: { type: "server_error", message: "SECRET" } }, "server_error"],
    [
      "a failed response",
      { type: "response.failed", response: response([], { status: "failed", error: { code: "server_error" } }) },
      "server_error",
    ],
  ])("knows %s", (_name, event, error) => {
    expect(readStream(openaiResponses, [sse(created, event)])).toMatchObject({ error, complete: false });
  });

  it.each([
    ["nothing but its beginning", created, false],
    ["text", delta("output_text", "a"), true],
    ["arguments", delta("function_call_arguments", "{"), true],
    ["reasoning", delta("reasoning_summary_text", "a"), true],
  ])("has content in %s: %s", (_name, event, expected) => {
    expect(seesContent(openaiResponses, [...sse(event)])).toBe(expected);
  });
});

describe("a request for a response", () => {
  it("says what was asked, and nothing of the content", () => {
    const schema = { type: "object" };
    const body = {
      ...{ model: "gpt-x", instructions: "SECRET", metadata: { a: "SECRET" }, user: "SECRET", stream: true },
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "SECRET" },
            { type: "input_image", image_url: "SECRET" },
          ],
        },
      ],
      text: { format: { type: "json_schema", name: "x", schema } },
      tools: [{ type: "function", name: "find", parameters: schema }, { type: "web_search" }],
      ...{
        tool_choice: "required",
        max_output_tokens: 99,
        reasoning: { effort: "high" },
        conversation: { id: "conv_1" },
      },
    };
    const facts = openaiResponses.readRequest(body, URL_);
    expect(facts).toEqual({
      ...{ operation: "chat", model: "gpt-x", inputParts: { image: 1 } },
      asked: { json: true, schema, tools: ["find"], toolSchemas: new Map([["find", schema]]), toolRequired: true },
      attributes: {
        "openai.api.type": "responses",
        "gen_ai.output.type": "json",
        "gen_ai.conversation.id": "conv_1",
        "gen_ai.request.max_tokens": 99,
        "gen_ai.request.reasoning.level": "high",
        "gen_ai.request.stream": true,
      },
    });
    expect(JSON.stringify(facts)).not.toContain("SECRET");
  });

  it.each([
    ["a survey's answers", { model: "x", answers: [] }, false],
    ["an input without a model", { input: "a" }, false],
    ["a stored prompt, which names the model itself", { prompt: { id: "pmpt_1" } }, true],
  ])("is told from others with the same path: %s", (_name, body, expected) => {
    expect(openaiResponses.readRequest(body, URL_) !== null).toBe(expected);
  });
});
