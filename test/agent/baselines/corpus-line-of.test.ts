import { describe, expect, it } from "vitest";
import { corpusLineOf } from "../../../agent/baselines/corpus-line-of.ts";
import { readRecord } from "../../../agent/compare/read-record.ts";
import { type CorpusRead, readCorpus } from "../../../agent/replay/corpus.ts";
import type { ContentRow } from "../../../core/content-row.ts";
import { baselineView } from "../../../status/baseline-view.ts";
import { aContent } from "../../store/a-content.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const lineOf = (fields: Partial<ContentRow> = {}, segment = "topic") =>
  corpusLineOf(baselineView({ stratum: "ordinary/faq", weight: 12.5, ...aContent(fields) }), segment);

const readBack = async (line: unknown): Promise<CorpusRead | undefined> => {
  const folder = temporaryDirectory({ "c.jsonl": JSON.stringify(line) });
  for await (const read of readCorpus(`${folder}/c.jsonl`)) return read;
  return undefined;
};

const RICH: Partial<ContentRow> = {
  segments: { topic: "faq", tier: "gold" },
  conversation_id: "c1",
  request: JSON.stringify({ temperature: 0.2, max_tokens: 50, stop: ["END"], seed: 3, output_type: "json" }),
  system: JSON.stringify([{ type: "text", content: "Be brief." }]),
  tools: JSON.stringify([
    { type: "function", name: "order", description: "Looks up.", parameters: '{"type":"object"}' },
  ]),
  messages: JSON.stringify([
    { role: "user", parts: [{ type: "text", content: "Where is it?" }] },
    { role: "assistant", parts: [{ type: "tool_call", id: "t", name: "order", arguments: { id: 7 } }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "t", response: { state: "sent" } }] },
  ]),
  output: JSON.stringify([
    {
      role: "assistant",
      finish_reason: "stop",
      parts: [
        { type: "text", content: "On its way." },
        { type: "tool_call", name: "order", arguments: "{}" },
      ],
    },
  ]),
};

describe("a kept example as a line of a corpus", () => {
  it("asks again what was asked, with everything that was asked beside it", async () => {
    expect(await readBack(lineOf(RICH))).toMatchObject({
      entry: {
        ...{ task: "faq", conversationId: "c1", promptId: expect.stringMatching(/^[0-9a-f]{32}-[0-9a-f]{16}$/) },
        asked: {
          question: {
            system: [{ type: "text", content: "Be brief." }],
            messages: [
              { role: "user", parts: [{ content: "Where is it?" }] },
              { role: "assistant", parts: [{ type: "tool_call", id: "t", name: "order", arguments: '{"id":7}' }] },
              { role: "tool", parts: [{ type: "tool_call_response", id: "t", response: '{"state":"sent"}' }] },
            ],
            tools: [{ type: "function", name: "order", description: "Looks up." }],
            parameters: { temperature: 0.2, maxTokens: 50, stop: ["END"], seed: 3, json: "object" },
          },
        },
      },
    });
  });

  it("is the record of the answer that was served", () => {
    const line = lineOf(RICH);
    expect(line).toMatchObject({ stratum: "ordinary/faq", weight: 12.5, model: "gpt-4o-2024" });
    const read = readRecord(line, null);
    expect(read).toMatchObject({
      record: {
        ...{ cohort: "baseline", output: "On its way.", callsTools: true, task: "faq" },
        latency_ms: 812.5,
        output_tokens: 7,
      },
      unusable: [],
    });
  });

  it("says so where there was no answer, and where something was shortened", async () => {
    expect(lineOf({ output: "" })).toMatchObject({ output: null });
    expect(await readBack(lineOf({ truncated: ["messages"] }))).toMatchObject({
      problem: expect.stringMatching(/^messages: shortened/),
    });
    expect(await readBack(lineOf({ truncated: ["output"] }))).toMatchObject({ entry: {} });
  });

  it.each([
    ["top_k", { top_k: 5 }],
    ["frequency_penalty", { frequency_penalty: 1 }],
    ["reasoning", { reasoning: "high" }],
  ])("is not asked without %s, which no question has a place for", async (name, request) => {
    expect(await readBack(lineOf({ request: JSON.stringify(request) }))).toMatchObject({
      problem: expect.stringContaining(`${name}:`),
    });
  });

  it("has no task where the migration has no segment", () => {
    expect(lineOf(RICH, "")).not.toHaveProperty("task");
  });
});
