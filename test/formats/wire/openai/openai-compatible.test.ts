import { describe, expect, it } from "vitest";
import { openaiChat } from "../../../../formats/wire/openai/openai-chat.ts";
import { openaiCompletions } from "../../../../formats/wire/openai/openai-completions.ts";
import { openaiEmbeddings } from "../../../../formats/wire/openai/openai-embeddings.ts";
import { wireFormatOf } from "../../../../formats/wire/wire-formats.ts";
import { readStream, sse } from "../read-stream.ts";

const CHAT_URL = new URL("https://api.openai.com/v1/chat/completions");
const chat = (message: object, more: object = {}) =>
  openaiChat.readAnswer(JSON.stringify({ id: "c", choices: [{ index: 0, message, finish_reason: "stop" }], ...more }));
const embed = (body: object) => openaiEmbeddings.readAnswer(JSON.stringify(body));

describe("the format of a URL", () => {
  it.each([
    ["https://api.openai.com/v1/chat/completions", "openai.chat_completions"],
    ["https://api.openai.com/v1/responses", "openai.responses"],
    ["https://api.openai.com/v1/embeddings", "openai.embeddings"],
    ["https://api.openai.com/v1/completions", "openai.completions"],
    ["https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1", "openai.chat_completions"],
    ["https://x.openai.azure.com/openai/deployments/d/embeddings?api-version=1", "openai.embeddings"],
    ["https://x.openai.azure.com/openai/responses?api-version=preview", "openai.responses"],
    ["https://x.openai.azure.com/openai/v1/responses", "openai.responses"],
    ["http://vllm:8000/v1/chat/completions", "openai.chat_completions"],
    ["http://localhost:11434/v1/chat/completions", "openai.chat_completions"],
    ["https://openrouter.ai/api/v1/chat/completions", "openai.chat_completions"],
    ["https://api.groq.com/openai/v1/chat/completions", "openai.chat_completions"],
    ["https://api.deepseek.com/chat/completions", "openai.chat_completions"],
    ["https://api.together.xyz/v1/completions/", "openai.completions"],
    ["https://api.openai.com/v1/responses/resp_1/cancel", undefined],
    ["https://api.openai.com/v1/files", undefined],
    ["https://example.test/my-responses", undefined],
  ])("%s: %s", (url, name) => {
    expect(wireFormatOf(new URL(url))?.name).toBe(name);
  });
});

