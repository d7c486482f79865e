import { describe, expect, it } from "vitest";
import { normaliseText } from "../../../features/refusal/normalise.ts";
import { scanText } from "../../../features/text-scan.ts";

describe("the normalised text", () => {
  it.each([
    ["Plain  prose.\n\nOf two\tparagraphs. ", "plain prose. of two paragraphs."],
    ["**Bold** and `code`, # no heading", "bold and 'code', no heading"],
    ["Before\n```js\nlet a;\n```\nafter", "before after"],
    ["Before ~~~ cut", "before"],
    ['He said "never" to me', "he said to me"],
    ['"All of it"', "all of it"],
    ["It’s ＦＵＬＬ width", "it's full width"],
    ["a \u064b b", "a  b"],
    ["   ", ""],
    ["", ""],
  ])("of %j is %j, with what is known of its characters and without", (text, expected) => {
    expect(normaliseText(text)).toBe(expected);
    expect(normaliseText(text, scanText(text).marks)).toBe(expected);
  });
});
