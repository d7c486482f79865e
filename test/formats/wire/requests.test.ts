import { describe, expect, it } from "vitest";
import type { RequestFacts } from "../../../formats/wire/request-facts.ts";
import { wireFormatOf } from "../../../formats/wire/wire-formats.ts";

const read = (url: string, body: object): RequestFacts | null | undefined =>
  wireFormatOf(new URL(url))?.readRequest({ ...body }, new URL(url));

const ANTHROPIC = "https://api.anthropic.com/v1/messages";
const GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent";
const VERTEX = "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers";
const COHERE = "https://api.cohere.com/v2/chat";
const MISTRAL = "https://api.mistral.ai/v1";
const BEDROCK = "https://bedrock-runtime.eu-west-1.amazonaws.com/model";

const SCHEMA = { type: "object", properties: { city: { type: "string" } } };
const USER = [{ role: "user", content: "hi" }];

describe("a request's format", () => {
  it.each([
    [ANTHROPIC, "anthropic.messages"],
    [`${ANTHROPIC}?beta=true`, "anthropic.messages"],
    ["https://gateway.test/anthropic/v1/messages", "anthropic.messages"],
    [`${VERTEX}/anthropic/models/claude-x@1:streamRawPredict`, "anthropic.messages"],
    [GEMINI, "gemini.generate_content"],
    [`${VERTEX}/google/models/gemini-x:streamGenerateContent`, "gemini.generate_content"],
    [COHERE, "cohere.chat"],
    [`${MISTRAL}/chat/completions`, "mistral"],
    ["https://codestral.mistral.ai/v1/fim/completions", "mistral"],
    ["https://proxy.test/v1/chat/completions", "openai.chat_completions"],
    [`${BEDROCK}/arn%3Aaws%3Abedrock%3Ax%3Ay/converse-stream`, "bedrock.converse"],
    [`${BEDROCK}/m/invoke`, "bedrock.invoke"],
    ["http://localhost:11434/api/chat", "ollama.chat"],
    ["http://localhost:11434/api/generate", "ollama.generate"],
    ["http://localhost:11434/api/embed", "ollama.embeddings"],
    ["http://localhost:11434/v1/chat/completions", "openai.chat_completions"],
    [`${ANTHROPIC}/count_tokens`, undefined],
    [`${ANTHROPIC}/batches`, undefined],
    ["https://app.test/api/messages", undefined],
    [`${GEMINI.replace("generateContent", "countTokens")}`, undefined],
    [`${VERTEX}/mistralai/models/m:rawPredict`, undefined],
    [`${BEDROCK}/m/count-tokens`, undefined],
    [`${BEDROCK}/m/invoke-with-bidirectional-stream`, undefined],
  ])("of %s is %s", (url, name) => {
    expect(wireFormatOf(new URL(url))?.name).toBe(name);
  });
});

describe("the model", () => {
  it.each([
    ["of the body", ANTHROPIC, { model: "claude-x", max_tokens: 1, messages: USER }, "claude-x"],
    [
      "of Vertex's path",
      `${VERTEX}/anthropic/models/claude-x%401:rawPredict`,
      { max_tokens: 1, messages: USER },
      "claude-x@1",
    ],
    ["of Gemini's path", GEMINI, { contents: [{}] }, "gemini-x"],
    ["of Bedrock's path", `${BEDROCK}/eu.anthropic.claude-x%3A0/converse`, { messages: [] }, "eu.anthropic.claude-x:0"],
  ])("%s", (_name, url, body, model) => {
    expect(read(url, body)?.model).toBe(model);
  });

  it.each([
    ["Anthropic's without a model", ANTHROPIC, { max_tokens: 1, messages: USER }],
    ["another API's messages", ANTHROPIC, { model: "m", messages: USER }],
    ["Gemini's without contents", GEMINI, {}],
    ["Cohere's first version", COHERE, { model: "m", message: "hi" }],
    ["a path that cannot be decoded", `${BEDROCK}/%E0%A4%A/converse`, { messages: [] }],
    ["an image model's", `${BEDROCK}/stability.sd3/invoke`, { prompt: "a boat" }],
    ["a body of no known shape", `${BEDROCK}/acme.model/invoke`, { input: {} }],
  ])("missing: nothing is recorded of %s", (_name, url, body) => {
    expect(read(url, body)).toBeNull();
  });
});

