import { expect, test } from "vitest";
import { parseJson } from "../../../agent/config/parse-json.ts";

const deep = (levels: number): string => `${'{"a":['.repeat(levels / 2)}1${"]}".repeat(levels / 2)}`;

test.each([
  ["half a text", '{"a": 1', /^no JSON.*; expected a line$/],
  ["rubbish", "secret answer", /^no JSON \(at character 1\); expected a line$|^no JSON; expected a line$/],
  ["a NUL", '{"a": "\0"}', /^no JSON.*; expected a line$/],
  ["a key given twice", '{"a": 1, "b": {"a": 2}, "a": 3}', /^the key "a" is there twice; expected it once$/],
  [
    "a key given twice, written in two ways",
    '{"a": 1, "\\u0061": 3}',
    /^the key "\\u0061" is there twice; expected it once$/,
  ],
  ["a key given twice in a list of objects", '[{"a": 1}, {"b": 1, "b": 2}]', /^the key "b" is there twice/],
  ["__proto__", '{"scores": {"__proto__": 1}}', /^__proto__ cannot be a key; expected another name$/],
  ["too many levels", deep(100), /^nested more than 64 levels deep; expected a few$/],
  ["endless levels", deep(200_000), /^nested more than 64 levels deep; expected a few$/],
])("%s is refused in words without its content", (_what, text, expected) => {
  const read = parseJson(text, "a line");
  expect("problem" in read ? read.problem : "").toMatch(expected);
  expect(JSON.stringify(read)).not.toContain("secret");
});

test.each([
  ["the same key in different objects", '{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}'],
  ["what looks like keys in texts", '{"a": "\\"a\\": 1, \\"a\\": 2, {[", "b": ["x", "x:"]}'],
  ["sixty-four levels", deep(64)],
  ["a scalar", '"x"'],
])("%s is read", (_what, text) => {
  expect(parseJson(text, "a line")).toEqual({ value: JSON.parse(text) });
});
