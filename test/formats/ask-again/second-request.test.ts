import { describe, expect, it } from "vitest";
import { embeddingsUrl, secondRequest } from "../../../formats/ask-again/second-request.ts";

const again = (format: string, url: string, baseUrl: string | null = null, body: object = { model: "old" }) =>
  secondRequest({ format, url: new URL(url), body: body as Record<string, unknown> }, "new", baseUrl);

describe("a request that is made a second time", () => {
  it.each([
    ["openai.chat_completions", "https://api.openai.com/v1/chat/completions"],
    ["openai.completions", "https://api.openai.com/v1/completions"],
    ["anthropic.messages", "https://api.anthropic.com/v1/messages"],
    ["mistral", "https://api.mistral.ai/v1/chat/completions"],
    ["cohere.chat", "https://api.cohere.com/v2/chat"],
    ["ollama.chat", "http://127.0.0.1:11434/api/chat"],
  ])("goes where it went, to the other model: %s", (format, url) => {
    expect(again(format, url)).toEqual({ url, body: { model: "new" } });
  });

  it.each([
    [
      "openai.chat_completions",
      "https://api.openai.com/v1/chat/completions",
      "https://x.example/openai/v1/",
      "https://x.example/openai/v1/chat/completions",
    ],
    [
      "anthropic.messages",
      "https://api.anthropic.com/v1/messages?beta=true",
      "https://proxy.example/a",
      "https://proxy.example/a/v1/messages?beta=true",
    ],
    ["cohere.chat", "https://api.cohere.com/v2/chat", "https://proxy.example", "https://proxy.example/v2/chat"],
  ])("goes below another base: %s", (format, url, baseUrl, expected) => {
    expect(again(format, url, baseUrl)?.url).toBe(expected);
  });

  it("names the model where its provider does, in the path", () => {
    const gemini =
      "https://generativelanguage.googleapis.com/v1beta/models/old:streamGenerateContent?alt=sse&key=secret";
    expect(again("gemini.generate_content", gemini, null, { contents: [] })).toEqual({
      url: "https://generativelanguage.googleapis.com/v1beta/models/new:streamGenerateContent?alt=sse",
      body: { contents: [] },
    });
    const azure = "https://r.openai.azure.com/openai/deployments/old/chat/completions?api-version=2025-01-01";
    expect(again("openai.chat_completions", azure, null, { messages: [] })).toEqual({
      url: "https://r.openai.azure.com/openai/deployments/new/chat/completions?api-version=2025-01-01",
      body: { messages: [] },
    });
  });

  it("asks for one answer, and has nothing of it kept", () => {
    const responses = "https://api.openai.com/v1/responses";
    expect(again("openai.responses", responses, null, { model: "old", input: "hi" })?.body).toEqual({
      ...{ model: "new", input: "hi", store: false },
    });
    const chat = "https://api.openai.com/v1/chat/completions";
    expect(again("openai.chat_completions", chat, null, { model: "old", n: 4, seed: 7 })?.body).toEqual({
      model: "new",
      seed: 7,
    });
  });

  it("cannot be written for what is signed, or for an endpoint that is not known", () => {
    expect(again("bedrock.converse", "https://bedrock-runtime.eu-central-1.amazonaws.com/model/x/converse")).toBeNull();
    expect(again("openai.chat_completions", "https://proxy.example/llm")).toBeNull();
  });
});

describe("where texts become vectors", () => {
  it.each([
    [
      "openai.chat_completions",
      "https://api.openai.com/v1/chat/completions",
      null,
      "https://api.openai.com/v1/embeddings",
    ],
    ["openai.responses", "http://127.0.0.1:80/x/v1/responses/", null, "http://127.0.0.1/x/v1/embeddings"],
    ["anthropic.messages", "https://api.anthropic.com/v1/messages", null, null],
    [
      "anthropic.messages",
      "https://api.anthropic.com/v1/messages",
      "https://e.example/v1/",
      "https://e.example/v1/embeddings",
    ],
  ])("%s at %s with base %s", (format, url, baseUrl, expected) => {
    expect(embeddingsUrl(format, new URL(url), baseUrl)).toBe(expected);
  });
});
