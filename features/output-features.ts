import type { RefusalClass } from "../core/span-row.ts";
import type { Answer, AskedFor } from "./answer.ts";
import { hasCodeFence } from "./code-fence.ts";
import { isJson } from "./is-json.ts";
import { refusalClass } from "./refusal/refusal-class.ts";
import { sampleText } from "./sample-text.ts";
import { toolCallsValid } from "./tool-calls-valid.ts";

/** Measured properties of one answer. `null` (and the class `""`) mean unknown or not applicable, never zero. */
export interface OutputFeatures {
  /** Length in UTF-16 code units; null without text. */
  readonly chars: number | null;
  readonly codeFence: boolean | null;
  /** null when JSON was not asked for, or the text is not complete. */
  readonly jsonValid: boolean | null;
  readonly refusalClass: RefusalClass;
  /** Cut at the token limit; null when the finish reason is unknown. */
  readonly truncated: boolean | null;
  /** null without tool calls. */
  readonly toolCallValid: boolean | null;
}

/** Finish reasons that mean "cut at the token limit" (OpenAI, Anthropic, Gemini). */
const CUT = new Set(["length", "max_tokens", "model_length", "MAX_TOKENS"]);

const textFeatures = (text: string, answer: Answer, asked: AskedFor) => ({
  chars: answer.chars,
  codeFence: hasCodeFence(sampleText(text)),
  jsonValid: asked.json && text.length === answer.chars && answer.toolCalls.length === 0 ? isJson(text) : null,
});

/**
 * Computes the output features of an answer. Pure and linear in its length; all but JSON validity look at the first
 * 16 Ki and the last 2 Ki characters only.
 */
export const outputFeatures = (answer: Answer, asked: AskedFor): OutputFeatures => ({
  ...(answer.text === null
    ? { chars: null, codeFence: null, jsonValid: null }
    : textFeatures(answer.text, answer, asked)),
  refusalClass: refusalClass(answer),
  truncated: answer.finishReason === "" ? null : CUT.has(answer.finishReason),
  toolCallValid: toolCallsValid(answer.toolCalls, asked.tools),
});
