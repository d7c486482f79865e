import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../../features/refusal/languages.ts";
import { normaliseText } from "../../../features/refusal/normalise.ts";
import { refusalClass } from "../../../features/refusal/refusal-class.ts";
import { LABELLED } from "./labelled-answers.ts";

const classOf = (text: string) =>
  refusalClass({ text, chars: text.length, refusal: null, finishReason: "stop", toolCalls: [] });

describe.each(Object.entries(LABELLED))("refusals in %s", (code, labelled) => {
  it.each(labelled)("are told apart: %s: %s", (expected, text) => {
    expect(classOf(text)).toBe(expected);
  });

  it("are decided by the language's own table, which its cue lets in", () => {
    const language = LANGUAGES.find((one) => one.code === code);
    const refusals = labelled.filter(([expected]) => expected !== "none");
    expect(refusals.filter(([, text]) => !language?.cue.test(normaliseText(text)))).toEqual([]);
  });
});

it("covers the same nineteen languages as the tables", () => {
  expect(LANGUAGES.map(({ code }) => code).sort()).toEqual(Object.keys(LABELLED).sort());
  expect(LANGUAGES).toHaveLength(19);
});
