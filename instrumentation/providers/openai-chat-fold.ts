import { type AnswerBuilder, createAnswerBuilder } from "./answer-builder.ts";
import type { TokenUsage } from "./answer-facts.ts";
import { isRecord } from "./is-record.ts";
import { readExtras } from "./openai-extras.ts";
import { callsOf, logprobsOf, messageText, readToolCall } from "./openai-message.ts";
import { readUsage } from "./openai-usage.ts";
import { readError } from "./read-error.ts";
import { listOf, objectOf, textOf } from "./read-json.ts";
import { createRepeatedText } from "./repeated-text.ts";
import type { JsonObject, StreamFold } from "./wire-format.ts";

/** More choices than anybody asks for; an index beyond it is nonsense. */
const MAX_CHOICES = 128;

const foldDelta = (builder: AnswerBuilder, delta: JsonObject): void => {
  const text = messageText(delta);
  if (text !== null) builder.text(text);
  if (typeof delta.refusal === "string") builder.refusal(delta.refusal);
  for (const call of callsOf(delta)) {
    const index = objectOf(call).index;
    builder.toolCall(typeof index === "number" ? index : builder.toolCalls(), readToolCall(call));
  }
};

const foldChoice = (builder: AnswerBuilder, finishReasons: string[], choice: unknown): void => {
  if (!isRecord(choice)) return;
  const { index: given } = choice;
  const index = typeof given === "number" && given >= 0 && given < MAX_CHOICES ? Math.floor(given) : 0;
  while (finishReasons.length <= index) finishReasons.push("");
  if (choice.finish_reason) finishReasons[index] = textOf(choice.finish_reason);
  if (index !== 0) return;
  if (isRecord(choice.delta)) foldDelta(builder, choice.delta);
  // Legacy completions stream their text without a delta.
  else if (typeof choice.text === "string") builder.text(choice.text);
  for (const logprob of logprobsOf(choice.logprobs)) builder.logprob(logprob);
};

/** The text of an event that adds a piece of text to the first choice, and nothing else; null for other events. */
const onlyText = (event: JsonObject): string | null => {
  const [choice, ...others] = listOf(event.choices).map(objectOf);
  if (choice === undefined || others.length > 0 || (choice.index ?? 0) !== 0) return null;
  const delta = objectOf(choice.delta);
  const more = choice.finish_reason ?? choice.logprobs ?? delta.refusal ?? event.usage ?? event.error;
  return more == null && callsOf(delta).length === 0 && typeof delta.content === "string" ? delta.content : null;
};

/** Starts an empty fold of streamed chat completions, or legacy completions. */
export const createChatFold = (): StreamFold => {
  const builder = createAnswerBuilder();
  const repeated = createRepeatedText();
  const finishReasons: string[] = [];
  let [id, model, fingerprint] = ["", "", ""];
  let usage: TokenUsage = {};
  let error: string | null = null;
  let extras: Readonly<Record<string, string>> = {};
  let done = false;
  return {
    skim: (bytes, at) => {
      const found = repeated.skim(bytes, at);
      if (found !== null) builder.text(found.text);
      return found?.end ?? -1;
    },
    event: (event, message) => {
      id ||= textOf(event.id);
      model ||= textOf(event.model);
      fingerprint ||= textOf(event.system_fingerprint);
      // Mistral and vLLM send the error itself as an event.
      error ??= readError(event.object === "error" ? event : event.error);
      // Groq nests the usage of its last chunk.
      const counts = event.usage ?? objectOf(event.x_groq).usage;
      if (isRecord(counts)) usage = readUsage(counts);
      if (event.service_tier) extras = readExtras(event);
      for (const choice of listOf(event.choices)) foldChoice(builder, finishReasons, choice);
      const text = message === undefined ? null : onlyText(event);
      if (message !== undefined && text !== null) repeated.learn(message, text);
    },
    done: () => {
      done = true;
    },
    facts: () => {
      const finished = finishReasons.length > 0 && finishReasons.every((reason) => reason !== "");
      return {
        ...{ id, model, fingerprint, usage, error },
        finishReasons: finishReasons.map((reason) => reason || "error"),
        answer: finishReasons.length > 0 ? builder.answer(finishReasons[0] ?? "") : null,
        complete: error === null && (finished || done),
        attributes: extras,
      };
    },
  };
};
