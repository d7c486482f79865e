import { describe, expect, it } from "vitest";
import { withCohort } from "../../instrumentation/context.ts";
import { leewaySpanProcessor } from "../../instrumentation/span-processor.ts";

type Attributes = Record<string, unknown>;

/** A span as an SDK hands it to its processors. `onEnding` is missing in older SDKs. */
const process = (attributes: Attributes, { hasOnEnding = true, code = 0 } = {}): Attributes => {
  const processor = leewaySpanProcessor();
  let ended = false;
  const span = {
    ...{ attributes, status: { code } },
    setAttribute: (name: string, value: unknown) => {
      if (!ended) attributes[name] = value;
    },
  };
  withCohort("canary", () => processor.onStart(span));
  if (hasOnEnding) processor.onEnding(span);
  ended = true;
  processor.onEnd(span);
  return attributes;
};

const CALL = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };
const output = (text: string) => JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: text }] }]);

describe("the span processor", () => {
  it.each<[string, Attributes]>([
    ["the conventions", { ...CALL, "gen_ai.output.messages": output("I cannot help with that.") }],
    ["OpenLLMetry", { "llm.request.type": "chat", "gen_ai.completion.0.content": "I cannot help with that." }],
    [
      "OpenInference",
      { "openinference.span.kind": "LLM", "llm.output_messages.0.message.content": "I cannot help with that." },
    ],
    ["Vercel AI", { "ai.operationId": "ai.generateText.doGenerate", "ai.response.text": "I cannot help with that." }],
  ])("adds cohort and features to a call in the words of %s", (_name, attributes) => {
    for (const hasOnEnding of [true, false]) {
      const before = Object.keys(attributes);
      const after = process({ ...attributes }, { hasOnEnding });
      expect(after).toMatchObject({ "leeway.cohort": "canary", "leeway.output.refusal_class": "hard" });
      const added = Object.entries(after).filter(([name]) => !before.includes(name));
      expect(added.every(([name]) => name.startsWith("leeway."))).toBe(true);
      expect(JSON.stringify(added)).not.toContain("cannot help");
    }
  });

  it.each<[string, Attributes]>([
    ["no GenAI span", { "http.request.method": "POST" }],
    ["a tool", { "gen_ai.operation.name": "execute_tool", "gen_ai.request.model": "m" }],
    ["an agent", { "gen_ai.system": "x", "gen_ai.request.model": "m", "gen_ai.agent.name": "a" }],
    ["Vercel's outer span", { "ai.operationId": "ai.generateText", "ai.response.text": "hi" }],
  ])("leaves alone what is no call: %s", (_name, attributes) => {
    expect(process({ ...attributes })).toEqual(attributes);
  });

  it.each<[string, Attributes]>([
    ["the conventions", { "gen_ai.response.finish_reasons": ["length"] }],
    ["Anthropic", { "anthropic.message.stop_reason": "max_tokens" }],
    ["OpenLLMetry", { "llm.response.finish_reason": "length" }],
    ["the conventions of old", { "gen_ai.completion.0.finish_reason": "length" }],
  ])("knows that an answer was cut, in the words of %s", (_name, attributes) => {
    const after = process({ ...CALL, "gen_ai.output.messages": output("hi"), ...attributes });
    expect(after).toMatchObject({ "leeway.output.truncated": true });
  });

  it("takes for a call what the collector takes for one", () => {
    const old = { "gen_ai.operation.name": "completion", "gen_ai.completion": "hi" };
    expect(process({ ...old })).toMatchObject({ "leeway.output.chars": 2 });
    const agent = { ...CALL, "openinference.span.kind": "AGENT", "gen_ai.completion": "hi" };
    expect(process({ ...agent })).toEqual(agent);
  });

  it("computes no features of a failed call, and keeps what the span says already", () => {
    const attributes = { ...CALL, "gen_ai.output.messages": output("hi"), "leeway.cohort": "baseline" };
    const after = process({ ...attributes }, { code: 2 });
    expect(after).toEqual(attributes);
  });

  it("does not throw on spans of a shape nobody foresaw", () => {
    const processor = leewaySpanProcessor();
    const write = globalThis.process.stderr.write;
    const lines: string[] = [];
    globalThis.process.stderr.write = (line) => lines.push(String(line)) > 0;
    try {
      for (const span of [{}, { attributes: null }, { attributes: { ...CALL } }]) {
        processor.onStart(span);
        processor.onEnding(span);
        processor.onEnd(span);
      }
    } finally {
      globalThis.process.stderr.write = write;
    }
    expect(lines).toHaveLength(1);
  });
});
