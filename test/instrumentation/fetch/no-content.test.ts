import { describe, expect, it } from "vitest";
import { wireFormatOf } from "../../../formats/wire/wire-formats.ts";
import { spanAttributes } from "../../../instrumentation/fetch/call-span.ts";
import type { FinishedCall } from "../../../instrumentation/fetch/finished-call.ts";
import { anthropicMessage, anthropicStream } from "../../doubles/anthropic.ts";

const SECRET = "Canary 7f3a said so.";

/** Texts by which an answer is found again; they are on the span by their nature. */
const IDENTITIES = ["gen_ai.response.id", "gen_ai.response.model", "gen_ai.request.model"];

/** Copies of a document, each with one of its texts replaced by the secret. */
const withSecrets = function* (document: unknown): Generator<unknown> {
  if (typeof document === "string") yield SECRET;
  else if (Array.isArray(document)) {
    for (const [index, inner] of document.entries()) {
      for (const changed of withSecrets(inner)) yield document.with(index, changed);
    }
  } else if (typeof document === "object" && document !== null) {
    for (const [name, inner] of Object.entries(document)) {
      for (const changed of withSecrets(inner)) yield { ...document, [name]: changed };
    }
  }
};

const TOOL_SCHEMA = { type: "object", properties: { city: { type: "string", description: "d", enum: ["Oslo"] } } };
const GEMINI_ANSWER = {
  candidates: [
    {
      content: { role: "model", parts: [{ text: "hi" }, { functionCall: { name: "find", args: { city: "Oslo" } } }] },
      ...{ finishReason: "STOP", index: 0, citationMetadata: { citations: [{ uri: "u" }] } },
    },
  ],
  promptFeedback: { safetyRatings: [{ category: "c" }] },
  error: { status: "UNAVAILABLE", message: "m" },
};
const CONVERSE_ANSWER = {
  output: { message: { content: [{ text: "hi" }, { toolUse: { name: "find", input: { city: "Oslo" } } }] } },
  ...{ stopReason: "tool_use", $metadata: { requestId: "r" }, trace: { guardrail: { modelOutput: ["x"] } } },
};
const COHERE_ANSWER = {
  ...{ id: "c", finish_reason: "COMPLETE" },
  message: {
    ...{ role: "assistant", tool_plan: "p", content: [{ type: "text", text: "hi" }] },
    tool_calls: [{ id: "1", type: "function", function: { name: "find", arguments: "{}" } }],
    citations: [{ text: "t", sources: [{ document: { title: "x" } }] }],
  },
};
const OLLAMA_ANSWER = {
  ...{ model: "m", created_at: "t", done: true, done_reason: "stop", prompt_eval_count: 1, eval_count: 2 },
  message: {
    ...{ role: "assistant", content: "hi", thinking: "t" },
    tool_calls: [{ function: { name: "find", arguments: { city: "Oslo" } } }],
  },
};