describe("what was asked for", () => {
  const tool = { name: "find", description: "d" };
  it.each([
    [
      "Anthropic",
      ANTHROPIC,
      {
        ...{ model: "m", max_tokens: 1, messages: USER, tool_choice: { type: "any" } },
        tools: [
          { ...tool, input_schema: SCHEMA },
          { type: "web_search_20250305", name: "web_search" },
        ],
        output_config: { format: { type: "json_schema", schema: SCHEMA } },
      },
      ["find", "web_search"],
    ],
    [
      "Gemini with JSON Schema",
      GEMINI,
      {
        contents: [{}],
        tools: [{ functionDeclarations: [{ ...tool, parametersJsonSchema: SCHEMA }] }, { googleSearch: {} }],
        toolConfig: { functionCallingConfig: { mode: "ANY" } },
        generationConfig: { responseMimeType: "application/json", responseJsonSchema: SCHEMA },
      },
      ["find"],
    ],
    [
      "Gemini with its own schemas",
      GEMINI,
      {
        contents: [{}],
        tools: [
          {
            functionDeclarations: [
              { ...tool, parameters: { type: "OBJECT", properties: { city: { type: "STRING" } } } },
            ],
          },
        ],
        toolConfig: { functionCallingConfig: { mode: "ANY" } },
        generationConfig: {
          responseMimeType: "application/json",
          responseSchema: { type: "OBJECT", properties: { city: { type: "STRING" } } },
        },
      },
      ["find"],
    ],
    [
      "Cohere",
      COHERE,
      {
        ...{ model: "m", messages: USER, tool_choice: "REQUIRED" },
        tools: [{ type: "function", function: { ...tool, parameters: SCHEMA } }],
        response_format: { type: "json_object", json_schema: SCHEMA },
      },
      ["find"],
    ],
    [
      "Mistral",
      `${MISTRAL}/chat/completions`,
      {
        ...{ model: "m", messages: USER, tool_choice: "any" },
        tools: [{ type: "function", function: { ...tool, parameters: SCHEMA } }],
        response_format: { type: "json_schema", json_schema: { name: "s", schema: SCHEMA } },
      },
      ["find"],
    ],
    [
      "Bedrock's Converse",
      `${BEDROCK}/m/converse`,
      {
        messages: [],
        toolConfig: { tools: [{ toolSpec: { ...tool, inputSchema: { json: SCHEMA } } }], toolChoice: { any: {} } },
        outputConfig: {
          textFormat: { type: "json_schema", structure: { jsonSchema: { schema: JSON.stringify(SCHEMA) } } },
        },
      },
      ["find"],
    ],
  ])("%s: tools with their schemas, a demanded call, a schema for the answer", (_name, url, body, tools) => {
    const asked = read(url, body)?.asked;
    expect(asked).toMatchObject({ json: true, schema: SCHEMA, tools, toolRequired: true });
    expect([...(asked?.toolSchemas ?? [])]).toEqual([["find", SCHEMA]]);
    expect(read(url, body)?.attributes["gen_ai.output.type"]).toBe("json");
  });

  it("turns nullable types of Gemini's schemas into a choice, at every depth", () => {
    const responseSchema = {
      type: "ARRAY",
      items: {
        anyOf: [
          { type: "STRING", nullable: true },
          { type: "OBJECT", properties: { type: { type: "NUMBER" } } },
        ],
      },
    };
    const facts = read(GEMINI, {
      contents: [{}],
      generationConfig: { responseMimeType: "application/json", responseSchema },
    });
    expect(facts?.asked.schema).toMatchObject({
      type: "array",
      items: { anyOf: [{ type: ["string", "null"] }, { type: "object", properties: { type: { type: "number" } } }] },
    });
  });

  it("survives schemas nested deeper than the stack", () => {
    let schema: object = {};
    for (let depth = 0; depth < 20_000; depth += 1) schema = { type: "ARRAY", items: schema };
    const generationConfig = { responseMimeType: "application/json", responseSchema: schema };
    expect(read(GEMINI, { contents: [{}], generationConfig })?.asked.json).toBe(true);
  });
});

