import { describe, expect, it } from "vitest";
import type { Answer } from "../../../features/answer.ts";
import type { JsonObject } from "../../../formats/json/json-object.ts";
import { contentAttributes } from "../../../instrumentation/content/content-attributes.ts";
import type { Redact } from "../../../instrumentation/content/redaction.ts";

const asIs: Redact = (text) => text;
const read = (body: JsonObject, answer: Answer | null = null, maxBytes = 10_000, redact = asIs) => {
  const attributes = contentAttributes(body, answer, { maxBytes }, redact);
  const entries = Object.entries(attributes).map(([name, value]) => [
    name.replace("gen_ai.", ""),
    typeof value === "string" ? JSON.parse(value) : value,
  ]);
  return Object.fromEntries(entries);
};
const textPart = (content: string) => ({ type: "text", content });
const ANSWER: Answer = { text: "Four.", chars: 5, refusal: null, finishReason: "stop", toolCalls: [] };

describe("the content of a call", () => {
  it.each<[string, JsonObject, unknown]>([
    [
      "OpenAI chat",
      {
        messages: [
          { role: "user", content: "hi" },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c", function: { name: "f", arguments: '{"a":1}' } }],
          },
          { role: "tool", tool_call_id: "c", content: "[2]" },
        ],
      },
      [
        { role: "user", parts: [textPart("hi")] },
        { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "f", arguments: { a: 1 } }] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "c", response: [2] }] },
      ],
    ],
    [
      "OpenAI chat, with a tool whose input is no JSON",
      {
        messages: [{ role: "assistant", tool_calls: [{ id: "c", type: "custom", custom: { name: "f", input: "x" } }] }],
      },
      [{ role: "assistant", parts: [{ type: "tool_call", id: "c", name: "f", arguments: "x" }] }],
    ],
    ["a bare prompt", { prompt: "once" }, [{ role: "user", parts: [textPart("once")] }]],
    [
      "embeddings",
      { input: ["a", "b"] },
      [
        { role: "user", parts: [textPart("a")] },
        { role: "user", parts: [textPart("b")] },
      ],
    ],
    [
      "OpenAI responses",
      {
        input: [
          { role: "user", content: [{ type: "input_text", text: "hi" }] },
          { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
          { type: "function_call_output", call_id: "c", output: "done" },
        ],
      },
      [
        { role: "user", parts: [textPart("hi")] },
        { role: "user", parts: [{ type: "tool_call", id: "c", name: "f", arguments: {} }] },
        { role: "user", parts: [{ type: "tool_call_response", id: "c", response: "done" }] },
      ],
    ],
    [
      "Anthropic",
      {
        messages: [
          { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: { a: 1 } }] },
          { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "ok" }] },
          { role: "user", content: [{ type: "image", source: { type: "base64", data: "AAAA" } }] },
        ],
      },
      [
        { role: "assistant", parts: [{ type: "tool_call", id: "t", name: "f", arguments: { a: 1 } }] },
        { role: "user", parts: [{ type: "tool_call_response", id: "t", response: "ok" }] },
        { role: "user", parts: [{ type: "blob", modality: "image" }] },
      ],
    ],
    [
      "Gemini",
      {
        contents: [{ role: "user", parts: [{ text: "hi" }, { inlineData: { mimeType: "audio/mp3", data: "AAAA" } }] }],
      },
      [{ role: "user", parts: [textPart("hi"), { type: "blob", modality: "audio" }] }],
    ],
    [
      "Bedrock Converse",
      {
        messages: [
          { role: "user", content: [{ text: "hi" }, { toolResult: { toolUseId: "t", content: [{ json: {} }] } }] },
        ],
      },
      [{ role: "user", parts: [textPart("hi"), { type: "tool_call_response", id: "t", response: [{ json: {} }] }] }],
    ],
    [
      "images: links are kept, bytes are not",
      {
        messages: [
          {
            content: [
              { type: "image_url", image_url: { url: "https://a.test/b.png" } },
              { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
              { type: "hologram", data: "AAAA" },
            ],
          },
        ],
      },
      [
        {
          role: "user",
          parts: [
            { type: "uri", modality: "image", uri: "https://a.test/b.png" },
            { type: "blob", modality: "image" },
            { type: "blob", modality: "file" },
          ],
        },
      ],
    ],
  ])("reads the input of %s", (_name, body, expected) => {
    expect(read(body)["input.messages"]).toEqual(expected);
  });

  it.each([
    [{ system: "be kind" }],
    [{ system: [{ type: "text", text: "be kind" }] }],
    [{ instructions: "be kind" }],
    [{ systemInstruction: { parts: [{ text: "be kind" }] } }],
  ])("reads system instructions: %j", (body) => {
    expect(read(body).system_instructions).toEqual([textPart("be kind")]);
  });

  it.each([
    [{ tools: [{ type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } }] }],
    [{ tools: [{ type: "function", name: "f", description: "d", parameters: { type: "object" } }] }],
    [{ tools: [{ name: "f", description: "d", input_schema: { type: "object" } }] }],
    [{ tools: [{ functionDeclarations: [{ name: "f", description: "d", parameters: { type: "object" } }] }] }],
  ])("reads tool definitions: %j", (body) => {
    const expected = { type: "function", name: "f", description: "d", parameters: { type: "object" } };
    expect(read(body)["tool.definitions"]).toEqual([expected]);
  });

  it("reads the answer: text, refusal, tool calls", () => {
    const answer = { ...ANSWER, refusal: "no", toolCalls: [{ name: "f", arguments: "{broken" }] };
    expect(read({}, answer)["output.messages"]).toEqual([
      {
        role: "assistant",
        parts: [textPart("Four."), textPart("no"), { type: "tool_call", name: "f", arguments: "{broken" }],
        finish_reason: "stop",
      },
    ]);
  });

  it.each([[null], [7], [{ messages: 7 }], [{ messages: [null, 7, { content: [null, 7, {}] }], tools: [null, 7] }]])(
    "does not stumble over anything an app may send: %j",
    (body) => {
      expect(() => read((body ?? {}) as JsonObject)).not.toThrow();
    },
  );

  it("passes every text through the redaction, and tells it where the text is from", () => {
    const seen: string[] = [];
    const redact: Redact = (text, field) => {
      seen.push(`${field}: ${text}`);
      return "x";
    };
    const tools = [{ name: "f", description: "d", input_schema: 1 }];
    const all = read({ system: "s", messages: [{ content: "i" }], tools }, ANSWER, 10_000, redact);
    expect(seen).toEqual([
      "input: i",
      "output: Four.",
      "system_instructions: s",
      "tool_definitions: d",
      "tool_definitions: 1",
    ]);
    expect(JSON.stringify(all)).not.toMatch(/Four|"s"|"i"|"d"/);
  });

  it("is nothing at all when the redaction fails for one text", () => {
    const redact: Redact = (_text, field) => (field === "tool_definitions" ? null : "x");
    expect(read({ prompt: "p", tools: [{ name: "f", description: "d" }] }, ANSWER, 10_000, redact)).toEqual({});
  });

  it.each([
    ["one long text", [{ role: "user", content: "\u{1F600}é".repeat(5000) }]],
    ["many messages", Array.from({ length: 900 }, (_, index) => ({ role: "user", content: `message ${index}` }))],
    ["many long messages", Array.from({ length: 50 }, () => ({ role: "user", content: "y".repeat(5000) }))],
    [
      "deep tool arguments",
      [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: `{"a":"${"z".repeat(9000)}"}` } }] }],
    ],
  ])("fits its bytes, stays JSON and says that it was shortened: %s", (_name, messages) => {
    const attributes = contentAttributes({ messages }, null, { maxBytes: 1000 }, asIs);
    const json = String(attributes["gen_ai.input.messages"]);
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(1000);
    expect(JSON.parse(json).length).toBeGreaterThan(0);
    expect(json.isWellFormed()).toBe(true);
    expect(attributes["leeway.content.truncated"]).toEqual(["gen_ai.input.messages"]);
  });

  it("keeps the newest messages when not all fit", () => {
    const messages = Array.from({ length: 900 }, (_, index) => ({ role: "user", content: `message ${index}` }));
    expect(read({ messages }, null, 1000)["input.messages"].at(-1).parts[0].content).toBe("message 899");
  });
});
