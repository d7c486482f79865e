import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chatSpan, jsonRequest, type Plain, protobufRequest } from "./otlp-request.ts";
import { startCollector } from "./start-collector.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const KEPT = { content: { services: null, maxBytes: 256 * 1024 } };

const asked = (content: string): string => JSON.stringify([{ role: "user", parts: [{ type: "text", content }] }]);
const answered = (content: string): string =>
  JSON.stringify([{ role: "assistant", parts: [{ type: "text", content }], finish_reason: "stop" }]);

const SPOKEN = {
  ...{ "leeway.cohort": "baseline", "gen_ai.input.messages": asked("Where is it?") },
  ...{ "gen_ai.output.messages": answered("On its way."), "gen_ai.request.temperature": 0.2 },
};

const spoken = (n: number, more: Readonly<Record<string, Plain>> = {}) => chatSpan(n, { ...SPOKEN, ...more });

const SECRET = "4111111111111111";

/** Everything that is on the disk below a folder. */
const onDisk = async (dir: string): Promise<string> => {
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    // a segment that grows is sealed, and stored, at any moment
    .map((file) => readFile(join(file.parentPath, file.name), "latin1").catch(() => ""));
  return (await Promise.all(texts)).join("");
};

describe("content that spans bring", () => {
  it("is never kept where nobody opted in, not on the disk either", async () => {
    const dir = await temporaryDirectory();
    const spool = { dir, maxBytes: 64 * 1024 ** 2 };
    const insert = () => Promise.reject(new Error("away"));
    const { collector, content, post, log } = await startCollector({ spool }, { insert });
    expect(
      (await post("/v1/traces", jsonRequest([spoken(1, { "gen_ai.input.messages": asked(SECRET) })]))).status,
    ).toBe(200);
    expect(await onDisk(dir)).not.toContain(SECRET);
    expect([content(), collector.stats().content]).toEqual([[], 0]);
    expect(JSON.stringify(log)).not.toContain(SECRET);
  });

  it("is kept with all that is needed to ask again, and in no row of a call", async () => {
    const { collector, content, rows, post } = await startCollector(KEPT);
    const span = spoken(1, {
      "leeway.segment.tier": "free",
      "gen_ai.output.type": "json",
      "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: "Be short." }]),
      "gen_ai.tool.definitions": JSON.stringify([{ type: "function", name: "find", parameters: { type: "object" } }]),
      "leeway.content.truncated": ["gen_ai.input.messages"],
    });
    await post("/v1/traces", protobufRequest([span]));
    await collector.flush();
    const [row] = content();
    expect(row).toMatchObject({
      ...{ trace_id: span.traceId, span_id: span.spanId, migration: "m", cohort: "baseline", service: "support-api" },
      ...{
        request_model: "gpt-4o",
        pair_id: "",
        segments: { tier: "free" },
        duration_ms: 1500,
        truncated: ["messages"],
      },
    });
    expect(JSON.parse(String(row?.request))).toEqual({ temperature: 0.2, output_type: "json" });
    expect(JSON.parse(String(row?.messages))).toEqual(JSON.parse(asked("Where is it?")));
    expect(JSON.parse(String(row?.output))).toMatchObject([{ role: "assistant", parts: [{ content: "On its way." }] }]);
    expect(JSON.parse(String(row?.system))).toEqual([{ type: "text", content: "Be short." }]);
    expect(JSON.parse(String(row?.tools))).toEqual([
      { type: "function", name: "find", parameters: '{"type":"object"}' },
    ]);
    expect(JSON.stringify(rows())).not.toContain("On its way");
    expect(collector.stats()).toMatchObject({ content: 1, rows: 1 });
  });

  it("of a second answer is known by its pair", async () => {
    const { collector, content, post } = await startCollector(KEPT);
    await post(
      "/v1/traces",
      jsonRequest([spoken(1, { "leeway.cohort": "shadow", "leeway.pair_id": "ab".repeat(16) })]),
    );
    await collector.flush();
    expect(content()).toMatchObject([{ cohort: "shadow", pair_id: "ab".repeat(16) }]);
  });

  it("is kept once, however often and in how many requests it comes", async () => {
    const { collector, content, post } = await startCollector(KEPT);
    const request = jsonRequest([spoken(1), spoken(1), spoken(2)]);
    await Promise.all([post("/v1/traces", request), post("/v1/traces", request)]);
    await post("/v1/traces", request);
    await collector.flush();
    expect(content().map(({ span_id }) => span_id)).toEqual([spoken(1).spanId, spoken(2).spanId]);
    expect(collector.stats()).toMatchObject({ content: 2, rows: 2 });
  });

  it("is kept of the named services, of calls of a migration, and of no embedding", async () => {
    const settings = { content: { services: ["support-api"], maxBytes: 4096 } };
    const assign = ({ request_model }: { readonly request_model: string }) =>
      ({ migration: request_model === "gpt-4o" ? "m" : "", cohort: "" }) as const;
    const { collector, content, rows, post } = await startCollector(settings, { assign });
    const embedding = spoken(2, { "gen_ai.operation.name": "embeddings" });
    await post("/v1/traces", jsonRequest([spoken(1), embedding, spoken(3, { "gen_ai.request.model": "other" })]));
    await post("/v1/traces", jsonRequest([spoken(4)], { resource: { "service.name": "payroll" } }));
    await collector.flush();
    expect([content().map(({ span_id }) => span_id), rows().length]).toEqual([[spoken(1).spanId], 4]);
  });

  it.each([
    ["a megabyte of question", { "gen_ai.input.messages": asked("x".repeat(1_000_000)) }],
    ["a megabyte of answer", { "gen_ai.output.messages": answered("x".repeat(1_000_000)) }],
    ["a little too much in all", { "gen_ai.input.messages": asked("税".repeat(90_000)) }],
  ])("is left out and counted where it is %s, and its call is kept", async (_what, more) => {
    const { collector, content, rows, post } = await startCollector(KEPT);
    expect((await post("/v1/traces", jsonRequest([spoken(1, more), spoken(2)]))).status).toBe(200);
    await collector.flush();
    expect([content().length, rows().length]).toEqual([1, 2]);
    expect(collector.stats().contentLost["too-large"]).toBe(1);
  });

  it("is text, whatever was in it", async () => {
    const { collector, content, post } = await startCollector(KEPT);
    const nasty = "\u001b[2J\u0000<script>alert(1)</script>\u202e";
    const lone = '[{"role":"user","parts":[{"type":"text","content":"a\\ud800b"}]}]';
    await post(
      "/v1/traces",
      jsonRequest([spoken(1, { "gen_ai.input.messages": lone, "gen_ai.output.messages": answered(nasty) })]),
    );
    await collector.flush();
    const [row] = content();
    expect(JSON.parse(String(row?.messages))[0].parts[0].content).toBe("a\ufffdb");
    expect(JSON.parse(String(row?.output))[0].parts[0].content).toBe(nasty);
  });

  it("gives way to calls where there is no room, and what was lost is counted", async () => {
    const dir = await temporaryDirectory();
    const spool = { dir, maxBytes: 40_000 };
    const away = () => Promise.reject(new Error("away"));
    const { collector, post } = await startCollector({ ...KEPT, spool }, { insert: away, insertContent: away });
    const long = { "gen_ai.input.messages": asked("x".repeat(9_000)) };
    expect((await post("/v1/traces", jsonRequest([spoken(1, long)]))).status).toBe(200);
    expect((await post("/v1/traces", jsonRequest([spoken(2, long)]))).status).toBe(200);
    const { content, contentLost, rows } = collector.stats();
    expect([content + contentLost["spool-full"], rows]).toEqual([2, 2]);
    expect(contentLost["spool-full"]).toBeGreaterThan(0);
  });

  it("waits on the disk while the store is away, and is thrown away where it is no longer to be kept", async () => {
    const dir = await temporaryDirectory();
    const spool = { dir, maxBytes: 64 * 1024 ** 2 };
    const first = await startCollector({ ...KEPT, spool }, { insertContent: () => Promise.reject(new Error("away")) });
    await first.post("/v1/traces", jsonRequest([spoken(1)]));
    await first.collector.close();
    const again = await startCollector({ ...KEPT, spool }, { insertContent: () => Promise.reject(new Error("away")) });
    expect(again.collector.stats().contentSpool.rows).toBe(1);
    await again.collector.close();
    const off = await startCollector({ spool }, { insertContent: null });
    await off.collector.flush();
    expect(off.collector.stats().contentLost["switched-off"]).toBe(1);
    await off.collector.close();
    expect(await onDisk(dir)).not.toContain("On its way");
  });

  it("that the store refuses is counted and put into no file", async () => {
    const dir = await temporaryDirectory();
    const insertContent = async ({ lines }: { readonly lines: string | Uint8Array }) => ({
      refused: [Buffer.from(lines)],
    });
    const { collector, post } = await startCollector(
      { ...KEPT, spool: { dir, maxBytes: 64 * 1024 ** 2 } },
      { insertContent },
    );
    await post("/v1/traces", jsonRequest([spoken(1)]));
    await collector.flush();
    expect(collector.stats()).toMatchObject({ contentLost: { "store-refused": 1 }, setAsideRows: 0 });
    expect(await onDisk(dir)).not.toContain("On its way");
  });
});

