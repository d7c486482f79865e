import { describe, expect, it } from "vitest";
import type { Answer, AskedFor } from "../../../features/answer.ts";
import { outputAttributes } from "../../../features/output-attributes.ts";
import { outputFeatures } from "../../../features/output-features.ts";
import { rowOf } from "./normalise.ts";

const CALL = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" };
const answer = (text: string, more: Partial<Answer> = {}): Answer => ({
  ...{ text, chars: text.length, refusal: null, finishReason: "stop", toolCalls: [] },
  ...more,
});
const SCHEMA = { type: "object", properties: { status: { enum: ["open"] } } };

const CASES: readonly (readonly [string, Answer, AskedFor])[] = [
  [
    "prose",
    answer("Sure! You can change it in the settings. ".repeat(20), { meanLogprob: -0.4 }),
    { json: false, tools: [] },
  ],
  [
    "JSON",
    answer('{"status":"open","items":[{"id":null}],"confidence":0.5}'),
    { json: true, schema: SCHEMA, tools: [] },
  ],
  ["Japanese", answer("設定で変更できます。"), { json: false, tools: [] }],
  [
    "a tool call",
    answer("", { text: null, toolCalls: [{ name: "find", arguments: "{}" }], finishReason: "tool_calls" }),
    { json: false, tools: ["find"], toolRequired: true },
  ],
];

describe("the collector stores what the app has measured", () => {
  it.each(CASES)("of %s", (_what, given, asked) => {
    const measured = outputFeatures(given, asked);
    const row = rowOf({ attributes: { ...CALL, ...outputAttributes(measured) } });
    expect(Object.keys(row.features).sort()).toEqual(Object.keys(measured.features).sort());
    for (const [name, value] of Object.entries(measured.features))
      expect((row.features as Record<string, number>)[name]).toBeCloseTo(value, 4);
    expect(row.labels).toEqual(measured.labels);
    expect(row.key_paths).toEqual(measured.keyPaths);
    expect(row.refusal_class).toBe(measured.refusalClass);
  });
});
