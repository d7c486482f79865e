import OpenAI, { type APIError } from "openai";
import { describe, expect, it } from "vitest";
import { openaiFormat, TEXT } from "../../peers/instrumentation/provider/openai.ts";
import { startProvider } from "../../peers/instrumentation/provider/start-provider.ts";
import { hookedFetch } from "./chat-setup.ts";

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
const INPUT = "Where is my parcel?";
const SCHEMA = {
  ...{ type: "json_schema" as const, name: "day", strict: true },
  schema: { type: "object", properties: { day: { type: "string" } }, required: ["day"], additionalProperties: false },
};
const TOOL = {
  ...{ type: "function" as const, name: "get_day", strict: true },
  parameters: { type: "object", properties: { parcel: { type: "string" } }, required: ["parcel"] },
};

const CASES: Readonly<Record<string, readonly [use: (client: OpenAI) => Promise<unknown>, call: object]>> = {
  "a response": [
    (client) => client.responses.create({ model: "plain", input: INPUT }),
    {
      request: { operation: "chat", model: "plain" },
      answer: { complete: true, usage: { input: 11, output: 7, cached: 4, reasoning: 3 }, answer: { text: TEXT } },
    },
  ],
  "a response with a tool call": [
    (client) => client.responses.create({ model: "tool", input: INPUT, tools: [TOOL] }),
    { request: { asked: { tools: ["get_day"] } }, answer: { finishReasons: ["tool_calls"], answer: { text: null } } },
  ],
  "a refusing response": [
    (client) => client.responses.create({ model: "refusal", input: INPUT }),
    { answer: { answer: { text: null, refusal: expect.any(String) } } },
  ],
  "a parsed response": [
    async (client) =>
      (await client.responses.parse({ model: "json", input: INPUT, text: { format: SCHEMA } })).output_text,
    { request: { asked: { json: true, schema: SCHEMA.schema } }, answer: { complete: true } },
  ],
  "a streamed response": [
    async (client) => collect(await client.responses.create({ model: "plain", input: INPUT, stream: true })),
    {
      firstContentMs: expect.any(Number),
      stream: { chunks: expect.any(Number), meanGapMs: expect.any(Number), maxGapMs: expect.any(Number) },
      answer: { complete: true, usage: { input: 11 }, answer: { text: TEXT } },
    },
  ],
  "the stream helper of responses": [
    (client) => client.responses.stream({ model: "plain", input: INPUT }).finalResponse(),
    { answer: { complete: true, answer: { text: TEXT } } },
  ],
  "asResponse() of a streamed response, read as text": [
    async (client) =>
      (await client.responses.create({ model: "plain", input: INPUT, stream: true }).asResponse()).text(),
    { answer: { complete: true, answer: { text: TEXT } } },
  ],
  "a streamed response the app breaks off": [
    async (client) => {
      for await (const event of await client.responses.create({ model: "hang", input: INPUT, stream: true })) {
        if (event.type === "response.output_text.delta") return event;
      }
      return null;
    },
    { errorType: "aborted", answer: { complete: false, finishReasons: ["error"], model: "hang-2026" } },
  ],
  "a streamed response that is cut": [
    async (client) => collect(await client.responses.create({ model: "cut", input: INPUT, stream: true })),
    { errorType: expect.stringMatching(/UND_ERR_SOCKET|TypeError/), answer: { complete: false } },
  ],
  "a refused response": [
    (client) => client.responses.create({ model: "error-400", input: INPUT }),
    { errorType: "400", httpStatus: 400, answer: null },
  ],
  embeddings: [
    (client) => client.embeddings.create({ model: "plain", input: [INPUT, INPUT] }),
    { request: { operation: "embeddings" }, answer: { complete: true, usage: { input: 11 }, answer: null } },
  ],
  "a legacy completion": [
    (client) => client.completions.create({ model: "plain", prompt: INPUT }),
    { request: { operation: "text_completion" }, answer: { finishReasons: ["stop"], answer: { text: TEXT } } },
  ],
};

const outcome = async (use: (client: OpenAI) => Promise<unknown>, baseURL: string, fetch: typeof globalThis.fetch) => {
  try {
    return { result: await use(new OpenAI({ apiKey: "sk-test", baseURL, maxRetries: 0, fetch })) };
  } catch (error) {
    const { name, message, status, code, cause } = error as APIError;
    return { name, message, status, code, cause: (cause as Error | undefined)?.message };
  }
};

describe("the openai SDK's other endpoints on a hooked fetch", () => {
  it.each(Object.entries(CASES))("%s: same outcome, and one call recorded", async (_name, [use, call]) => {
    const [plain, observed] = [await startProvider([openaiFormat]), await startProvider([openaiFormat])];
    const hook = hookedFetch();
    try {
      const expected = await outcome(use, plain.url, globalThis.fetch);
      expect(await outcome(use, observed.url, hook.fetch)).toEqual(expected);
      expect(await hook.call()).toMatchObject({ errorType: null, ...call });
      expect(hook.calls).toHaveLength(1);
      expect(hook.errors).toEqual([]);
      expect(observed.requests.map(({ body }) => body)).toEqual(plain.requests.map(({ body }) => body));
    } finally {
      await Promise.all([plain.close(), observed.close()]);
    }
  });
});
