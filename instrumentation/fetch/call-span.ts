import { GEN_AI, LEEWAY, OPENAI, OTEL } from "../../core/attributes.ts";
import { outputAttributes } from "../../features/output-attributes.ts";
import { outputFeatures } from "../../features/output-features.ts";
import { contextAttributes } from "../context-attributes.ts";
import type { AnswerFacts } from "../providers/answer-facts.ts";
import { providerOf } from "../providers/provider-of.ts";
import type { RequestFacts } from "../providers/request-facts.ts";
import type { FinishedCall } from "./finished-call.ts";
import type { StreamTiming } from "./stream-timing.ts";

/** A span attribute's value, as far as we use them. */
export type AttributeValue = string | number | boolean | string[];

/** Attributes by name. */
export type SpanAttributes = Readonly<Record<string, AttributeValue>>;

/** Leaves out what is unknown: null, undefined and empty text. */
const known = (all: Readonly<Record<string, AttributeValue | null | undefined>>): SpanAttributes => {
  const found: Record<string, AttributeValue> = {};
  for (const name in all) {
    const value = all[name];
    if (value !== null && value !== undefined && value !== "") found[name] = value;
  }
  return found;
};

const serverPort = (url: URL): number => (url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port));

const inputPartAttributes = ({ inputParts }: RequestFacts): SpanAttributes =>
  Object.fromEntries(Object.entries(inputParts ?? {}).map(([name, count]) => [LEEWAY.inputPartsPrefix + name, count]));

const streamAttributes = ({ chunks, meanGapMs, maxGapMs }: StreamTiming): SpanAttributes =>
  known({
    [LEEWAY.streamChunks]: chunks,
    [LEEWAY.streamGapMean]: meanGapMs,
    [LEEWAY.streamGapMax]: maxGapMs,
  });

const answerAttributes = (facts: AnswerFacts): SpanAttributes =>
  known({
    ...facts.attributes,
    [GEN_AI.responseId]: facts.id,
    [GEN_AI.responseModel]: facts.model,
    [OPENAI.systemFingerprint]: facts.fingerprint,
    [GEN_AI.finishReasons]: facts.finishReasons.length > 0 ? [...facts.finishReasons] : null,
    [GEN_AI.inputTokens]: facts.usage.input,
    [GEN_AI.outputTokens]: facts.usage.output,
    [GEN_AI.cacheReadTokens]: facts.usage.cached,
    [GEN_AI.cacheWriteTokens]: facts.usage.cacheWrite,
    [GEN_AI.reasoningTokens]: facts.usage.reasoning,
  });

/** Features of whole answers only: half an answer is short, unparsable and says nothing about the model. */
const featureAttributes = (call: FinishedCall): SpanAttributes => {
  if (call.errorType !== null || !call.answer?.answer) return {};
  return outputAttributes(outputFeatures(call.answer.answer, call.request.asked));
};

/** Name of a call's span, by the GenAI conventions. */
export const spanName = (call: FinishedCall): string =>
  [call.request.operation, call.request.model].filter((word) => word !== "").join(" ");

/** Attributes of a call's span: what it was, how it went, and measured properties of the answer; never content. */
export const spanAttributes = (call: FinishedCall): SpanAttributes => ({
  [GEN_AI.operation]: call.request.operation,
  [GEN_AI.provider]: providerOf(call.url) ?? call.provider,
  [OTEL.serverAddress]: call.url.hostname,
  [OTEL.serverPort]: serverPort(call.url),
  [LEEWAY.attempt]: call.attempt,
  ...call.request.attributes,
  ...inputPartAttributes(call.request),
  ...contextAttributes(call.context),
  ...(call.answer && answerAttributes(call.answer)),
  ...(call.stream && streamAttributes(call.stream)),
  ...featureAttributes(call),
  ...known({
    [GEN_AI.requestModel]: call.request.model,
    [OTEL.httpStatus]: call.httpStatus,
    [OTEL.errorType]: call.errorType,
    // Seconds, by the conventions.
    [GEN_AI.timeToFirstChunk]: call.firstContentMs === null ? null : call.firstContentMs / 1000,
  }),
});
