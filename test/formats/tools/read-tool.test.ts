import { expect, it } from "vitest";
import { offeredTools } from "../../../formats/tools/offered-tools.ts";
import { readTool } from "../../../formats/tools/read-tool.ts";
import { readToolCall } from "../../../formats/tools/read-tool-call.ts";

const SCHEMA = { type: "object" };

it.each<[string, unknown, string]>([
  ["chat completions", { type: "function", function: { name: "f", description: "d", parameters: SCHEMA } }, "function"],
  ["responses", { type: "function", name: "f", description: "d", parameters: SCHEMA }, "function"],
  ["old functions", { name: "f", description: "d", parameters: SCHEMA }, ""],
  ["Anthropic", { name: "f", description: "d", input_schema: SCHEMA }, ""],
  ["Gemini, with JSON Schema", { name: "f", description: "d", parametersJsonSchema: SCHEMA }, ""],
  ["Bedrock", { toolSpec: { name: "f", description: "d", inputSchema: SCHEMA } }, ""],
  ["Vercel AI", { type: "function", name: "f", description: "d", inputSchema: SCHEMA }, "function"],
])("reads a tool as %s writes it", (_name, definition, type) => {
  expect(readTool(definition)).toEqual({ type, name: "f", description: "d", schema: SCHEMA });
});

it("reads a tool whose input is no JSON", () => {
  const custom = { type: "custom", custom: { name: "run", description: "d" } };
  expect(readTool(custom)).toEqual({ type: "custom", name: "run", description: "d", schema: undefined });
});

it.each([[null], [7], ["f"], [[]], [{ function: 7 }]])("makes nothing of %j", (definition) => {
  expect(readTool(definition)).toMatchObject({ name: "", schema: undefined });
});

it("offers what has a name, with a schema where it is one", () => {
  const offered = offeredTools([readTool({ name: "f", parameters: SCHEMA }), readTool({ name: "g" }), readTool({})]);
  expect(offered).toEqual({ tools: ["f", "g"], toolSchemas: new Map([["f", SCHEMA]]) });
});

it.each<[string, unknown]>([
  ["chat completions", { id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
  ["a custom tool", { id: "c", type: "custom", custom: { name: "f", input: "{}" } }],
  ["the conventions", { id: "c", type: "tool_call", name: "f", arguments: "{}" }],
  ["Vercel AI", { id: "c", toolName: "f", args: "{}" }],
  ["Anthropic", { id: "c", type: "tool_use", name: "f", input: "{}" }],
])("reads a call as %s writes it", (_name, call) => {
  expect(readToolCall(call)).toEqual({ id: "c", name: "f", arguments: "{}" });
});
