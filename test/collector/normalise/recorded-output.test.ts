import { describe, expect, it } from "vitest";
import { rowOf } from "./normalise.ts";

const CALL = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" };
const REFUSAL = "I'm sorry, but I can't help with that.";

const spanOf = (attributes: Record<string, unknown>) => ({ attributes: { ...CALL, ...attributes } });

/** One answer, the way each instrumentation writes it. */
const WRITTEN: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    "the conventions, as JSON text",
    { "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: REFUSAL }] }]) },
  ],
  [
    "an older draft with plain content",
    { "gen_ai.output.messages": JSON.stringify([{ role: "a", content: REFUSAL }]) },
  ],
  ["Vercel AI", { "ai.operationId": "ai.generateText.doGenerate", "ai.response.text": REFUSAL }],
  [
    "OpenInference",
    { "openinference.span.kind": "LLM", "llm.provider": "openai", "llm.output_messages.0.message.content": REFUSAL },
  ],
  [
    "OpenInference, in parts",
    { "openinference.span.kind": "LLM", "llm.output_messages.0.message.contents.0.message_content.text": REFUSAL },
  ],
  ["OpenLLMetry of old", { "gen_ai.completion.0.content": REFUSAL }],
  ["conventions of old", { "gen_ai.completion": REFUSAL }],
  ["Langfuse", { "langfuse.observation.output": JSON.stringify({ role: "assistant", content: REFUSAL }) }],
  ["Sentry", { "gen_ai.response.text": JSON.stringify([REFUSAL]) }],
];

describe("the answer on a span of another instrumentation", () => {
  it.each(WRITTEN)("is measured and not kept: %s", (_who, attributes) => {
    const row = rowOf(spanOf(attributes));
    expect(row).toMatchObject({ output_chars: REFUSAL.length, refusal_class: "hard", code_fence: 0 });
    expect(row.features).toMatchObject({ words: 8, apology: 1, one_line: 1 });
    expect(row.labels).toMatchObject({ answer_form: "line", script: "latin" });
    expect(JSON.stringify(row)).not.toContain("sorry");
  });

  it("knows a refusal part, and tool calls where the offered tools are recorded", () => {
    const parts = [{ type: "tool_call", name: "find", arguments: { id: "x" } }];
    const messages = { "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts }]) };
    const schema = { type: "object", properties: { id: { type: "integer" } } };
    const tools = { "gen_ai.tool.definitions": JSON.stringify([{ name: "find", parameters: schema }]) };
    expect(rowOf(spanOf(messages)).tool_call_valid).toBeNull();
    const judged = rowOf(spanOf({ ...messages, ...tools }));
    expect(judged.tool_call_valid).toBe(0);
    expect(judged.features).toMatchObject({ tool_calls: 1, tool_names_known: 1, tool_arguments_match: 0 });
    const refused = JSON.stringify([{ role: "assistant", parts: [{ type: "refusal", content: "no" }] }]);
    expect(rowOf(spanOf({ "gen_ai.output.messages": refused })).refusal_class).toBe("hard");
  });

  it("checks JSON where the span says that it was asked for", () => {
    const messages = JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: '{"a":' }] }]);
    const row = rowOf(spanOf({ "gen_ai.output.messages": messages, "gen_ai.output.type": "json" }));
    expect(row).toMatchObject({ json_valid: 0, features: { json_recoverable: 0 } });
  });

  it.each([
    ["text that was cut in the middle", { "gen_ai.output.messages": '[{"role":"assistant","parts":[{"ty' }],
    ["something that is no message", { "gen_ai.output.messages": "[42, null]" }],
    ["nothing", {}],
  ])("leaves all unknown for %s", (_what, attributes) => {
    expect(rowOf(spanOf(attributes))).toMatchObject({
      output_chars: null,
      refusal_class: "",
      features: {},
      labels: {},
    });
  });

  it("leaves a failed call without features", () => {
    const row = rowOf(spanOf({ "gen_ai.completion": "half an ans", "error.type": "timeout" }));
    expect(row).toMatchObject({ output_chars: null, features: {} });
  });

  it("believes the app where it has measured the answer itself", () => {
    const row = rowOf(
      spanOf({ "gen_ai.completion": REFUSAL, "leeway.output.chars": 7, "leeway.output.refusal_class": "none" }),
    );
    expect(row).toMatchObject({ output_chars: 7, refusal_class: "none", features: {} });
  });
});

describe("the features on Leeway's own spans", () => {
  it.each([
    ["a flag", "leeway.output.apology", true, { apology: 1 }],
    ["a flag that is off", "leeway.output.apology", false, { apology: 0 }],
    ["a count", "leeway.output.words", 12, { words: 12 }],
    ["a share", "leeway.output.digit_share", 0.25, { digit_share: 0.25 }],
    ["a number below zero", "leeway.output.readability", -3.4, { readability: -3.4 }],
    ["a share above one", "leeway.output.digit_share", 1.5, {}],
    ["a negative count", "leeway.output.words", -1, {}],
    ["text for a number", "leeway.output.words", "many", {}],
    ["a name outside the catalogue", "leeway.output.mood", 1, {}],
    ["what every object has", "leeway.output.constructor", 1, {}],
  ])("become columns by name: %s", (_what, name, value, features) => {
    expect(rowOf(spanOf({ "leeway.output.chars": 1, [name]: value })).features).toEqual(features);
  });

  it("keep labels and digests in their forms only", () => {
    const row = rowOf(
      spanOf({
        "leeway.output.chars": 1,
        "leeway.output.language": "en",
        "leeway.output.answer_form": "I am an answer",
        "leeway.output.key_paths": ["k0123456789ab", "name", "kxyz", 7],
      }),
    );
    expect(row.labels).toEqual({ language: "en" });
    expect(row.key_paths).toEqual(["k0123456789ab"]);
  });
});
