import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../formats/json/json-object.ts";
import { ASKED_PROVIDERS, type AskedProviderName, sayTo } from "../../../formats/questions/providers.ts";
import type { Question } from "../../../formats/questions/question.ts";
import type { Part } from "../../../formats/wire/content/message.ts";
import { readContent } from "../../../formats/wire/content/read-content.ts";
import { WIRE_FORMATS } from "../../../formats/wire/wire-formats.ts";

const NAMES = Object.keys(ASKED_PROVIDERS) as AskedProviderName[];

const text = (content: string): Part => ({ type: "text", content });
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

const QUESTION: Question = {
  system: [text("You know the weather.")],
  messages: [
    { role: "user", parts: [text("And in Köln?\n\u2028 \ud83d\ude00")] },
    {
      role: "assistant",
      parts: [
        text("I look."),
        { type: "tool_call", id: "c1", name: "weather", arguments: '{"city":"Köln"}' },
        { type: "tool_call", id: "c2", name: "weather", arguments: '{"city":"Bonn"}' },
      ],
    },
    {
      role: "tool",
      parts: [
        { type: "tool_call_response", id: "c1", response: '{"sky":"grey"}' },
        { type: "tool_call_response", id: "c2", response: '{"sky":"blue"}' },
      ],
    },
    { role: "user", parts: [text("So?")] },
  ],
  tools: [{ type: "function", name: "weather", description: "Of a city.", parameters: JSON.stringify(SCHEMA) }],
  parameters: { temperature: 0, topP: 0.5, maxTokens: 200 },
};

const bodyFor = (name: AskedProviderName, question: Question): JsonObject => {
  const said = sayTo(ASKED_PROVIDERS[name], question, "m-1");
  if ("lost" in said) throw new Error(said.lost);
  return said.body;
};

const lostFor = (name: AskedProviderName, question: Question): string | null => {
  const said = sayTo(ASKED_PROVIDERS[name], question, "m-1");
  return "lost" in said ? said.lost : null;
};

const asking = (parts: readonly Part[], parameters: Question["parameters"] = { maxTokens: 5 }): Question => ({
  ...{ system: [], messages: [{ role: "user", parts }], tools: [], parameters },
});

/** Bedrock's schemas stand below `json`. */
const schemaIn = (parameters: string): unknown => {
  const read = JSON.parse(parameters);
  return read.json ?? read;
};

/** Bedrock's answers of tools are a list of texts. */
const unlisted = (response: string): unknown => {
  const read: unknown = JSON.parse(response);
  return Array.isArray(read) ? JSON.parse(String(read[0].text)) : read;
};

/** Every part by itself, in its order: how parts are put together in messages is the provider's. */
const partsOf = ({ messages }: Pick<Question, "messages">): readonly unknown[] =>
  messages.flatMap(({ role, parts }) =>
    parts.map((part) => {
      // Ollama's answers of tools have no id, and are read as what they say.
      if (role === "tool" && part.type === "text") return { type: "tool_call_response", of: JSON.parse(part.content) };
      if (part.type === "tool_call") return { type: part.type, name: part.name, of: JSON.parse(part.arguments) };
      return part.type === "tool_call_response" ? { type: part.type, of: unlisted(part.response) } : part;
    }),
  );

