import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, parseObject, textOf } from "../../json/read-json.ts";
import { firstCount, laterTokens, NO_TOKENS, type ReportedTokens } from "../../usage/reported-tokens.ts";
import { usageOf } from "../../usage/token-usage.ts";
import { unsaidFor } from "../../usage/usage-convention.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { createAnthropicFold, readAnthropicMessage } from "../anthropic/anthropic-fold.ts";
import { openaiChat } from "../openai/openai-chat.ts";
import { statedReason } from "../stated-reason.ts";
import type { StreamFold } from "../wire-format.ts";
import { createConverseFold, exceptionIn, readConverseAnswer } from "./bedrock-converse-fold.ts";

/** The object that holds the text, by the model families' names: Titan, Mistral, DeepSeek, Cohere, Llama. */
const textHolder = (body: JsonObject): JsonObject =>
  objectOf(
    (body.results ?? body.outputs ?? body.choices ?? body.generations) === undefined
      ? body
      : listOf(body.results ?? body.outputs ?? body.choices ?? body.generations)[0],
  );

const reasonIn = (holder: JsonObject): string =>
  textOf(holder.completionReason ?? holder.stop_reason ?? holder.finish_reason);

/** They neither cache nor think, as far as they tell. */
const TEXT_MODELS = unsaidFor("");

const METRICS = "amazon-bedrock-invocationMetrics";

/** Counts as the model families call them, or as Bedrock adds them to the last piece of a stream. */
const usageIn = (body: JsonObject): ReportedTokens => {
  const metrics = objectOf(body[METRICS]);
  return {
    ...NO_TOKENS,
    input: firstCount(body.inputTextTokenCount, body.prompt_token_count, metrics.inputTokenCount),
    output: firstCount(
      ...[textHolder(body).tokenCount, body.totalOutputTextTokenCount, body.generation_token_count],
      metrics.outputTokenCount,
    ),
  };
};

/** Starts an empty fold of answers that are a text and little else: one whole, or the pieces of a streamed one. */
const createTextFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  let [started, reason] = [false, ""];
  let reported: ReportedTokens = NO_TOKENS;
  return {
    event: (data) => {
      const holder = textHolder(data);
      const text = holder.outputText ?? holder.generation ?? holder.text;
      if (typeof text === "string") {
        started = true;
        builder.text(text);
      }
      reason = statedReason(reasonIn(holder)) || reason;
      reported = laterTokens(reported, usageIn(data));
    },
    facts: () => ({
      ...{ id: "", model: "", fingerprint: "", usage: usageOf(reported, TEXT_MODELS), error: null },
      finishReasons: started ? [reason || "error"] : [],
      answer: started ? builder.answer(reason) : null,
      complete: reason !== "",
    }),
  };
};

/** Chat completions have a message or its pieces in their choices; DeepSeek's choices are plain texts. */
const isChat = (body: JsonObject): boolean => {
  const choice = objectOf(listOf(body.choices)[0]);
  return choice.message !== undefined || choice.delta !== undefined;
};

const foldFor = (first: JsonObject): StreamFold => {
  if (first.type === "message_start") return createAnthropicFold();
  if (first.messageStart !== undefined) return createConverseFold();
  return isChat(first) ? openaiChat.createFold(new URL("bedrock:")) : createTextFold();
};

/** Starts an empty fold of a streamed answer; its first event tells the model family. */
export const createInvokeFold = (): StreamFold => {
  let fold: StreamFold | null = null;
  let metrics: ReportedTokens = NO_TOKENS;
  let error: string | null = null;
  return {
    event: (data) => {
      error ??= exceptionIn(data);
      if (data[METRICS] !== undefined) metrics = laterTokens(metrics, usageIn({ [METRICS]: data[METRICS] }));
      fold ??= foldFor(data);
      fold.event(data);
    },
    facts: () => {
      const facts = (fold ?? createTextFold()).facts();
      const usage = { ...usageOf(metrics, TEXT_MODELS), ...facts.usage };
      return error === null ? { ...facts, usage } : { ...facts, usage, error, complete: false };
    },
  };
};

const wholeText = (body: JsonObject): AnswerFacts => {
  const fold = createTextFold();
  fold.event(body);
  const facts = fold.facts();
  // A whole answer is whole also where the model family gives no reason: embeddings, old models.
  return { ...facts, complete: true, finishReasons: facts.finishReasons.filter((reason) => reason !== "error") };
};

/** What is known of an answer that broke off: the AWS SDK hands such a body to the app without a word. */
const BROKEN: AnswerFacts = {
  ...{ id: "", model: "", fingerprint: "", usage: {}, error: null },
  ...{ finishReasons: ["error"], answer: null, complete: false },
};

/** Reads the text of a whole answer of InvokeModel by its shape. */
export const readInvokeAnswer = (text: string): AnswerFacts | null => {
  const body = parseObject(text);
  if (body === null) return BROKEN;
  if (body.type === "message" || body.type === "error") return readAnthropicMessage(body);
  if (body.output !== undefined) return readConverseAnswer(body);
  return isChat(body) ? openaiChat.readAnswer(text) : wholeText(body);
};
