import { describe, expect, it } from "vitest";
import { ollamaChat, ollamaEmbeddings, ollamaGenerate } from "../../../formats/wire/ollama/ollama.ts";
import { wireFormatOf } from "../../../formats/wire/wire-formats.ts";
import { readStream } from "./read-stream.ts";

const LOCAL = "http://127.0.0.1:11434";
const ELSEWHERE = "http://models.internal:8080";
const USER = [{ role: "user", content: "hi" }];

const read = (url: string, body: object) => wireFormatOf(new URL(url))?.readRequest({ ...body }, new URL(url)) ?? null;

const lines = (...messages: readonly object[]): string[] => messages.map((each) => `${JSON.stringify(each)}\n`);
const said = (message: object, more: object = { done: false }): object => ({
  ...{ model: "llama3.2", created_at: "2026-11-29T00:00:00Z", message: { role: "assistant", ...message } },
  ...more,
});
const LAST = { done: true, done_reason: "stop", prompt_eval_count: 26, eval_count: 9, total_duration: 5 };
const NDJSON = { url: `${LOCAL}/api/chat`, contentType: "application/x-ndjson" };

describe("a request to Ollama", () => {
  it("names its options, what it asks for, and that it streams unless told not to", () => {
    const schema = { type: "object", properties: { city: { type: "string" } } };
    const body = {
      ...{ model: "llama3.2", format: schema, think: "high", keep_alive: "5m" },
      messages: [{ role: "user", content: "hi", images: ["AAAA", "BBBB"] }],
      tools: [{ type: "function", function: { name: "find", parameters: schema } }],
      options: { temperature: 0.5, top_k: 40, num_predict: 64, seed: 7, stop: ["x"], num_ctx: 4096 },
    };
    expect(read(`${LOCAL}/api/chat`, body)).toMatchObject({
      ...{ operation: "chat", model: "llama3.2", inputParts: { image: 2 } },
      asked: { json: true, schema, tools: ["find"], toolRequired: false },
      attributes: {
        ...{ "gen_ai.request.temperature": 0.5, "gen_ai.request.max_tokens": 64, "gen_ai.request.top_k": 40 },
        ...{ "gen_ai.request.seed": 7, "gen_ai.request.reasoning.level": "high", "gen_ai.request.stream": true },
      },
    });
    const plain = read(`${LOCAL}/api/chat`, { ...body, stream: false, options: { num_predict: -1 }, format: "json" });
    expect(plain?.attributes).not.toHaveProperty("gen_ai.request.stream");
    expect(plain?.attributes).not.toHaveProperty("gen_ai.request.max_tokens");
    expect(plain?.asked).toMatchObject({ json: true, schema: null });
  });

  it.each([
    ["chat", "/api/chat", { model: "m", messages: USER }, "chat"],
    ["generate", "/api/generate", { model: "m", prompt: "hi", system: "s" }, "text_completion"],
    ["embed", "/api/embed", { model: "m", input: ["hi"] }, "embeddings"],
  ])("%s is known on its port, in its cloud and anywhere else", (_name, path, body, operation) => {
    for (const base of [LOCAL, "https://ollama.com", ELSEWHERE]) {
      expect(read(base + path, body)).toMatchObject({ operation, model: "m" });
    }
  });

  it.each([
    ["a model that is loaded", `${LOCAL}/api/chat`, { model: "m", messages: [] }],
    ["a model that is unloaded", `${LOCAL}/api/generate`, { model: "m", keep_alive: 0 }],
    ["an empty prompt", `${LOCAL}/api/generate`, { model: "m", prompt: "" }],
    ["an app's own chat", "https://app.test/api/chat", { model: "m", messages: USER, id: "c1", trigger: "submit" }],
    [
      "an app's own chat in parts",
      "https://app.test/api/chat",
      { model: "m", messages: [{ role: "user", parts: [{ type: "text", text: "hi" }] }] },
    ],
    ["an app's own generation", "https://app.test/api/generate", { model: "m", prompt: "hi", userId: 7 }],
    ["no model", `${LOCAL}/api/chat`, { messages: USER }],
    ["messages of another kind", `${LOCAL}/api/chat`, { model: "m", messages: ["hi"] }],
  ])("is not %s", (_name, url, body) => {
    expect(read(url, body)).toBeNull();
  });
});

