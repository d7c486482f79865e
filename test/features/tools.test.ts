import { describe, expect, it } from "vitest";
import type { AskedFor, ToolCall } from "../../features/answer.ts";
import { toolUse } from "../../features/tools.ts";

const SCHEMA = {
  type: "object",
  properties: { id: { type: "integer" } },
  required: ["id"],
  additionalProperties: false,
};
const asked: AskedFor = { json: false, tools: ["find", "list"], toolSchemas: new Map([["find", SCHEMA]]) };
const use = (toolCalls: readonly ToolCall[], request: AskedFor = asked) =>
  toolUse({ text: null, chars: 0, refusal: null, finishReason: "", toolCalls }, request);
const call = (name: string, text: string): ToolCall => ({ name, arguments: text });

describe("tool calls", () => {
  it.each([
    [
      "match",
      [call("find", '{"id":1}')],
      true,
      { tool_names_known: 1, tool_arguments_parse: 1, tool_arguments_match: 1 },
    ],
    ["do not match", [call("find", '{"id":"1"}')], false, { tool_arguments_match: 0 }],
    ["lack a member", [call("find", "{}")], false, { tool_arguments_match: 0 }],
    ["do not parse", [call("find", '{"id":')], false, { tool_arguments_parse: 0 }],
    ["name no offered tool", [call("drop", "{}")], false, { tool_names_known: 0 }],
    ["have no schema", [call("list", "")], true, { tool_names_known: 1, tool_arguments_parse: 1 }],
    ["are several, one of them bad", [call("find", '{"id":1}'), call("find", "[]")], false, { tool_calls: 2 }],
  ])("that %s", (_what, calls, valid, features) => {
    expect(use(calls).valid).toBe(valid);
    expect(use(calls).features).toMatchObject({ tool_called: 1, ...features });
  });

  it("are not said to match where no schema was declared", () => {
    expect(use([call("list", "{}")]).features).not.toHaveProperty("tool_arguments_match");
  });

  it("are told apart by the digest of the names that are called, whatever their order and number", () => {
    const chosen = (...names: string[]) => use(names.map((name) => call(name, "{}"))).labels.tool_chosen;
    expect(chosen("find")).toMatch(/^[0-9a-f]{12}$/);
    expect(chosen("find")).not.toBe(chosen("list"));
    expect(chosen("find", "list")).toBe(chosen("list", "find", "list"));
  });

  it("are offered under a digest that changes with a tool's name and parameters", () => {
    const offered = (request: AskedFor) => use([], request).labels.tools_offered;
    const renamed = { ...asked, tools: ["find", "list_all"] };
    const widened = { ...asked, toolSchemas: new Map([["find", { properties: { id: {}, name: {} } }]]) };
    expect(new Set([asked, renamed, widened].map(offered)).size).toBe(3);
    expect(use([], { json: false, tools: [] }).labels).toEqual({});
  });

  it("that were not made are counted where tools were offered, and missed where one was demanded", () => {
    expect(use([])).toMatchObject({ valid: null, features: { tool_calls: 0, tool_called: 0 } });
    expect(use([], { ...asked, toolRequired: true }).features.tool_call_missing).toBe(1);
    expect(use([call("list", "")], { ...asked, toolRequired: true }).features.tool_call_missing).toBe(0);
    expect(use([], { json: false, tools: [] }).features).toEqual({});
  });

  it("of a model that loops are looked at up to a bound", () => {
    const calls = Array.from({ length: 10_000 }, () => call("find", '{"id":1}'));
    expect(use(calls).features.tool_calls).toBe(10_000);
  });
});
