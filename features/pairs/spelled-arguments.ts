import { parseJson } from "../json/parse-json.ts";
import { spelling } from "./equal-values.ts";

/** Arguments of a tool call; none are an empty object. */
export const writtenArguments = (text: string): string => (text.trim() === "" ? "{}" : text);

/** Arguments as a text that is the same for equal ones; those that do not parse are compared to the letter. */
export const spelledArguments = (text: string): string => {
  const parsed = parseJson(writtenArguments(text));
  return parsed === null ? text : spelling(parsed.value);
};
