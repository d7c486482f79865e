import { type JsonRead, parseJson } from "../config/parse-json.ts";

const STRING_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** What Python writes for numbers that are none; they are unknown. */
const withoutNoNumbers = (json: string): string =>
  json.replace(STRING_OR_NO_NUMBER, (found) => (found.startsWith('"') ? found : "null"));

/**
 * The JSON of one record, or what is wrong with it, in words without its content. Keys that nobody reads may hold anything,
 * so that none is looked at; `NaN` and `Infinity` are null.
 */
export const readJson = (json: string): JsonRead => {
  for (const text of [json, withoutNoNumbers(json)]) {
    try {
      return { value: JSON.parse(text) as unknown };
    } catch {
      // The second try, then the words of the reader of all JSON files.
    }
  }
  return parseJson(json, "one object a line");
};