describe("OpenAI-compatible answers", () => {
  it.each([
    [
      "OpenAI",
      {
        prompt_tokens: 9,
        completion_tokens: 5,
        total_tokens: 14,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      { input: 9, output: 5, cached: 4, reasoning: 2 },
    ],
    [
      "DeepSeek",
      {
        prompt_tokens: 9,
        completion_tokens: 5,
        total_tokens: 14,
        prompt_cache_hit_tokens: 6,
        prompt_cache_miss_tokens: 3,
      },
      { input: 9, output: 5, cached: 6 },
    ],
    [
      "x.ai, which counts reasoning beside the output",
      { prompt_tokens: 9, completion_tokens: 5, total_tokens: 34, completion_tokens_details: { reasoning_tokens: 20 } },
      { input: 9, output: 25, reasoning: 20 },
    ],
    [
      "OpenRouter's cache writes",
      { prompt_tokens: 9, completion_tokens: 5, prompt_tokens_details: { cache_write_tokens: 7 } },
      { input: 9, output: 5, cacheWrite: 7 },
    ],
    [
      "Moonshot, at the top",
      { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105, cached_tokens: 90 },
      { input: 100, output: 5, cached: 90 },
    ],
    [
      "Mistral and others, by a name of their own",
      { prompt_tokens: 100, completion_tokens: 5, num_cached_tokens: 90 },
      { input: 100, output: 5, cached: 90 },
    ],
    [
      "LiteLLM, which adds Anthropic's names",
      {
        ...{ prompt_tokens: 98_805, completion_tokens: 5120, total_tokens: 103_925 },
        prompt_tokens_details: { cached_tokens: 66_360, cache_creation_tokens: 32_435 },
        ...{ cache_read_input_tokens: 66_360, cache_creation_input_tokens: 32_435 },
      },
      { input: 98_805, output: 5120, cached: 66_360, cacheWrite: 32_435 },
    ],
    [
      "a proxy that keeps Anthropic's counts",
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cache_read_input_tokens: 1000 },
      { input: 1010, output: 5, cached: 1000 },
    ],
    [
      "a zero beside another name's count",
      {
        ...{ prompt_tokens: 100, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 0 } },
        cache_read_input_tokens: 90,
      },
      { input: 100, output: 5, cached: 90 },
    ],
    [
      "thoughts in the total alone",
      { prompt_tokens: 14, completion_tokens: 1, total_tokens: 115 },
      { input: 14, output: 101 },
    ],
    ["zeros", { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, {}],
    ["what can be no counts", { prompt_tokens: -1, completion_tokens: 2.5, total_tokens: "7" }, {}],
    [
      "OpenRouter, with what it cost",
      { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14, cost: 0.0123 },
      { input: 9, output: 5, costUsd: 0.0123 },
    ],
    [
      "OpenRouter, with a key of the app's own",
      {
        ...{ prompt_tokens: 9, completion_tokens: 5, cost: 0.25, is_byok: true },
        cost_details: { upstream_inference_cost: 2 },
      },
      { input: 9, output: 5, costUsd: 2.25 },
    ],
    [
      "Perplexity, with what it cost",
      { prompt_tokens: 9, completion_tokens: 5, cost: { total_cost: 0.006 } },
      { input: 9, output: 5, costUsd: 0.006 },
    ],
    [
      "a cost of nothing, which is no price",
      { prompt_tokens: 9, completion_tokens: 5, cost: 0 },
      { input: 9, output: 5 },
    ],
    ["a server that counts nothing", null, {}],
  ])("usage of %s", (_name, usage, expected) => {
    expect(chat({ content: "a" }, { usage })?.usage).toEqual(expected);
  });

  it.each([
    [
      "content in parts",
      {
        content: [
          { type: "thinking", thinking: [] },
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { text: "ab" },
    ],
    ["speech", { content: null, audio: { id: "a", data: "AAAA", transcript: "said" } }, { text: "said" }],
    [
      "an old function call",
      { content: null, function_call: { name: "f", arguments: "{}" } },
      { text: null, toolCalls: [{ name: "f", arguments: "{}" }] },
    ],
    [
      "arguments as an object",
      { content: null, tool_calls: [{ id: "a", function: { name: "f", arguments: { a: 1 } } }] },
      { text: null, toolCalls: [{ name: "f", arguments: '{"a":1}' }] },
    ],
    [
      "a call the old and the new way",
      {
        content: null,
        tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }],
        function_call: { name: "f", arguments: "{}" },
      },
      { text: null, toolCalls: [{ name: "f", arguments: "{}" }] },
    ],
    [
      "a custom tool call",
      { content: null, tool_calls: [{ type: "custom", custom: { name: "sql", input: "select" } }] },
      { toolCalls: [{ name: "sql", arguments: "select" }] },
    ],
  ])("reads %s", (_name, message, answer) => {
    expect(chat(message)?.answer).toMatchObject(answer);
  });

  it("means the log-probabilities of the first choice", () => {
    const choice = {
      index: 0,
      message: { content: "ab" },
      logprobs: { content: [{ logprob: -0.5 }, { logprob: -1.5 }, { logprob: null }] },
    };
    expect(openaiChat.readAnswer(JSON.stringify({ choices: [choice] }))?.answer?.meanLogprob).toBe(-1);
    const chunk = (logprob: number) => ({
      choices: [{ index: 0, delta: { content: "a" }, logprobs: { content: [{ logprob }] } }],
    });
    expect(readStream(openaiChat, [sse(chunk(-1), chunk(-4))]).answer?.meanLogprob).toBe(-2.5);
  });

  it("keeps the counts of a stream that ends in zeros, and takes what is known later", () => {
    const chunk = (usage: object | null) => ({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage });
    const chunks = [
      chunk({
        prompt_tokens: 100,
        completion_tokens: 1,
        total_tokens: 101,
        prompt_tokens_details: { cached_tokens: 60 },
      }),
      chunk({ prompt_tokens: 100, completion_tokens: 5, total_tokens: 105, cost: 0.5 }),
      chunk({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }),
      chunk({}),
      chunk(null),
    ];
    expect(readStream(openaiChat, [sse(...chunks, "[DONE]")]).usage).toEqual({
      ...{ input: 100, output: 5, cached: 60, costUsd: 0.5 },
    });
  });

  it("finds Groq's usage in the last chunk", () => {
    const last = {
      choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
      x_groq: { usage: { prompt_tokens: 3, completion_tokens: 2 } },
    };
    expect(readStream(openaiChat, [sse(last, "[DONE]")]).usage).toEqual({ input: 3, output: 2 });
  });
});

