import { finishReason } from "../../../core/finish-reason.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { jsonText } from "../../json/json-text.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import { readError } from "../read-error.ts";
import type { StreamFold } from "../wire-format.ts";
import { readGeminiUsage } from "./gemini-usage.ts";

/** More candidates than anybody asks for; an index beyond it is nonsense. */
const MAX_CANDIDATES = 128;

const errorOf = (error: unknown): string | null => {
  const { status, code } = objectOf(error);
  return error == null ? null : readError({ code: status ?? code });
};

/** Starts an empty fold of `generateContent` answers: one whole, or the pieces of a streamed one. */
export const createGeminiFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  const finishReasons: string[] = [];
  let [id, model] = ["", ""];
  let usage: JsonObject = {};
  let blocked = false;
  let error: string | null = null;

  const addPart = (part: JsonObject): void => {
    if (part.thought === true) return;
    if (typeof part.text === "string") builder.text(part.text);
    const { name, args } = objectOf(part.functionCall);
    if (textOf(name) !== "") {
      builder.toolCall(builder.toolCalls(), {
        name: textOf(name),
        arguments: args === undefined ? "" : jsonText(args),
      });
    }
  };
  const addCandidate = (candidate: JsonObject): void => {
    const { index: given } = candidate;
    const index = typeof given === "number" && given >= 0 && given < MAX_CANDIDATES ? Math.floor(given) : 0;
    while (finishReasons.length <= index) finishReasons.push("");
    finishReasons[index] = textOf(candidate.finishReason) || (finishReasons[index] ?? "");
    if (index !== 0) return;
    for (const part of listOf(objectOf(candidate.content).parts)) addPart(objectOf(part));
    const { avgLogprobs } = candidate;
    if (typeof avgLogprobs === "number" && avgLogprobs <= 0) builder.logprob(avgLogprobs);
  };
  /** Gemini says STOP for tool calls too; the conventions have a word for them. */
  const reasonAt = (index: number): string => {
    const reason = finishReason(finishReasons[index] ?? "");
    return reason === "stop" && index === 0 && builder.toolCalls() > 0 ? "tool_calls" : reason;
  };
  return {
    event: (data) => {
      id ||= textOf(data.responseId);
      model ||= textOf(data.modelVersion);
      error ??= errorOf(data.error);
      blocked ||= textOf(objectOf(data.promptFeedback).blockReason) !== "";
      usage = { ...usage, ...objectOf(data.usageMetadata) };
      for (const candidate of listOf(data.candidates)) addCandidate(objectOf(candidate));
    },
    facts: () => {
      // A prompt that was blocked gets no candidate at all.
      const reasons = finishReasons.map((_, index) => reasonAt(index));
      const known = reasons.length === 0 && blocked ? ["content_filter"] : reasons;
      return {
        ...{ id, model, fingerprint: "", usage: readGeminiUsage(usage), error },
        finishReasons: known.map((reason) => reason || "error"),
        answer: known.length > 0 ? builder.answer(known[0] ?? "") : null,
        complete: error === null && known.length > 0 && known.every((reason) => reason !== ""),
      };
    },
  };
};
