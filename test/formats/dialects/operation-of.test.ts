import { expect, test } from "vitest";
import { operationOf } from "../../../formats/dialects/read/operation-of.ts";
import { untakenKind } from "../../../formats/dialects/read/untaken.ts";
import { OPERATION_SIBLINGS } from "./operation-siblings.ts";

test.each(OPERATION_SIBLINGS)("$sender: $operation", ({ attributes, operation }) => {
  expect(operationOf((name) => attributes[name]) ?? "none").toBe(operation);
});

test("what is about a model is a call or named with what is missing, and nothing else is named", () => {
  for (const { attributes, operation } of OPERATION_SIBLINGS) {
    const isOther = operation !== "none" || "http.route" in attributes;
    expect(untakenKind(new Map(Object.entries(attributes))) === null, JSON.stringify(attributes)).toBe(isOther);
  }
});

test.each([
  [{ "gen_ai.operation.name": "invoke_agent" }, { reason: "contains-calls", word: "invoke_agent" }],
  [{ "openinference.span.kind": "CHAIN" }, { reason: "contains-calls", word: "CHAIN" }],
  [{ "ai.operationId": "ai.streamText" }, { reason: "contains-calls", word: "ai.streamText" }],
  [{ "gen_ai.tool.name": "search" }, { reason: "contains-calls", word: "gen_ai.tool.name" }],
  [{ "gen_ai.operation.name": "ask" }, { reason: "unknown-operation", word: "ask" }],
  [{ "llm.usage.total_tokens": 5 }, { reason: "no-model", word: "" }],
  [{ "gen_ai.request.model": "m" }, { reason: "no-provider-and-tokens", word: "" }],
] as const)("says why it takes no call from %j", (attributes, kind) => {
  expect(untakenKind(new Map(Object.entries(attributes)))).toEqual(kind);
});
