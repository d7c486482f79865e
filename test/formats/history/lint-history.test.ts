import { describe, expect, it } from "vitest";
import { lintHistory } from "../../../formats/history/lint-history.ts";

const HISTORIES: Readonly<Record<string, readonly [from: string, history: unknown, found: readonly string[]]>> = {
  "OpenAI's chat completions": [
    "gpt-5",
    [
      { role: "developer", content: "You help." },
      { role: "user", content: [{ type: "file", file: { file_id: "file-6F2ksmvXxt4VdoqmHRw6kL" } }] },
      { role: "assistant", content: null, audio: { id: "audio_67890" } },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "call_abc123", type: "function", function: { name: "f", arguments: '{"cache_control":1}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_abc123", content: "ok" },
    ],
    [
      "[0].role role",
      "[1].content[0].file.file_id file-reference",
      "[2].audio.id parameter",
      "[3].tool_calls[0].id tool-id",
      "[4].tool_call_id tool-id",
    ],
  ],
  "OpenAI's responses": [
    "o4-mini",
    {
      previous_response_id: "resp_1",
      input: [
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAA" },
        { type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: "Hi" }] },
        { type: "function_call", id: "fc_1", call_id: "call_1", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "call_1", output: "{}" },
        { type: "web_search_call", id: "ws_1", status: "completed" },
        { type: "item_reference", id: "msg_2" },
      ],
    },
    [
      "previous_response_id server-state",
      "input[0].type reasoning",
      "input[0].id item-id",
      "input[0].encrypted_content reasoning",
      "input[1].id item-id",
      "input[2].id tool-id",
      "input[2].call_id tool-id",
      "input[3].call_id tool-id",
      "input[4].type server-tool",
      "input[4].id item-id",
      "input[5].type server-state",
      "input[5].id item-id",
    ],
  ],
  "Anthropic's messages": [
    "claude-sonnet-4-5",
    [
      { role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "…", signature: "EqQB" },
          { type: "redacted_thinking", data: "Emw" },
          { type: "tool_use", id: "toolu_01A", name: "f", input: { type: "thinking", file_id: "file-mine" } },
          { type: "server_tool_use", id: "srvtoolu_01", name: "web_search", input: { query: "x" } },
        ],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_01A", content: "ok" }] },
      {
        role: "user",
        content: [{ type: "image", source: { type: "file", file_id: "file_011CNha8iCJcU1wXNR6q4V8w" } }],
      },
    ],
    [
      "[0].content[0].cache_control cache-marker",
      "[1].content[0].type reasoning",
      "[1].content[1].type reasoning",
      "[1].content[2].id tool-id",
      "[1].content[3].type server-tool",
      "[1].content[3].id tool-id",
      "[2].content[0].tool_use_id tool-id",
      "[3].content[0].source.file_id file-reference",
    ],
  ],
  "Gemini's contents": [
    "gemini-3-pro",
    [
      { role: "user", parts: [{ fileData: { fileUri: "https://generativelanguage.googleapis.com/v1beta/files/x" } }] },
      {
        role: "model",
        parts: [
          { text: "thinking", thought: true },
          { functionCall: { name: "f", args: { thought: true } }, thoughtSignature: "CvQB" },
          { executableCode: { language: "PYTHON", code: "1" } },
        ],
      },
    ],
    [
      "[0].parts[0].fileData.fileUri file-reference",
      "[1].role role",
      "[1].parts[0].thought reasoning",
      "[1].parts[1].thoughtSignature reasoning",
      "[1].parts[2].executableCode server-tool",
    ],
  ],
  "Mistral's messages": [
    "magistral-medium",
    [
      { role: "assistant", content: [{ type: "thinking", thinking: [{ type: "text", text: "…" }] }] },
      { role: "assistant", content: "{", prefix: true },
      { role: "assistant", content: "", tool_calls: [{ id: "D681PevKs", function: { name: "f", arguments: "{}" } }] },
    ],
    ["[0].content[0].type reasoning", "[1].prefix parameter"],
  ],
  "Bedrock's Converse": [
    "amazon.nova-pro-v1:0",
    [
      { role: "user", content: [{ text: "Hi" }, { cachePoint: { type: "default" } }, { guardContent: { text: {} } }] },
      {
        role: "assistant",
        content: [
          { reasoningContent: { reasoningText: { text: "…", signature: "x" } } },
          { toolUse: { toolUseId: "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", name: "f", input: { cachePoint: 1 } } },
        ],
      },
      {
        role: "user",
        content: [{ toolResult: { toolUseId: "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", content: [{ json: {} }] } }],
      },
    ],
    [
      "[0].content[1].cachePoint cache-marker",
      "[0].content[2].guardContent parameter",
      "[1].content[0].reasoningContent reasoning",
      "[1].content[1].toolUse.toolUseId tool-id",
      "[2].content[0].toolResult.toolUseId tool-id",
    ],
  ],
  "the AI SDK's messages": [
    "claude-opus-4-1",
    [
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "…", providerOptions: { anthropic: { signature: "EqQB" } } },
          { type: "text", text: "Hi", providerOptions: { anthropic: { cacheControl: { type: "ephemeral" } } } },
          { type: "text", text: "Hi", providerOptions: { openai: { itemId: "msg_1" } } },
          { type: "tool-call", toolCallId: "toolu_01A", toolName: "f", input: { thoughtSignature: 1 } },
          { type: "tool-call", toolCallId: "x", toolName: "web", input: {}, providerExecuted: true },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "toolu_01A", toolName: "f", output: {} }] },
    ],
    [
      "[0].content[0].type reasoning",
      "[0].content[1].providerOptions.anthropic.cacheControl cache-marker",
      "[0].content[2].providerOptions.openai.itemId item-id",
      "[0].content[3].toolCallId tool-id",
      "[0].content[4].providerExecuted server-tool",
      "[1].content[0].toolCallId tool-id",
    ],
  ],
};