describe("a chat request", () => {
  it("has its schemas, tools and parts read, and no content", () => {
    const parameters = { type: "object", properties: { city: { type: "string" } } };
    const schema = { type: "object", properties: { day: { type: "string" } } };
    const part = (type: string) => ({ type, [type]: { url: "data:SECRET" } });
    const body = {
      ...{
        model: "m",
        n: 2,
        stop: ["SECRET"],
        user: "SECRET",
        metadata: { k: "SECRET" },
        seed: 3,
        reasoning_effort: "low",
      },
      messages: [
        { role: "system", content: "SECRET" },
        {
          role: "user",
          content: [
            { type: "text", text: "SECRET" },
            part("image_url"),
            part("image_url"),
            part("input_audio"),
            part("file"),
          ],
        },
      ],
      response_format: { type: "json_schema", json_schema: { name: "x", schema } },
      tools: [
        { type: "function", function: { name: "weather", parameters } },
        { type: "function", function: { name: "bare" } },
      ],
      tool_choice: { type: "function", function: { name: "weather" } },
    };
    const facts = openaiChat.readRequest(body, CHAT_URL);
    expect(facts?.asked).toEqual({
      ...{ json: true, schema, tools: ["weather", "bare"], toolRequired: true },
      toolSchemas: new Map([["weather", parameters]]),
    });
    expect(facts?.inputParts).toEqual({ image: 2, audio: 1, file: 1 });
    expect(facts?.attributes).toMatchObject({
      ...{ "gen_ai.request.choice.count": 2, "gen_ai.request.seed": 3, "gen_ai.request.reasoning.level": "low" },
    });
    expect(JSON.stringify(facts)).not.toContain("SECRET");
  });

  it.each([
    ["auto", false],
    ["none", false],
    [undefined, false],
    ["required", true],
    ["any", true],
    [{ type: "allowed_tools", allowed_tools: { mode: "auto", tools: [] } }, false],
    [{ type: "allowed_tools", allowed_tools: { mode: "required", tools: [] } }, true],
  ])("with tool_choice %j demands a tool call: %s", (tool_choice, expected) => {
    const facts = openaiChat.readRequest({ model: "m", messages: [], tool_choice }, CHAT_URL);
    expect(facts?.asked.toolRequired).toBe(expected);
  });
});

describe("a legacy completion", () => {
  const url = new URL("http://vllm:8000/v1/completions");
  it("is read, plain and streamed, in both spellings of its choices", () => {
    const body = { id: "c", model: "m", usage: { prompt_tokens: 2, completion_tokens: 1 } };
    const choice = { index: 0, text: "hello", finish_reason: "length", logprobs: { token_logprobs: [null, -1, -2] } };
    const facts = openaiCompletions.readAnswer(JSON.stringify({ ...body, choices: [choice] }));
    expect(facts).toMatchObject({ complete: true, finishReasons: ["length"], usage: { input: 2, output: 1 } });
    expect(facts?.answer).toMatchObject({ text: "hello", meanLogprob: -1.5 });
    const fim = { ...body, choices: [{ index: 0, message: { content: "mid" }, finish_reason: "stop" }] };
    expect(openaiCompletions.readAnswer(JSON.stringify(fim))?.answer?.text).toBe("mid");
    const piece = (text: string, finish_reason: string | null) => ({
      ...body,
      choices: [{ index: 0, text, finish_reason }],
    });
    expect(readStream(openaiCompletions, [sse(piece("he", null), piece("llo", "stop"), "[DONE]")])).toMatchObject({
      ...{ complete: true, finishReasons: ["stop"], answer: { text: "hello" } },
    });
  });

  it("needs a model and a prompt", () => {
    expect(openaiCompletions.readRequest({ model: "m", prompt: "a" }, url)).toMatchObject({
      operation: "text_completion",
    });
    expect(openaiCompletions.readRequest({ model: "m" }, url)).toBeNull();
    expect(openaiCompletions.readRequest({ prompt: "a" }, url)).toBeNull();
  });
});

describe("embeddings", () => {
  const answer = (vectors: number) => ({
    object: "list",
    data: Array.from({ length: vectors }, (_, index) => ({
      object: "embedding",
      index,
      embedding: Array(1536).fill(0.123456),
    })),
    model: "text-embedding-x",
    usage: { prompt_tokens: 12, total_tokens: 12 },
  });

  it.each([1, 200])("of %d inputs are read without their vectors", (vectors) => {
    expect(embed(answer(vectors))).toEqual({
      ...{ id: "", model: "text-embedding-x", fingerprint: "", finishReasons: [], answer: null },
      ...{ usage: { input: 12 }, complete: true, error: null },
    });
  });

  it("with an error are told by its code", () => {
    expect(embed({ error: { code: "bad_input", message: "SECRET" } })).toMatchObject({
      error: "bad_input",
      complete: false,
    });
  });

  it("have a request with a model, an input and a size", () => {
    const url = new URL("https://x.openai.azure.com/openai/deployments/small/embeddings");
    expect(
      openaiEmbeddings.readRequest({ input: ["a"], dimensions: 256, encoding_format: "base64" }, url),
    ).toMatchObject({
      ...{ operation: "embeddings", model: "small" },
      attributes: { "gen_ai.embeddings.dimension.count": 256, "gen_ai.request.encoding_formats": ["base64"] },
    });
    expect(openaiEmbeddings.readRequest({ model: "m" }, url)).toBeNull();
  });
});