describe("an answer of Ollama", () => {
  const stream = lines(
    said({ content: "", thinking: "Hm." }),
    said({ content: "grü" }),
    said({ content: "ße" }),
    said({ content: "" }, LAST),
  );
  it("is put together from its lines, wherever the network cut them", () => {
    const bytes = Buffer.from(stream.join(""));
    const whole = readStream(ollamaChat, [bytes], NDJSON);
    expect(whole).toMatchObject({
      ...{ model: "llama3.2", finishReasons: ["stop"], complete: true, error: null },
      ...{ usage: { input: 26, output: 9 }, answer: { text: "grüße", chars: 5, toolCalls: [] } },
    });
    for (let at = 1; at < bytes.length; at += 7) {
      expect(readStream(ollamaChat, [bytes.subarray(0, at), bytes.subarray(at)], NDJSON)).toEqual(whole);
    }
  });

  it("is the same as a plain body, and as lines under another name", () => {
    const plain = ollamaChat.readAnswer(JSON.stringify(said({ content: "grüße" }, LAST)));
    expect(plain).toMatchObject({ finishReasons: ["stop"], usage: { input: 26, output: 9 }, complete: true });
    expect(ollamaChat.readAnswer(stream.join(""))).toMatchObject({ answer: { text: "grüße" }, complete: true });
    const generated = { model: "m", response: "hi", ...LAST };
    expect(ollamaGenerate.readAnswer(JSON.stringify(generated))).toMatchObject({ answer: { text: "hi" } });
  });

  it("calls tools, with arguments that are objects, and an end that is called stop", () => {
    const call = { function: { name: "find", arguments: { city: "Oslo" } } };
    const facts = readStream(
      ollamaChat,
      lines(said({ content: "", tool_calls: [call] }), said({ content: "" }, LAST)),
      NDJSON,
    );
    expect(facts).toMatchObject({
      finishReasons: ["tool_calls"],
      answer: { text: null, toolCalls: [{ name: "find", arguments: '{"city":"Oslo"}' }] },
    });
  });

  it.each([
    ["is cut without its last line", stream.slice(0, 2), { complete: false, finishReasons: ["error"] }],
    ["breaks with an error in a line", [...stream.slice(0, 2), '{"error":"SECRET"}\n'], { error: "provider_error" }],
    ["was too long", lines(said({ content: "x" }, { ...LAST, done_reason: "length" })), { finishReasons: ["length"] }],
    [
      "does not say why it ended",
      lines(said({ content: "x" }, { done: true })),
      { finishReasons: ["unknown"], usage: {}, complete: true },
    ],
    ["counts nonsense", lines(said({ content: "x" }, { ...LAST, eval_count: -1 })), { usage: { input: 26 } }],
  ])("%s", (_name, pieces, expected) => {
    expect(readStream(ollamaChat, pieces, NDJSON)).toMatchObject(expected);
  });

  it("is none where it says nothing of Ollama's", () => {
    expect(ollamaChat.readAnswer('{"ok":true}')).toBeNull();
    expect(ollamaChat.readAnswer("<html>")).toBeNull();
  });

  it("of embeddings is looked at without its vectors", () => {
    const answer = { model: "e", embeddings: [[0.1]], prompt_eval_count: 8 };
    expect(ollamaEmbeddings.readAnswer(JSON.stringify(answer))).toMatchObject({ usage: { input: 8 }, complete: true });
    const long = JSON.stringify({ ...answer, embeddings: [Array.from({ length: 20_000 }, () => 0.123)] });
    const reordered = JSON.stringify({ model: "e", embeddings: JSON.parse(long).embeddings, prompt_eval_count: 8 });
    expect(ollamaEmbeddings.readAnswer(reordered)).toMatchObject({ usage: { input: 8 }, complete: true, model: "e" });
  });
});
