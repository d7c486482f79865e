import { describe, expect, it } from "vitest";
import { effectOf } from "../../../formats/ask-again/effects.ts";

const effect = (body: object): string | null => effectOf(body as Record<string, unknown>, JSON.stringify(body));

describe("what a request would do a second time", () => {
  it.each([
    ["a plain one", { messages: [{ role: "user", content: "hi" }] }],
    ["functions of the app", { tools: [{ type: "function", function: { name: "search" } }] }],
    ["functions without a type", { tools: [{ name: "search", input_schema: {} }] }],
    ["custom tools", { tools: [{ type: "custom", name: "sql" }] }],
    ["Gemini's functions", { tools: [{ functionDeclarations: [{ name: "search" }] }] }],
    [
      "tools that the app's machine runs",
      { tools: [{ type: "bash_20250124", name: "bash" }, { type: "computer_use" }] },
    ],
    ["nothing stored", { store: false, previous_response_id: null, background: false, container: null }],
    ["no tools", { tools: [] }],
    ["a text that speaks of files", { messages: [{ role: "user", content: 'say {"file_id": "x"}' }] }],
  ])("nothing: %s", (_what, body) => {
    expect(effect(body)).toBeNull();
  });

  it.each([
    ["server-tools", { tools: [{ type: "web_search_preview" }] }],
    [
      "server-tools",
      {
        tools: [
          { type: "function", name: "f" },
          { type: "code_interpreter", container: {} },
        ],
      },
    ],
    ["server-tools", { tools: [{ type: "mcp", server_url: "https://x" }] }],
    ["server-tools", { tools: [{ type: "web_search_20250305", name: "web_search" }] }],
    ["server-tools", { tools: [{ googleSearch: {} }] }],
    ["server-tools", { tools: [{ functionDeclarations: [] }, { codeExecution: {} }] }],
    ["server-tools", { tools: ["what is this"] }],
    ["server-tools", { mcp_servers: [{ url: "https://x" }] }],
    ["server-tools", { web_search_options: {} }],
    ["stored", { store: true }],
    ["stored", { previous_response_id: "resp_1" }],
    ["stored", { conversation: "conv_1" }],
    ["stored", { cachedContent: "cachedContents/1" }],
    ["stored", { container: "container_1" }],
    ["background", { background: true }],
    ["background", { background: true, store: true }],
    ["upload", { messages: [{ role: "user", content: [{ type: "file", file: { file_id: "file-1" } }] }] }],
    ["upload", { contents: [{ parts: [{ fileData: { fileUri: "https://x/files/1" } }] }] }],
  ])("%s: %j", (expected, body) => {
    expect(effect(body)).toBe(expected);
  });
});
