import type { Answer, AskedFor } from "../../../features/answer.ts";
import { compareAnswers } from "../../../features/pairs/compare-answers.ts";
import type { AnswerDifference, ComparedAnswer } from "../../../features/pairs/compared-answer.ts";

/** A request that asks for nothing in particular. */
export const ASKED: AskedFor = { json: false, tools: [] };

/** An answer in words, or what `fields` make of it, of which nothing else is known. */
export const answered = (text: string | null, fields: Partial<Answer> = {}): ComparedAnswer => ({
  answer: { text, chars: text?.length ?? 0, refusal: null, finishReason: "", toolCalls: [], ...fields },
  ...{ inputTokens: null, outputTokens: null, latencyMs: null, costUsd: null },
});

/** Compares two texts, or two answers. */
export const compared = (
  served: string | ComparedAnswer,
  other: string | ComparedAnswer,
  asked: AskedFor = ASKED,
): AnswerDifference => {
  const of = (each: string | ComparedAnswer): ComparedAnswer => (typeof each === "string" ? answered(each) : each);
  return compareAnswers(of(served), of(other), asked);
};
