import { findJson } from "../../../features/json/find-json.ts";
import type { SuiteAnswer } from "../answer.ts";

/** The JSON of an answer; null = it holds none. Whole answers of any length, else what stands in a shorter one's text or fence. */
export const answerJson = ({ output }: SuiteAnswer): { readonly value: unknown } | null => {
  if (output === null) return null;
  try {
    return { value: JSON.parse(output) as unknown };
  } catch {
    return findJson(output);
  }
};
