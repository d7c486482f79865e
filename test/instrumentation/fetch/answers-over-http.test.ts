import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FinishedCall } from "../../../instrumentation/fetch/finished-call.ts";
import { startAnthropicDouble } from "../../doubles/anthropic.ts";
import { startCohereDouble } from "../../doubles/cohere.ts";
import { startGeminiDouble } from "../../doubles/gemini.ts";
import { startMistralDouble } from "../../doubles/mistral.ts";
import type { ProviderDouble } from "../../doubles/provider-double.ts";
import { hookedFetch } from "./chat-setup.ts";

const MESSAGES = [{ role: "user", content: "hi" }];

interface Provider {
  readonly name: string;
  readonly start: () => Promise<ProviderDouble>;
  /** Path, headers and body of a request for `model`. */
  readonly request: (
    model: string,
    stream: boolean,
  ) => readonly [path: string, headers: Record<string, string>, body: object];
  readonly operation: string;
  readonly id: string;
  readonly refusalText: string | null;
  /** Status of the scenario `overloaded`, code of the scenario `broken`. */
  readonly overloaded: string;
  readonly broken: string;
  readonly toolText: string | null;
  readonly reasoning: number | undefined;
}

const SORRY = "I'm sorry, but I can't help with that request.";

const PROVIDERS: readonly Provider[] = [
  {
    name: "anthropic",
    start: startAnthropicDouble,
    request: (model, stream) => [
      "/v1/messages",
      { "x-api-key": "k", "anthropic-version": "2023-06-01" },
      { model, max_tokens: 9, messages: MESSAGES, ...(stream && { stream }) },
    ],
    ...{ operation: "chat", id: "msg_01", refusalText: null, overloaded: "529", broken: "overloaded_error" },
    ...{ toolText: "Let me look.", reasoning: 5 },
  },
  {
    name: "gemini",
    start: startGeminiDouble,
    request: (model, stream) => [
      `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
      { "x-goog-api-key": "k" },
      { contents: [{ role: "user", parts: [{ text: "hi" }] }] },
    ],
    ...{ operation: "generate_content", id: "resp_01", refusalText: null, overloaded: "503", broken: "UNAVAILABLE" },
    ...{ toolText: "Let me look.", reasoning: 5 },
  },
  {
    name: "gemini as one JSON array",
    start: startGeminiDouble,
    request: (model, stream) => [
      `/v1/projects/p/locations/l/publishers/google/models/${model}:${stream ? "streamGenerateContent" : "generateContent"}`,
      { authorization: "Bearer k" },
      { contents: { role: "user", parts: [{ text: "hi" }] } },
    ],
    ...{ operation: "generate_content", id: "resp_01", refusalText: null, overloaded: "503", broken: "UNAVAILABLE" },
    ...{ toolText: "Let me look.", reasoning: 5 },
  },
  {
    name: "cohere",
    start: startCohereDouble,
    request: (model, stream) => ["/v2/chat", { authorization: "Bearer k" }, { model, messages: MESSAGES, stream }],
    ...{ operation: "chat", id: "co_01", refusalText: SORRY, overloaded: "498", broken: "provider_error" },
    ...{ toolText: null, reasoning: undefined },
  },
  {
    name: "mistral",
    start: startMistralDouble,
    request: (model, stream) => [
      "/v1/chat/completions",
      { authorization: "Bearer k" },
      { model, messages: MESSAGES, stream },
    ],
    ...{ operation: "chat", id: "cmpl_01", refusalText: SORRY, overloaded: "429", broken: "3000" },
    ...{ toolText: null, reasoning: undefined },
  },
];

describe.each(PROVIDERS)("answers of $name", (provider) => {
  let double: ProviderDouble;
  beforeAll(async () => {
    double = await provider.start();
  });
  afterAll(() => double.close());

  const callOf = async (model: string, stream: boolean): Promise<FinishedCall> => {
    const hook = hookedFetch();
    const [path, headers, body] = provider.request(model, stream);
    const init = { method: "POST", headers: { "content-type": "application/json", ...headers } };
    const response = await hook.fetch(double.url + path, { ...init, body: JSON.stringify(body) });
    await response.text().catch(() => "");
    const call = await hook.call();
    expect(hook.errors).toEqual([]);
    return call;
  };

  describe.each([
    ["plain", false],
    ["streamed", true],
  ])("%s", (_name, stream) => {
    it("tells text, ids, usage with the cached tokens among the input, and the end", async () => {
      const call = await callOf("m-plain", stream);
      expect(call.request).toMatchObject({ operation: provider.operation, model: "m-plain" });
      expect(call.request.attributes["gen_ai.request.stream"]).toBe(stream || undefined);
      expect(call).toMatchObject({ errorType: null, httpStatus: 200 });
      expect(call.answer).toMatchObject({ id: provider.id, finishReasons: ["stop"], complete: true, error: null });
      expect(call.answer?.usage).toMatchObject({ input: 18, output: 9, cached: 3 });
      expect(call.answer?.answer).toMatchObject({ text: "Hello, this is an answer.", chars: 25, toolCalls: [] });
      expect(call.firstContentMs === null).toBe(!stream);
    });

    it("tells tool calls with their arguments", async () => {
      const { answer } = await callOf("m-tool", stream);
      expect(answer).toMatchObject({ finishReasons: ["tool_calls"], complete: true });
      const [toolCall, ...more] = answer?.answer?.toolCalls ?? [];
      expect(more).toEqual([]);
      expect(toolCall?.name).toBe("get_weather");
      expect(JSON.parse(toolCall?.arguments ?? "")).toEqual({ city: "Oslo" });
      expect(answer?.answer?.text || null).toBe(provider.toolText);
    });

    it("tells a refusal", async () => {
      const { answer } = await callOf("m-refusal", stream);
      expect(answer?.answer?.text || null).toBe(provider.refusalText);
      expect(answer?.finishReasons).toEqual([provider.refusalText === null ? "content_filter" : "stop"]);
    });

    it("leaves thinking out of the text and counts it among the output tokens", async () => {
      const { answer } = await callOf("m-thinking", stream);
      expect(answer?.answer?.text).toBe("42");
      expect(answer?.usage.reasoning).toBe(provider.reasoning);
      const apart = provider.operation === "generate_content";
      expect(answer?.usage.output).toBe(apart ? 14 : 9);
    });

    it("tells an answer that was cut at the token limit", async () => {
      expect((await callOf("m-length", stream)).answer?.finishReasons).toEqual(["length"]);
    });

    it("tells a connection that broke", async () => {
      const call = await callOf("m-cut", stream);
      expect(call.errorType).not.toBeNull();
      expect(call.answer?.complete ?? false).toBe(false);
    });

    it("tells an error status", async () => {
      expect(await callOf("m-overloaded", stream)).toMatchObject({ errorType: provider.overloaded, answer: null });
    });
  });

  it("tells an error in the middle of a stream", async () => {
    const call = await callOf("m-broken", true);
    expect(call.errorType).toBe(provider.broken);
    expect(call.answer).toMatchObject({ complete: false, finishReasons: ["error"] });
  });
});
