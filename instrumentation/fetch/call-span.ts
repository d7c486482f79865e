import { GEN_AI, LEEWAY, OPENAI, OTEL } from "../../core/attributes.ts";
import { putOutputAttributes } from "../../features/output-attributes.ts";
import { outputFeatures } from "../../features/output-features.ts";
import type { Failure } from "../../formats/errors/read-failure.ts";
import { putKnown } from "../../formats/put-known.ts";
import type { AnswerFacts } from "../../formats/wire/answer-facts.ts";
import { providerOf } from "../../formats/wire/provider-of.ts";
import type { RequestFacts } from "../../formats/wire/request-facts.ts";
import { contextAttributes } from "../context-attributes.ts";
import type { FinishedCall } from "./finished-call.ts";
import type { RetriesSoFar } from "./retries-so-far.ts";
import type { StreamTiming } from "./stream-timing.ts";

/** A span attribute's value, as far as we use them. */
export type AttributeValue = string | number | boolean | string[];

/** Attributes by name. */
export type SpanAttributes = Readonly<Record<string, AttributeValue>>;

/** One object is written to throughout: putting many small ones together costs more than measuring the answer. */
type Written = Record<string, AttributeValue>;

const putAll = (into: Written, values: Readonly<Record<string, AttributeValue>> = {}): void => {
  for (const name in values) putKnown(into, name, values[name]);
};

const serverPort = (url: URL): number => (url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port));

const putRequest = (into: Written, { model, attributes, inputParts }: RequestFacts): void => {
  putKnown(into, GEN_AI.requestModel, model);
  putAll(into, attributes);
  for (const part in inputParts) putKnown(into, LEEWAY.inputPartsPrefix + part, inputParts[part]);
};

const putStream = (into: Written, { chunks, meanGapMs, maxGapMs }: StreamTiming): void => {
  putKnown(into, LEEWAY.streamChunks, chunks);
  putKnown(into, LEEWAY.streamGapMean, meanGapMs);
  putKnown(into, LEEWAY.streamGapMax, maxGapMs);
};

const putAnswer = (into: Written, facts: AnswerFacts): void => {
  putAll(into, facts.attributes);
  putKnown(into, GEN_AI.responseId, facts.id);
  putKnown(into, GEN_AI.responseModel, facts.model);
  putKnown(into, OPENAI.systemFingerprint, facts.fingerprint);
  if (facts.finishReasons.length > 0) putKnown(into, GEN_AI.finishReasons, [...facts.finishReasons]);
  putKnown(into, GEN_AI.inputTokens, facts.usage.input);
  putKnown(into, GEN_AI.outputTokens, facts.usage.output);
  putKnown(into, GEN_AI.cacheReadTokens, facts.usage.cached);
  putKnown(into, GEN_AI.cacheWriteTokens, facts.usage.cacheWrite);
  putKnown(into, GEN_AI.reasoningTokens, facts.usage.reasoning);
  putKnown(into, GEN_AI.usageCost, facts.usage.costUsd);
};

const putFailure = (into: Written, { kind, fault, parameter }: Failure): void => {
  putKnown(into, LEEWAY.errorKind, kind);
  putKnown(into, LEEWAY.errorFault, fault);
  if (parameter !== "") putKnown(into, LEEWAY.errorParameter, parameter);
};

const putRetries = (into: Written, { waitMs, throttled, kept }: RetriesSoFar): void => {
  putKnown(into, LEEWAY.retryWait, waitMs);
  putKnown(into, LEEWAY.retryThrottled, throttled);
  putKnown(into, LEEWAY.retryAfterKept, kept);
};

/** Features of whole answers only: half an answer is short, unparsable and says nothing about the model. */
const putFeatures = (into: Written, call: FinishedCall): void => {
  if (call.errorType !== null || !call.answer?.answer) return;
  putOutputAttributes(into, outputFeatures(call.answer.answer, call.request.asked));
};

/** Name of a call's span, by the GenAI conventions. */
export const spanName = (call: FinishedCall): string =>
  [call.request.operation, call.request.model].filter((word) => word !== "").join(" ");

/** Attributes of a call's span: what it was, how it went, and measured properties of the answer; never content. */
export const spanAttributes = (call: FinishedCall): Written => {
  const into: Written = {
    [GEN_AI.operation]: call.request.operation,
    [GEN_AI.provider]: providerOf(call.url) ?? call.provider,
    [OTEL.serverAddress]: call.url.hostname,
    [OTEL.serverPort]: serverPort(call.url),
    [LEEWAY.attempt]: call.attempt,
  };
  putRequest(into, call.request);
  putAll(into, contextAttributes(call.context));
  if (call.answer) putAnswer(into, call.answer);
  if (call.stream) putStream(into, call.stream);
  putFeatures(into, call);
  putKnown(into, OTEL.httpStatus, call.httpStatus);
  putKnown(into, OTEL.errorType, call.errorType);
  if (call.failure) putFailure(into, call.failure);
  if (call.retries) putRetries(into, call.retries);
  // Seconds, by the conventions.
  putKnown(into, GEN_AI.timeToFirstChunk, call.firstContentMs === null ? null : call.firstContentMs / 1000);
  return into;
};