describe("parameters", () => {
  const wanted = (values: object): object =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`gen_ai.request.${name}`, value]));
  it.each([
    [
      "Anthropic",
      ANTHROPIC,
      {
        ...{ model: "m", messages: USER, max_tokens: 5, temperature: 0.5, top_p: 0.9, top_k: 3, stream: true },
        output_config: { effort: "high" },
      },
      { max_tokens: 5, temperature: 0.5, top_p: 0.9, top_k: 3, stream: true, "reasoning.level": "high" },
    ],
    [
      "Gemini",
      GEMINI,
      {
        contents: [{}],
        generationConfig: { maxOutputTokens: 5, topK: 3, seed: 7, candidateCount: 2, stopSequences: ["x"] },
      },
      { max_tokens: 5, top_k: 3, seed: 7, "choice.count": 2 },
    ],
    ["Cohere", COHERE, { model: "m", messages: USER, p: 0.9, k: 3, seed: 7 }, { top_p: 0.9, top_k: 3, seed: 7 }],
    ["Mistral", `${MISTRAL}/chat/completions`, { model: "m", messages: USER, random_seed: 7 }, { seed: 7 }],
    [
      "Bedrock's Converse",
      `${BEDROCK}/m/converse-stream`,
      { messages: [], inferenceConfig: { maxTokens: 5, temperature: 0.5, topP: 0.9, stopSequences: ["x"] } },
      { max_tokens: 5, temperature: 0.5, top_p: 0.9, stream: true },
    ],
    [
      "Anthropic's model on Bedrock",
      `${BEDROCK}/anthropic.m/invoke-with-response-stream`,
      { anthropic_version: "bedrock-2023-05-31", max_tokens: 5, messages: USER },
      { max_tokens: 5, stream: true },
    ],
    [
      "Amazon's Titan",
      `${BEDROCK}/amazon.titan-text/invoke`,
      { inputText: "hi", textGenerationConfig: { maxTokenCount: 5, topP: 0.9 } },
      { max_tokens: 5, top_p: 0.9 },
    ],
    ["Meta's Llama", `${BEDROCK}/meta.llama/invoke`, { prompt: "hi", max_gen_len: 5 }, { max_tokens: 5 }],
  ])(
    "of %s are attributes by the conventions' names, stop sequences and the like are not",
    (_name, url, body, values) => {
      const facts = read(url, body);
      const found = Object.entries(facts?.attributes ?? {}).filter(([name]) => name.startsWith("gen_ai.request."));
      expect(Object.fromEntries(found)).toEqual(wanted(values));
    },
  );

  it.each([
    ["chat", ANTHROPIC, { model: "m", max_tokens: 1, messages: USER }],
    ["generate_content", GEMINI, { contents: [{}] }],
    ["text_completion", `${MISTRAL}/fim/completions`, { model: "m", prompt: "x" }],
    ["text_completion", `${BEDROCK}/meta.llama/invoke`, { prompt: "hi" }],
    ["chat", `${BEDROCK}/cohere.command-r/invoke`, { message: "hi" }],
    ["embeddings", `${BEDROCK}/amazon.titan-embed-text/invoke`, { inputText: "hi" }],
  ])("the operation is %s for %s", (operation, url, body) => {
    expect(read(url, body)?.operation).toBe(operation);
  });
});

describe("parts of the input that are not text", () => {
  it.each([
    [
      "Anthropic",
      ANTHROPIC,
      {
        ...{ model: "m", max_tokens: 1 },
        messages: [
          { role: "user", content: [{ type: "image" }, { type: "text" }, { type: "document" }, { type: "image" }] },
        ],
      },
      { image: 2, document: 1 },
    ],
    [
      "Gemini",
      GEMINI,
      {
        contents: [
          {
            parts: [
              { inlineData: { mimeType: "image/png", data: "SECRET" } },
              { fileData: { mimeType: "video/mp4" } },
              { fileData: { fileUri: "gs://SECRET" } },
              { text: "hi" },
            ],
          },
        ],
      },
      { image: 1, video: 1, file: 1 },
    ],
    [
      "Bedrock",
      `${BEDROCK}/m/converse`,
      { messages: [{ content: [{ image: { source: {} } }, { document: {} }, { text: "hi" }] }] },
      { image: 1, document: 1 },
    ],
  ])("of %s are counted, never copied", (_name, url, body, parts) => {
    const facts = read(url, body);
    expect(facts?.inputParts).toEqual(parts);
    expect(JSON.stringify(facts)).not.toContain("SECRET");
  });
});
