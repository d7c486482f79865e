import { describe, expect, it } from "vitest";
import type { AskedFor } from "../../features/answer.ts";
import { structureOf } from "../../features/structure.ts";

const answer = (text: string, chars: number = text.length) => ({
  ...{ text, chars, refusal: null, finishReason: "stop", toolCalls: [] },
});
const SCHEMA = { type: "object", properties: { id: { type: "integer" } }, required: ["id"] };
const asked: AskedFor = { json: true, schema: SCHEMA, tools: [] };
const FREE: AskedFor = { json: false, tools: [] };

describe("an answer that was asked for as JSON", () => {
  it.each([
    [
      "as it should be",
      '{"id":1}',
      true,
      { json_recoverable: 1, json_preamble: 0, json_commentary: 0, schema_valid: 1 },
    ],
    ["of another shape", '{"id":"1"}', true, { json_recoverable: 1, schema_valid: 0 }],
    [
      "in a fence",
      '```json\n{"id":1}\n```',
      false,
      { json_recoverable: 1, json_preamble: 0, json_commentary: 0, schema_valid: 0 },
    ],
    ["after a sentence", 'Sure: {"id":1}', false, { json_recoverable: 1, json_preamble: 1, json_commentary: 0 }],
    [
      "before a sentence",
      '{"id":1}\nAnything else?',
      false,
      { json_recoverable: 1, json_preamble: 0, json_commentary: 1 },
    ],
    ["between sentences and fences", "Here:\n```\n[1]\n```\nDone.", false, { json_preamble: 1, json_commentary: 1 }],
    ["that was broken", '{"id":1', false, { json_recoverable: 0, schema_valid: 0 }],
    ["that is prose", "I can't say.", false, { json_recoverable: 0, schema_valid: 0 }],
  ])("%s", (_what, text, jsonValid, features) => {
    const structure = structureOf(answer(text), asked);
    expect(structure.jsonValid).toBe(jsonValid);
    expect(structure.features).toMatchObject(features);
  });

  it("has no preamble to speak of when it does not parse at all", () => {
    expect(structureOf(answer("no"), asked).features).not.toHaveProperty("json_preamble");
  });

  it.each([
    ["was cut before it got here", answer('{"id":1}', 500)],
    ["is longer than is parsed", answer(`"${"x".repeat(200_000)}"`)],
    ["comes with tool calls", { ...answer(""), toolCalls: [{ name: "f", arguments: "" }] }],
    ["has no text", { ...answer(""), text: null }],
  ])("is unknown where it %s", (_what, given) => {
    expect(structureOf(given, asked)).toEqual({ jsonValid: null, features: {}, labels: {}, keyPaths: [] });
  });

  it("has no schema_valid without a schema, nor with one that cannot be checked", () => {
    expect(structureOf(answer("{}"), { ...asked, schema: null }).features).not.toHaveProperty("schema_valid");
    expect(structureOf(answer('"a"'), { ...asked, schema: { pattern: "a" } }).features).not.toHaveProperty(
      "schema_valid",
    );
  });

  it.each([
    ['{"confidence":0.85}', 0.85],
    ['{"confidence":85}', 0.85],
    ['{"certainty":1}', 1],
    ['{"confidence":"high"}', undefined],
    ['{"confidence":-1}', undefined],
    ["[0.5]", undefined],
  ])("states its own confidence in %s", (text, expected) => {
    expect(structureOf(answer(text), asked).features.self_confidence).toBe(expected);
  });
});

describe("an answer that was not asked for as JSON", () => {
  it("is measured when it is JSON all the same, and not judged", () => {
    const structure = structureOf(answer('{"a":{"b":null}}'), FREE);
    expect(structure.jsonValid).toBeNull();
    expect(structure.features).toEqual({ json_depth: 2, json_nulls: 1, json_empty_arrays: 0 });
    expect(structure.keyPaths).toHaveLength(2);
  });

  it.each(["Prose with {braces} in it", "[1] is a footnote", "42"])("is left alone when it is %j", (text) => {
    expect(structureOf(answer(text), FREE).keyPaths).toEqual([]);
  });
});
