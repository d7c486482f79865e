import { expect, it } from "vitest";
import { parseJson } from "../../../features/json/parse-json.ts";

it.each([
  ...['{"a":1}', "{}", " { } ", "[]", "[ ]", "[[1]]", "[{}]", '["a"]', "[-1]", "[ 2 ]", "[true]", "[false]", "[null]"],
  ...['"a"', "1", "-1.5e3", "true", "false", "null", '\r\n\t {\n"a": [\n1]}\n'],
])("parses %j", (text) => expect(parseJson(text)).toEqual({ value: JSON.parse(text) }));

it.each([
  "",
  " ",
  "[Yes]",
  "{a:1}",
  "[,]",
  "Sure",
  "```json\n{}\n```",
  "{",
  "[1",
  "[1,",
  '{"a":"b',
  "nul",
  "\u00a0{}",
  "\ufeff{}",
])("does not parse %j", (text) => expect(parseJson(text)).toBeNull());