const told = (history: unknown, models?: { from?: string; to?: string }) =>
  lintHistory(history, models).map(({ path, kind }) => `${path} ${kind}`);

describe("a history of", () => {
  it.each(Object.entries(HISTORIES))(
    "%s is told for a model that knows none of it",
    (_what, [from, history, found]) => {
      expect(told(history, { from, to: "llama-4" })).toEqual(found);
      expect(told(JSON.parse(JSON.stringify(history)))).toEqual(found);
    },
  );

  it("Anthropic may stay with the same model, and loses its thinking with the next one", () => {
    const [from, history] = HISTORIES["Anthropic's messages"] as [string, unknown, string[]];
    expect(told(history, { from, to: from })).toEqual([]);
    expect(told(history, { from, to: "claude-opus-4-1" })).toEqual([
      "[1].content[0].type reasoning",
      "[1].content[1].type reasoning",
    ]);
    expect(told(history, { from, to: "eu.anthropic.claude-sonnet-4-5" })).toHaveLength(8);
  });

  it("any provider has ids of tool calls that Mistral refuses", () => {
    const calls = [{ role: "tool", tool_call_id: "my-call", content: "" }];
    expect(told(calls, { from: "gpt-5", to: "mistral-large" })).toEqual(["[0].tool_call_id tool-id"]);
    expect(told([{ role: "tool", tool_call_id: "D681PevKs", content: "" }], { to: "mistral" })).toEqual([]);
  });

  it("plain messages has nothing to tell, whoever wrote them", () => {
    const plain = [
      { role: "system", content: "You help with type: thinking and call_1." },
      { role: "user", content: "toolu_1" },
      { role: "assistant", content: [{ type: "text", text: "file-123" }] },
    ];
    for (const to of ["gpt-5", "claude-sonnet-4-5", "gemini-3-pro", "mistral-large", "bedrock", "?", undefined]) {
      expect(told(plain, to === undefined ? {} : { to })).toEqual([]);
    }
  });

  it("which nothing of the content is repeated", () => {
    const secret = [{ role: "assistant", content: [{ type: "thinking", thinking: "my secret", signature: "key" }] }];
    const text = JSON.stringify(lintHistory(secret, { to: "gpt-5" }));
    expect(text).not.toMatch(/secret|key/);
    expect(text).toContain("leave the block out");
  });
});

describe("hostile input", () => {
  const cycle: Record<string, unknown> = { type: "redacted_thinking" };
  cycle.self = [cycle];
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => ({ inner }), "x");
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  let ran = 0;
  const trap = {
    get type() {
      ran += 1;
      throw new Error("do not run me");
    },
  };

  it.each([
    ["nothing", undefined, []],
    ["a text", "toolu_1", []],
    ["a number", Number.NaN, []],
    ["a function", () => 1, []],
    ["a cycle", cycle, ["type reasoning"]],
    ["a revoked proxy", [proxy, { type: "redacted_thinking" }], ["[0] unread", "[1].type reasoning"]],
    ["an accessor", [trap], []],
    ["a map", new Map([["type", "thinking"]]), []],
    ["bytes", [{ data: new Uint8Array(10_000_000) }], []],
    ["a prototype", JSON.parse('[{"__proto__":{"type":"redacted_thinking"}}]'), ["[0].__proto__.type reasoning"]],
  ])("%s does not make it throw", (_what, history, found) => {
    expect(told(history, { to: "gpt-5" })).toEqual(found);
    expect(ran).toBe(0);
  });

  it("is bounded in depth and in what it says", () => {
    const [only, ...more] = lintHistory(deep);
    expect([only?.kind, only?.problem, more]).toEqual(["unread", "nested too deep to be looked at", []]);
    const many = Array.from({ length: 100_000 }, () => ({ type: "redacted_thinking", id: "toolu_1" }));
    const began = performance.now();
    expect(lintHistory(many).length).toBeLessThanOrEqual(1002);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("holds for the names of the models too", () => {
    const names = { from: 1, to: { toString: () => "gpt-5" } } as unknown as { from: string; to: string };
    expect(told([{ id: "toolu_1" }], names)).toEqual(["[0].id tool-id"]);
    expect(() => lintHistory([], null as unknown as object)).not.toThrow();
  });
});
