import { expect, test } from "vitest";
import { printable, printableLine } from "../../core/printable.ts";
import { printableValues } from "../../core/printable-values.ts";
import { HOSTILE_TEXT, OBEYED } from "../fixtures/hostile-text.ts";

test.each([
  ["an escape sequence", "\u001b[2J", "\\u001b[2J"],
  ["the clipboard", "\u001b]52;c;aGk=\u0007", "\\u001b]52;c;aGk=\\u0007"],
  ["C1 controls", "\u009b31m\u0085", "\\u009b31m\\u0085"],
  ["a carriage return and a tab", "a\rb\tc", "a\\rb\\tc"],
  ["a delete and a nul", "\u007f\u0000", "\\u007f\\u0000"],
  ["direction", "\u202e\u2066\u200f\u061c", "\\u202e\\u2066\\u200f\\u061c"],
  ["what is invisible", "a\u200bb\ufeffc\u00add", "a\\u200bb\\ufeffc\\u00add"],
  ["invisible tags", "\u{e0041}", "\\udb40\\udc41"],
  ["line separators", "\u2028\u2029", "\\u2028\\u2029"],
  ["a lone surrogate", "\ud800", "\\ud800"],
  ["nothing of a text", "Grüße, 你好, שלום, 👍 – “ok” 5 %", "Grüße, 你好, שלום, 👍 – “ok” 5 %"],
])("%s is written out", (_what, text, expected) => {
  expect(printable(text)).toBe(expected);
  expect(printable(printable(text))).toBe(expected);
});

test("lines stay lines in a text, and are written out in a value", () => {
  expect(printable("a\nb")).toBe("a\nb");
  expect(printableLine("a\nb")).toBe("a\\nb");
});

test("every character there is, is either printed as it is or escaped", () => {
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const text = printableLine(String.fromCodePoint(code));
    if (OBEYED.test(text) || text.includes("\n")) throw new Error(`U+${code.toString(16)} is printed`);
  }
});

test("a JSON document holds the same values when it is made printable", () => {
  const value = { [HOSTILE_TEXT]: [HOSTILE_TEXT, "\ud800", 1, null] };
  const text = printable(JSON.stringify(value));
  expect(text).not.toMatch(OBEYED);
  expect(JSON.parse(text)).toEqual(value);
});

test("data is made printable, values and keys, at any depth", () => {
  const run = (): number => 1;
  const data = {
    a: ["x\ny", { "k\u001b": "v\r" }],
    n: 1,
    m: new Map([["k\n", "v\n"]]),
    run,
    none: null,
    at: new Date(0),
  };
  expect(printableValues(data)).toEqual({
    a: ["x\\ny", { "k\\u001b": "v\\r" }],
    n: 1,
    m: new Map([["k\\n", "v\\n"]]),
    run,
    none: null,
    at: new Date(0),
  });
});
