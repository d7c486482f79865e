import type { Features, Labels } from "../core/features.ts";
import { finishReason, isCutAtLimit } from "../core/finish-reason.ts";
import type { RefusalClass } from "../core/span-row.ts";
import type { Answer, AskedFor } from "./answer.ts";
import { refusalClass } from "./refusal/refusal-class.ts";
import { sampleText } from "./sample-text.ts";
import { structureOf } from "./structure.ts";
import { textFeatures } from "./text-features.ts";
import { toolUse } from "./tools.ts";

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
  /** Everything else that is a number, by the names of core/features.ts. */
  readonly features: Features;
  /** Everything else that is a label. */
  readonly labels: Labels;
  /** Digests of a JSON answer's key paths, at most 64; empty without JSON. See KeyPaths. */
  readonly keyPaths: readonly string[];
}

const confidence = ({ meanLogprob }: Answer): Features =>
  meanLogprob != null && meanLogprob <= 0 ? { token_nll: -meanLogprob } : {};

/**
 * Computes the output features of an answer. Pure and linear in its length; all but JSON validity look at the first
 * 16 Ki and the last 2 Ki characters only.
 */
export const outputFeatures = (answer: Answer, asked: AskedFor): OutputFeatures => {
  const text = answer.text === null ? null : textFeatures(sampleText(answer.text));
  const structure = structureOf(answer, asked);
  const tools = toolUse(answer, asked);
  return {
    chars: answer.text === null ? null : answer.chars,
    codeFence: text?.codeFence ?? null,
    jsonValid: structure.jsonValid,
    refusalClass: refusalClass(answer, text?.plain, text?.labels.language === "en"),
    truncated: isCutAtLimit(finishReason(answer.finishReason)),
    toolCallValid: tools.valid,
    features: Object.assign(text?.features ?? {}, structure.features, tools.features, confidence(answer)),
    labels: Object.assign(text?.labels ?? {}, structure.labels, tools.labels),
    keyPaths: structure.keyPaths,
  };
};
