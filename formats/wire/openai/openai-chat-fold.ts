import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import type { PriceAttributes } from "../../usage/priced-parts.ts";
import { laterTokens, NO_TOKENS, type ReportedTokens } from "../../usage/reported-tokens.ts";
import { usageOf } from "../../usage/token-usage.ts";
import { unsaidFor } from "../../usage/usage-convention.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { readError } from "../read-error.ts";
import { statedReason } from "../stated-reason.ts";
import { pieceOf } from "../tool-calls/tool-call-piece.ts";
import type { StreamFold } from "../wire-format.ts";
import { readParts, readTier } from "./openai-extras.ts";
import { callsOf, logprobsOf, messageText } from "./openai-message.ts";
import { readCost, readReported } from "./openai-usage.ts";
import { RepeatedText } from "./repeated-text.ts";

/** More choices than anybody asks for; an index beyond it is nonsense. */
const MAX_CHOICES = 128;

const foldDelta = (builder: AnswerBuilder, delta: JsonObject): void => {
  const text = messageText(delta);
  if (text !== null) builder.text(text);
  if (typeof delta.refusal === "string") builder.refusal(delta.refusal);
  const calls = callsOf(delta);
  if (calls.length > 0) builder.toolCalls.pieces(calls.map(pieceOf));
};

const foldChoice = (builder: AnswerBuilder, finishReasons: string[], choice: unknown): void => {
  if (!isRecord(choice)) return;
  const { index: given } = choice;
  const index = typeof given === "number" && given >= 0 && given < MAX_CHOICES ? Math.floor(given) : 0;
  while (finishReasons.length <= index) finishReasons.push("");
  if (choice.finish_reason) finishReasons[index] = statedReason(choice.finish_reason);
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

class ChatFold implements StreamFold {
  readonly #builder = new AnswerBuilder();
  readonly #repeated = new RepeatedText();
  readonly #finishReasons: string[] = [];
  #id = "";
  #model = "";
  #fingerprint = "";
  #reported: ReportedTokens = NO_TOKENS;
  #costUsd: number | null = null;
  #error: string | null = null;
  #tier: PriceAttributes = {};
  #parts: PriceAttributes = {};
  #done = false;

  skim(bytes: Uint8Array, at: number): number {
    return this.#repeated.skim(bytes, at);
  }

  event(event: JsonObject, message?: string): void {
    this.#addSkimmed();
    this.#id ||= textOf(event.id);
    this.#model ||= textOf(event.model);
    this.#fingerprint ||= textOf(event.system_fingerprint);
    // Mistral and vLLM send the error itself as an event.
    this.#error ??= readError(event.object === "error" ? event : event.error);
    // Groq nests the usage of its last chunk.
    const counts = event.usage ?? objectOf(event.x_groq).usage;
    if (isRecord(counts)) {
      this.#reported = laterTokens(this.#reported, readReported(counts));
      this.#costUsd = readCost(counts) ?? this.#costUsd;
      this.#parts = { ...this.#parts, ...readParts(counts) };
    }
    if (event.service_tier) this.#tier = readTier(event);
    for (const choice of listOf(event.choices)) foldChoice(this.#builder, this.#finishReasons, choice);
    const text = message === undefined ? null : onlyText(event);
    if (message !== undefined && text !== null) this.#repeated.learn(message, text);
  }

  done(): void {
    this.#done = true;
  }

  facts(): AnswerFacts {
    this.#addSkimmed();
    const finishReasons = this.#finishReasons;
    const finished = finishReasons.length > 0 && finishReasons.every((reason) => reason !== "");
    return {
      ...{ id: this.#id, model: this.#model, fingerprint: this.#fingerprint, error: this.#error },
      usage: usageOf(this.#reported, unsaidFor(this.#model), this.#costUsd),
      finishReasons: finishReasons.map((reason) => reason || "error"),
      answer: finishReasons.length > 0 ? this.#builder.answer(finishReasons[0] ?? "") : null,
      complete: this.#error === null && (finished || this.#done),
      attributes: { ...this.#tier, ...this.#parts },
    };
  }

  #addSkimmed(): void {
    const text = this.#repeated.take();
    if (text !== null) this.#builder.text(text);
  }
}

/** Starts an empty fold of streamed chat completions, or legacy completions. */
export const createChatFold = (): StreamFold => new ChatFold();
