import { describe, expect, it } from "vitest";
import { FEATURE_LABELS, FEATURES } from "../../core/features.ts";
import { outputAttributes } from "../../features/output-attributes.ts";
import { outputFeatures } from "../../features/output-features.ts";

const CANARY = "Zanzibar";
const attributesOf = (text: string, json: boolean) =>
  outputAttributes(
    outputFeatures(
      {
        ...{ text, chars: text.length, refusal: null, finishReason: "stop", meanLogprob: -0.25 },
        toolCalls: json ? [] : [{ name: CANARY, arguments: `{"${CANARY}":"${CANARY}"}` }],
      },
      { json, tools: [CANARY], toolRequired: true },
    ),
  );

describe("the attributes of an answer's features", () => {
  it("are flags, numbers of four decimals, labels and digests", () => {
    expect(attributesOf("Sure! Here are 3 of them.", true)).toMatchObject({
      "leeway.output.chars": 25,
      "leeway.output.preamble": true,
      "leeway.output.words": 6,
      "leeway.output.digit_share": 0.04,
      "leeway.output.token_nll": 0.25,
      "leeway.output.answer_form": "line",
      "leeway.output.refusal_class": "none",
      "leeway.output.json_valid": false,
    });
  });

  it("leave out what is unknown", () => {
    const names = Object.keys(attributesOf("Fine.", false));
    expect(names.filter((name) => /json|compress|readab|fence_/.test(name))).toEqual([]);
  });

  it.each([
    ["text", `The capital of ${CANARY} is ${CANARY}. `.repeat(20), false],
    ["JSON", JSON.stringify({ [CANARY]: [{ [`${CANARY}2`]: CANARY }] }), true],
  ])("carry nothing of the answer: %s", (_what, text, json) => {
    expect(JSON.stringify(attributesOf(text, json))).not.toMatch(new RegExp(CANARY, "i"));
  });

  it("are names of the catalogue, and columns", () => {
    const columns = /\.(?:chars|code_fence|json_valid|refusal_class|truncated|tool_call_valid|key_paths)$/;
    const all = { ...attributesOf("x ".repeat(200), false), ...attributesOf('{"a":1}', true) };
    const unknown = Object.keys(all).filter((name) => {
      const plain = name.replace("leeway.output.", "");
      return !columns.test(name) && !Object.hasOwn(FEATURES, plain) && !Object.hasOwn(FEATURE_LABELS, plain);
    });
    expect(unknown).toEqual([]);
  });
});
