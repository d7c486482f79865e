import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { textOrJson } from "../../json/text-or-json.ts";
import type { PriceAttributes } from "../../usage/priced-parts.ts";
import { laterTokens, NO_TOKENS, type ReportedTokens } from "../../usage/reported-tokens.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import { readError } from "../read-error.ts";
import { statedReason } from "../stated-reason.ts";
import type { StreamFold } from "../wire-format.ts";
import { readGeminiExtras } from "./gemini-extras.ts";
import { geminiUsage, readGeminiReported } from "./gemini-usage.ts";

/** More candidates than anybody asks for; an index beyond it is nonsense. */
const MAX_CANDIDATES = 128;

const errorOf = (error: unknown): string | null => {
  const { status, code } = objectOf(error);
  return error == null ? null : readError({ code: status ?? code });
};

/** Members of its enum by their numbers, where all its versions agree on them. */
const NUMBERED: Readonly<Record<number, string>> = { 1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION" };

const reasonOf = (given: unknown): string =>
  statedReason(typeof given === "number" ? (NUMBERED[given] ?? given) : given);

/** Starts an empty fold of `generateContent` answers: one whole, or the pieces of a streamed one. */
export const createGeminiFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  const finishReasons: string[] = [];
  let [id, model] = ["", ""];
  let reported: ReportedTokens = NO_TOKENS;
  let attributes: PriceAttributes = {};
  let blocked = false;
  let error: string | null = null;

  const addPart = (part: JsonObject): void => {
    if (part.thought === true) return;
    if (typeof part.text === "string") builder.text(part.text);
    const { name, args } = objectOf(part.functionCall);
    if (textOf(name) !== "") {
      builder.toolCalls.begin({ name: textOf(name), arguments: args == null ? "" : textOrJson(args) });
    }
  };
  const addCandidate = (candidate: JsonObject): void => {
    const { index: given } = candidate;
    const index = typeof given === "number" && given >= 0 && given < MAX_CANDIDATES ? Math.floor(given) : 0;
    while (finishReasons.length <= index) finishReasons.push("");
    finishReasons[index] = reasonOf(candidate.finishReason) || (finishReasons[index] ?? "");
    if (index !== 0) return;
    for (const part of listOf(objectOf(candidate.content).parts)) addPart(objectOf(part));
    const { avgLogprobs } = candidate;
    if (typeof avgLogprobs === "number" && avgLogprobs <= 0) builder.logprob(avgLogprobs);
  };
  /** Gemini says STOP for tool calls too; the conventions have a word for them. */
  const reasonAt = (index: number): string => {
    const reason = finishReasons[index] ?? "";
    return reason === "stop" && index === 0 && builder.toolCalls.size() > 0 ? "tool_calls" : reason;
  };
  const addUsage = (usage: JsonObject): void => {
    reported = laterTokens(reported, readGeminiReported(usage));
    attributes = { ...attributes, ...readGeminiExtras(usage) };
  };
  return {
    event: (data) => {
      id ||= textOf(data.responseId);
      model ||= textOf(data.modelVersion);
      error ??= errorOf(data.error);
      blocked ||= textOf(objectOf(data.promptFeedback).blockReason) !== "";
      if (data.usageMetadata) addUsage(objectOf(data.usageMetadata));
      for (const candidate of listOf(data.candidates)) addCandidate(objectOf(candidate));
    },
    facts: () => {
      // A prompt that was blocked gets no candidate at all.
      const reasons = finishReasons.map((_, index) => reasonAt(index));
      const known = reasons.length === 0 && blocked ? ["content_filter"] : reasons;
      return {
        ...{ id, model, fingerprint: "", usage: geminiUsage(reported), error },
        finishReasons: known.map((reason) => reason || "error"),
        answer: known.length > 0 ? builder.answer(known[0] ?? "") : null,
        attributes,
        complete: error === null && known.length > 0 && known.every((reason) => reason !== ""),
      };
    },
  };
};
