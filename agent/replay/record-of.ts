import type { Arm } from "../../core/cohort.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import type { PriceCall } from "../prices/prices.ts";
import type { Answered } from "./ask.ts";
import type { AskedModel } from "./asker.ts";
import type { CorpusEntry } from "./corpus.ts";

/** Which answer of which question it is. */
export interface AnswerPlace {
  readonly entry: CorpusEntry;
  /** From 0. */
  readonly repetition: number;
  readonly cohort: Arm;
  /** Epoch ms at which it was asked. */
  readonly at: number;
}

/** What an answer cost, US dollars; null = unknown. */
export const costOfAnswer = (asked: AskedModel, answer: Answered, price: PriceCall): number | null =>
  price({
    ...{ provider: asked.provider.provider, request_model: asked.model, response_model: answer.model },
    ...{ input_tokens: answer.inputTokens, output_tokens: answer.outputTokens, cached_tokens: answer.cachedTokens },
    ...{ cache_write_tokens: answer.cacheWriteTokens, reasoning_tokens: answer.reasoningTokens },
  });

const placeOf = ({ entry, repetition, cohort, at }: AnswerPlace): JsonObject => ({
  ...{ cohort, prompt_id: entry.promptId, repetition, ts: new Date(at).toISOString() },
  ...(entry.task === "" ? {} : { task: entry.task }),
  ...(entry.conversationId === "" ? {} : { conversation_id: entry.conversationId }),
});

/** The record of an answer, as `leeway compare` reads it. */
export const recordOf = (asked: AskedModel, place: AnswerPlace, answer: Answered, cost: number | null): JsonObject => ({
  ...placeOf(place),
  ...{ model: answer.model === "" ? asked.model : answer.model, output: answer.output },
  ...(answer.toolCalls.length === 0 ? {} : { tool_calls: answer.toolCalls }),
  ...(answer.meanLogprob === null ? {} : { mean_logprob: answer.meanLogprob }),
  ...{ finish_reason: answer.finishReason === "" ? null : answer.finishReason, latency_ms: answer.latencyMs },
  ...{ input_tokens: answer.inputTokens, output_tokens: answer.outputTokens, cost_usd: cost },
});

/** The record of a question that the provider will not answer: missing, for `leeway compare`. */
export const refusedRecord = (asked: AskedModel, place: AnswerPlace, what: string): JsonObject => ({
  ...placeOf(place),
  ...{ model: asked.model, output: null, error: what },
});