/** URL, request, plain answer, events of a stream. */
const CASES: readonly (readonly [
  name: string,
  url: string,
  request: object,
  answer: object,
  events: readonly object[],
])[] = [
  [
    "Anthropic",
    "https://api.anthropic.com/v1/messages",
    {
      ...{ model: "m", max_tokens: 9, system: "s", stop_sequences: ["x"], metadata: { user_id: "u" } },
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "hi" },
            { type: "image", source: { data: "d" } },
          ],
        },
      ],
      tools: [{ name: "find", description: "d", input_schema: TOOL_SCHEMA }],
      ...{ tool_choice: { type: "tool", name: "find" }, output_config: { effort: "high" } },
    },
    anthropicMessage("m", "tool"),
    anthropicStream("m", "tool"),
  ],
  [
    "Gemini",
    "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent",
    {
      ...{ systemInstruction: { parts: [{ text: "s" }] }, cachedContent: "c", labels: { team: "t" } },
      contents: [{ role: "user", parts: [{ text: "hi" }, { inlineData: { mimeType: "image/png", data: "d" } }] }],
      tools: [{ functionDeclarations: [{ name: "find", description: "d", parameters: TOOL_SCHEMA }] }],
      generationConfig: { stopSequences: ["x"], responseMimeType: "application/json", responseSchema: TOOL_SCHEMA },
    },
    GEMINI_ANSWER,
    [GEMINI_ANSWER],
  ],
  [
    "Cohere",
    "https://api.cohere.com/v2/chat",
    {
      ...{ model: "m", messages: [{ role: "user", content: "hi" }], documents: [{ data: { text: "d" } }] },
      tools: [{ type: "function", function: { name: "find", description: "d", parameters: TOOL_SCHEMA } }],
    },
    COHERE_ANSWER,
    [
      { type: "message-start", id: "c" },
      { type: "content-delta", delta: { message: { content: { text: "hi" } } } },
      {
        type: "tool-call-start",
        index: 0,
        delta: { message: { tool_calls: { function: { name: "find", arguments: "{}" } } } },
      },
      { type: "message-end", delta: { finish_reason: "ERROR", error: "e" } },
    ],
  ],
  [
    "Ollama's chat",
    "http://127.0.0.1:11434/api/chat",
    {
      ...{ model: "m", keep_alive: "5m", options: { stop: ["x"] }, format: TOOL_SCHEMA, think: "high" },
      messages: [{ role: "user", content: "hi", images: ["d"] }],
      tools: [{ type: "function", function: { name: "find", description: "d", parameters: TOOL_SCHEMA } }],
    },
    OLLAMA_ANSWER,
    [OLLAMA_ANSWER, { error: "e" }],
  ],
  [
    "Bedrock's Converse",
    "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse-stream",
    {
      ...{ system: [{ text: "s" }], requestMetadata: { team: "t" } },
      messages: [{ role: "user", content: [{ text: "hi" }, { document: { name: "n", source: { text: "t" } } }] }],
      toolConfig: { tools: [{ toolSpec: { name: "find", description: "d", inputSchema: { json: TOOL_SCHEMA } } }] },
    },
    CONVERSE_ANSWER,
    [
      { messageStart: { role: "assistant" } },
      { contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { name: "find" } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { text: "hi" } } },
      { messageStop: { stopReason: "end_turn" } },
      { throttlingException: { message: "m" } },
    ],
  ],
  [
    "Bedrock's InvokeModel",
    "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.titan/invoke",
    { inputText: "hi", textGenerationConfig: { stopSequences: ["x"] } },
    { results: [{ outputText: "hi", completionReason: "FINISH" }] },
    [{ outputText: "hi" }, { outputText: "!", completionReason: "FINISH" }],
  ],
];

describe("no text of a request or an answer becomes an attribute", () => {
  it.each(CASES)("of %s, whichever field holds it", (_name, text, request, answer, events) => {
    const url = new URL(text);
    const format = wireFormatOf(url);
    if (!format) throw new Error("no format");
    const attributesOf = (body: object, facts: FinishedCall["answer"]): object => {
      const read = format.readRequest({ ...body }, url);
      if (read === null) return {};
      return spanAttributes({
        ...{ startedAt: 0, durationMs: 1, firstContentMs: 1, stream: null, url, provider: format.provider, attempt: 0 },
        ...{
          request: read,
          body: { ...body },
          parent: null,
          httpStatus: 200,
          answer: facts,
          errorType: facts?.error ?? null,
        },
        context: { identity: null, cohort: null, flag: null, conversation: null, prompt: null, segments: {} },
      } as unknown as FinishedCall);
    };
    const folded = (all: readonly object[]): FinishedCall["answer"] => {
      const fold = format.createFold(url);
      for (const event of all) fold.event({ ...event });
      return fold.facts();
    };
    const whole = format.readAnswer(JSON.stringify(answer));
    const made = [
      ...[...withSecrets(request)].map((changed) => attributesOf(changed as object, whole)),
      ...[...withSecrets(answer)].map((changed) => attributesOf(request, format.readAnswer(JSON.stringify(changed)))),
      ...[...withSecrets(events)].map((changed) => attributesOf(request, folded(changed as object[]))),
    ];
    expect(Object.keys(attributesOf(request, whole))).toContain("gen_ai.output.type");
    expect(made.length).toBeGreaterThan(5);
    for (const attributes of made) {
      const others = Object.entries(attributes).filter(([key]) => !IDENTITIES.includes(key));
      expect(JSON.stringify(others).toLowerCase()).not.toMatch(/canary|7f3a/);
    }
  });
});