describe("content as other instrumentations write it", () => {
  const OUT = [{ role: "assistant", parts: [{ type: "text", content: "Hi." }] }];
  const IN = [
    { role: "system", parts: [{ type: "text", content: "Be short." }] },
    { role: "user", parts: [{ type: "text", content: "Hello" }] },
  ];
  const CHAT = JSON.stringify([
    { role: "system", content: "Be short." },
    { role: "user", content: [{ type: "text", text: "Hello" }] },
  ]);
  it.each<[string, Readonly<Record<string, Plain>>]>([
    [
      "OpenInference",
      {
        "openinference.span.kind": "LLM",
        "llm.model_name": "gpt-4o",
        "llm.input_messages.0.message.role": "system",
        "llm.input_messages.0.message.content": "Be short.",
        "llm.input_messages.1.message.role": "user",
        "llm.input_messages.1.message.contents.0.message_content.type": "text",
        "llm.input_messages.1.message.contents.0.message_content.text": "Hello",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": "Hi.",
      },
    ],
    [
      "Vercel's AI SDK",
      { "ai.operationId": "ai.generateText.doGenerate", "ai.prompt.messages": CHAT, "ai.response.text": "Hi." },
    ],
    [
      "OpenLLMetry",
      {
        "gen_ai.prompt.0.role": "system",
        "gen_ai.prompt.0.content": "Be short.",
        "gen_ai.prompt.1.role": "user",
        "gen_ai.prompt.1.content": '[{"type":"text","text":"Hello"}]',
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "Hi.",
      },
    ],
    [
      "Langfuse",
      {
        "langfuse.observation.type": "generation",
        "langfuse.observation.input": `{"messages":${CHAT}}`,
        "langfuse.observation.output": "Hi.",
      },
    ],
    [
      "the conventions before",
      { "gen_ai.prompt": CHAT, "gen_ai.completion": '[{"role":"assistant","content":"Hi."}]' },
    ],
  ])("%s is read into the same shape", async (_who, attributes) => {
    const { collector, content, post } = await startCollector(KEPT);
    await post("/v1/traces", jsonRequest([chatSpan(1, { ...attributes, "leeway.cohort": "baseline" })]));
    await collector.flush();
    const [row] = content();
    expect(JSON.parse(String(row?.messages))).toEqual(IN);
    expect(JSON.parse(String(row?.output))).toEqual(OUT);
  });

  it("calls of tools and what came of them are parts as well", async () => {
    const { collector, content, post } = await startCollector(KEPT);
    const messages = [
      { role: "user", content: "Find it" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", function: { name: "find", arguments: '{"id":1}' } }],
      },
      { role: "tool", tool_call_id: "c1", content: "there" },
    ];
    await post(
      "/v1/traces",
      jsonRequest([chatSpan(1, { "gen_ai.prompt": JSON.stringify(messages), "gen_ai.completion": "Hi." })]),
    );
    await collector.flush();
    expect(JSON.parse(String(content()[0]?.messages)).slice(1)).toMatchObject([
      {
        role: "assistant",
        parts: [{ type: "tool_call", id: "c1", name: "find", arguments: '{"id":1}' }],
      },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "there" }] },
    ]);
  });
});
