import { normalised } from "../../../features/pairs/normalised.ts";
import type { SuiteAnswer } from "../answer.ts";
import { answerJson } from "./answer-json.ts";
import { asText } from "./text-checks.ts";
import { valuesAt } from "./value-at.ts";

const WORD = /[\p{L}\p{N}_]/u;

/** True where the text holds the label, and not as part of a longer word. */
const stands = (text: string, label: string): boolean => {
  for (let at = text.indexOf(label); at >= 0; at = text.indexOf(label, at + 1)) {
    const [before, after] = [text[at - 1] ?? " ", text[at + label.length] ?? " "];
    if (!WORD.test(before) && !WORD.test(after)) return true;
  }
  return false;
};

/** Longer answers are no labels. */
const LONGEST = 10_000;

/**
 * The label that an answer gives: it is the answer (or the value at `path`), whatever its case and punctuation, or the only one of the
 * labels that stands in it. Null = none.
 */
export const labelOf = (answer: SuiteAnswer, labels: readonly string[], path: string | undefined): string | null => {
  const json = path === undefined ? null : answerJson(answer);
  const given = path === undefined ? answer.output : asText(json === null ? "" : (valuesAt(json.value, path)[0] ?? ""));
  const text = normalised((given ?? "").slice(0, LONGEST));
  const same = labels.find((label) => normalised(label) === text);
  if (same !== undefined) return same;
  const there = labels.filter((label) => stands(text, normalised(label)));
  return there.length === 1 ? (there[0] ?? null) : null;
};
