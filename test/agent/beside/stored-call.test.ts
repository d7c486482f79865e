import { describe, expect, it } from "vitest";
import { storedCall } from "../../../agent/beside/stored-call.ts";
import { aContent } from "./a-content.ts";

const URL_OF = new URL("https://api.openai.com/v1/chat/completions");

describe("a stored call as the shadow takes it", () => {
  it("is the call that was served, by its ids, its user and its segments", () => {
    const call = storedCall("bot", aContent(), URL_OF, true);
    expect(call).toMatchObject({
      request: { operation: "chat", model: "old", asked: { json: false, tools: [] } },
      context: {
        ...{ cohort: null, segments: { tier: "free" }, conversation: "c-1" },
        flag: { targetingKeyHash: "0123456789abcdef" },
        identity: { traceId: aContent().trace_id, spanId: aContent().span_id },
      },
      durationMs: 100,
      answer: { usage: { input: 10, output: 5, costUsd: 0.1 }, answer: { text: "the answer", finishReason: "stop" } },
    });
  });

  it("has the same ids and the same place in a share whoever asks it, and others for other calls", () => {
    const [one, again, other] = [1, 1, 2].map((n) => storedCall("bot", aContent({}, n), URL_OF, true).stored);
    expect(again).toEqual(one);
    expect(one?.pairIds.candidate).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set([one, other].flatMap((each) => Object.values(each?.pairIds ?? {}))).size).toBe(4);
    const draws = Array.from({ length: 400 }, (_, n) => storedCall("bot", aContent({}, n), URL_OF, true).stored.draws);
    const share = draws.filter(({ candidate }) => candidate < 0.25).length / draws.length;
    expect(share).toBeGreaterThan(0.18);
    expect(share).toBeLessThan(0.32);
  });

  it("is asked of no baseline that cannot be asked", () => {
    expect(storedCall("bot", aContent(), URL_OF, false).stored.draws.rerun).toBe(1);
  });

  it("has tool calls, the tools that were offered, and what answer was wanted", () => {
    const schema = { type: "object", properties: { a: {} } };
    const call = storedCall(
      "bot",
      aContent({
        output: [{ role: "assistant", parts: [{ type: "tool_call", name: "find", arguments: '{"a":1}' }] }],
        tools: [{ type: "function", name: "find", parameters: JSON.stringify(schema) }],
        request: {
          response_format: { type: "json_schema", json_schema: { name: "s", schema } },
          tool_choice: "required",
        },
      }),
      URL_OF,
      true,
    );
    expect(call.answer?.answer).toMatchObject({ text: null, toolCalls: [{ name: "find", arguments: '{"a":1}' }] });
    expect(call.request.asked).toMatchObject({ json: true, schema, tools: ["find"], toolRequired: true });
    expect(call.request.asked.toolSchemas?.get("find")).toEqual(schema);
  });

  it("has no answer where none was stored", () => {
    expect(storedCall("bot", aContent({ output: [] }), URL_OF, true).answer?.answer).toBeNull();
  });
});
