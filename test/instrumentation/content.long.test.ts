import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen, type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";
import { runApp } from "./run-app.ts";

const SECRET = "CANARY-7f3a";

const message = (more: object) => ({
  id: "c1",
  model: "m",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: null, ...more } }],
});
const chunk = (delta: object) => `data: ${JSON.stringify({ id: "c1", choices: [{ index: 0, delta }] })}\n\n`;
const error = { message: `bad ${SECRET}`, code: `code ${SECRET}`, type: `type ${SECRET}` };
const call = { id: "1", type: "function", function: { name: `f_${SECRET}`, arguments: `{"a":"${SECRET}"}` } };
const text = { type: "text", text: SECRET };

type Answer = readonly [status: number, type: string, body: string];

/** What the provider answers, by model: the marker is in every kind of answer. */
const CHAT: Readonly<Record<string, Answer>> = {
  answers: [200, "application/json", JSON.stringify(message({ content: `I can't help with ${SECRET}` }))],
  refuses: [200, "application/json", JSON.stringify(message({ refusal: `no ${SECRET}` }))],
  "calls-tool": [200, "application/json", JSON.stringify(message({ tool_calls: [call] }))],
  errs: [400, "application/json", JSON.stringify({ error })],
  garbage: [200, "application/json", `<html>${SECRET}`],
  streams: [200, "text/event-stream", `${chunk({ content: `a ${SECRET}` })}data: [DONE]\n\n`],
  "streams-error": [200, "text/event-stream", `${chunk({ content: SECRET })}data: ${JSON.stringify({ error })}\n\n`],
};

/** What other endpoints answer, by the end of their path. */
const OTHERS: Readonly<Record<string, object>> = {
  responses: {
    ...{ id: "r1", object: "response", status: "completed", model: "others", metadata: { note: SECRET } },
    output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: SECRET }] }],
  },
  messages: { id: "m1", type: "message", role: "assistant", model: "others", content: [text], stop_reason: "end_turn" },
  generateContent: { candidates: [{ content: { parts: [{ text: SECRET }] }, finishReason: "STOP" }] },
  embeddings: { object: "list", model: "others", data: [{ embedding: [0.5] }], usage: { prompt_tokens: 1 } },
};

const answerTo = (url: string, model: string): Answer => {
  const other = OTHERS[/(\w+)\?/.exec(url)?.[1] ?? ""];
  if (other !== undefined) return [200, "application/json", JSON.stringify(other)];
  return CHAT[model] ?? [500, "text/plain", "unknown model"];
};

describe("content", () => {
  let receiver: OtlpReceiver;
  let provider: { url: string; close: () => Promise<void> };
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    provider = await listen(async (incoming, response) => {
      let body = "";
      for await (const part of incoming) body += part;
      const [status, type, text] = answerTo(incoming.url ?? "", JSON.parse(body).model);
      response.writeHead(status, { "content-type": type }).end(text);
    });
  });
  afterAll(() => Promise.all([receiver.close(), provider.close()]));
  beforeEach(() => {
    receiver.spans.length = 0;
    receiver.requests.length = 0;
  });
  const run = async (more: Readonly<Record<string, string>> = {}) => {
    const env = { OPENAI_BASE_URL: provider.url, LEEWAY_ENDPOINT: receiver.url, ...more };
    const app = runApp(["--require", "leeway/instrumentation"], "content.mjs", env);
    expect(await app.ended).toBe(0);
    return app;
  };
  const attributesOf = (name: string) => receiver.spans.find((span) => span.name === name)?.attributes ?? {};
  const contentOf = (name: string) =>
    Object.keys(attributesOf(name)).filter((key) => /messages|instructions|definitions/.test(key));
  const expectNone = (exported: string): void => {
    expect(exported.length).toBeGreaterThan(1000);
    expect(exported).not.toContain(SECRET);
    expect(exported).not.toContain(Buffer.from(SECRET).toString("base64"));
  };

  it("leaves the process in no form: neither in spans nor in headers nor in what is printed", async () => {
    const app = await run();
    const chat = Object.keys(CHAT).map((model) => `chat ${model}`);
    const others = ["chat others", "chat others", "generate_content others", "embeddings others"];
    expect(receiver.spans.map(({ name }) => name)).toEqual([...chat, ...others]);
    expectNone(JSON.stringify(receiver.requests));
    expect(app.errors()).toBe("");
    expect(receiver.spans.slice(0, 7).map(({ attributes }) => attributes["leeway.output.refusal_class"])).toEqual([
      ...["hard", "hard", undefined, undefined, undefined, "none", undefined],
    ]);
  });

  it("is not written to disk either while the collector is away", async () => {
    const spool = mkdtempSync(join(tmpdir(), "leeway-content-"));
    receiver.answer = () => ({ status: 503 });
    const app = await run({ LEEWAY_SPOOL_DIR: spool });
    receiver.answer = null;
    const files = readdirSync(spool, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
    expect(files.length).toBeGreaterThan(0);
    expectNone(files.map((name) => `${name}\n${readFileSync(join(spool, name), "utf8")}`).join());
    rmSync(spool, { recursive: true });
    expect(app.errors()).not.toContain(SECRET);
  });

  it.each([
    [{ LEEWAY_CAPTURE_CONTENT: "true" }, true],
    [{ LEEWAY_CAPTURE_CONTENT: "1" }, true],
    [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" }, true],
    [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "SPAN_ONLY" }, true],
    [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "SPAN_AND_EVENT" }, true],
    [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "EVENT_ONLY" }, false],
    [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "NO_CONTENT" }, false],
    [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true", LEEWAY_CAPTURE_CONTENT: "false" }, false],
  ] as [Record<string, string>, boolean][])("is on the spans when asked for: %j: %s", async (env, wanted) => {
    await run(env);
    expect(JSON.stringify(receiver.requests).includes(SECRET)).toBe(wanted);
    expect(contentOf("chat answers").length).toBe(wanted ? 3 : 0);
    if (!wanted) return;
    const output = JSON.parse(String(attributesOf("chat answers")["gen_ai.output.messages"]));
    const parts = [{ type: "text", content: `I can't help with ${SECRET}` }];
    expect(output).toEqual([{ role: "assistant", parts, finish_reason: "stop" }]);
    expect(JSON.stringify(receiver.requests)).not.toContain(Buffer.from(SECRET).toString("base64"));
  });

  it("passes the app's redaction first", async () => {
    await run({ LEEWAY_CAPTURE_CONTENT: "true", REDACTION: "replaces" });
    expect(attributesOf("chat answers")["gen_ai.output.messages"]).toContain("I can't help with [gone]");
    expect(attributesOf("chat others")["gen_ai.input.messages"]).toContain("[gone]");
  });

  it("is dropped, and the span kept, when the redaction throws", async () => {
    const app = await run({ LEEWAY_CAPTURE_CONTENT: "true", REDACTION: "throws" });
    expect(receiver.spans).toHaveLength(11);
    expectNone(JSON.stringify(receiver.requests));
    expect(app.errors()).toBe("");
  });

  it("is shortened, marked and still JSON when it is long", async () => {
    await run({ LEEWAY_CAPTURE_CONTENT: "true", LEEWAY_CONTENT_MAX_BYTES: "300" });
    const attributes = attributesOf("chat answers");
    expect(Buffer.byteLength(String(attributes["gen_ai.input.messages"]))).toBeLessThanOrEqual(300);
    expect(JSON.parse(String(attributes["gen_ai.input.messages"])).length).toBeGreaterThan(0);
    expect(attributes["leeway.content.truncated"]).toContain("gen_ai.input.messages");
  });
});