describe.each(NAMES)("a question to %s", (name) => {
  const provider = ASKED_PROVIDERS[name];
  const url = new URL(`${provider.baseUrl ?? "https://models.example/v1"}${provider.path("m-1")}`);
  const format = WIRE_FORMATS.find((each) => each.matches(url));

  it("goes to an endpoint whose format is the one its answers are read by", () => {
    expect(format?.name).toBe(provider.format);
  });

  it("is read back as what was asked, part by part", () => {
    const content = readContent(bodyFor(name, QUESTION), null);
    const system = content.systemInstructions.length > 0 ? content.systemInstructions : content.input[0]?.parts;
    expect(system).toEqual(QUESTION.system);
    const messages = content.systemInstructions.length > 0 ? content.input : content.input.slice(1);
    expect(partsOf({ messages })).toEqual(partsOf(QUESTION));
    expect(
      content.toolDefinitions.map((tool) => [tool.name, tool.description, schemaIn(tool.parameters ?? "")]),
    ).toEqual([["weather", "Of a city.", SCHEMA]]);
  });

  it("has its parameters where the format's own reader finds them, and is not streamed", () => {
    const facts = format?.readRequest(bodyFor(name, QUESTION), url);
    expect(facts?.model).toBe("m-1");
    expect(facts?.attributes).toMatchObject({
      ...{ "gen_ai.request.temperature": 0, "gen_ai.request.top_p": 0.5, "gen_ai.request.max_tokens": 200 },
    });
    expect(Object.entries(facts?.attributes ?? {}).filter(([key, value]) => /stream/.test(key) && value)).toEqual([]);
  });

  it("sends nothing that was not said", () => {
    const body = bodyFor(name, asking([text("hi")]));
    expect(JSON.stringify(body)).not.toMatch(/null|undefined|tool|temperature|stop/i);
  });

  it.each<[string, Question]>([
    ["reasoning of another model", asking([{ type: "reasoning", content: "hm" }])],
    ["bytes that are not there", asking([{ type: "blob", modality: "image" }])],
    ["a link to a video", asking([{ type: "uri", modality: "video", uri: "https://x.example/v" }])],
    ["an answer of a tool that nobody called", asking([{ type: "tool_call_response", id: "x", response: "1" }])],
    [
      "a tool of the provider's own",
      { ...asking([text("hi")]), tools: [{ type: "web_search_preview", name: "web_search_preview" }] },
    ],
  ])("is not asked where it holds %s", (_what, question) => {
    expect(lostFor(name, question)).toMatch(/\w/);
  });
});

describe("what some providers have no place for", () => {
  it.each<[string, Question["parameters"], readonly AskedProviderName[]]>([
    ["a seed", { maxTokens: 5, seed: 1 }, ["openai-responses", "anthropic", "bedrock"]],
    ["JSON", { maxTokens: 5, json: "object" }, ["anthropic", "bedrock"]],
    ["stop sequences", { maxTokens: 5, stop: ["END"] }, ["openai-responses"]],
    ["no limit of the answer", {}, ["anthropic"]],
    ["a tool that has to be called", { maxTokens: 5, toolChoice: { name: "f" } }, ["cohere", "ollama"]],
  ])("%s", (_what, parameters, without) => {
    const question = { ...asking([text("hi")], parameters), tools: [{ type: "function", name: "f" }] };
    expect(NAMES.filter((name) => lostFor(name, question) !== null)).toEqual(without);
  });

  it("calls without ids are told apart, and their answers go by the order", () => {
    const question: Question = {
      ...asking([]),
      messages: [
        { role: "user", parts: [text("both")] },
        {
          role: "assistant",
          parts: [
            { type: "tool_call", name: "a", arguments: "{}" },
            { type: "tool_call", name: "b", arguments: "{}" },
          ],
        },
        { role: "tool", parts: [{ type: "tool_call_response", response: "1" }] },
        { role: "tool", parts: [{ type: "tool_call_response", response: "2" }] },
      ],
    };
    expect(bodyFor("openai", question).messages).toMatchObject([
      {},
      { content: null, tool_calls: [{ id: "call_1" }, { id: "call_2" }] },
      { role: "tool", tool_call_id: "call_1", content: "1" },
      { role: "tool", tool_call_id: "call_2", content: "2" },
    ]);
  });

  it("images go as links where they can", () => {
    const question = asking([text("what?"), { type: "uri", modality: "image", uri: "https://x.example/a.png" }]);
    expect(NAMES.filter((name) => lostFor(name, question) === null)).toEqual([
      ...["openai", "openai-responses", "openai-compatible", "anthropic", "mistral", "cohere"],
    ]);
  });
});
