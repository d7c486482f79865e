import { createHash } from "node:crypto";
import { LEEWAY } from "../../../core/attributes.ts";
import { finishReason } from "../../../core/finish-reason.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import { type OutputFeatures, outputFeatures } from "../../../features/output-features.ts";
import { type FailureWords, failureWords, NO_FAILURE } from "../../../formats/errors/failure-words.ts";
import { readFailure } from "../../../formats/errors/read-failure.ts";
import type { PriceCall } from "../../prices/prices.ts";
import type { ProbeReply } from "./ask-probe.ts";
import type { Probe } from "./read-probes.ts";

/** Service of a sentinel's calls. */
export const SENTINEL_SERVICE = "leeway-sentinel";

/** Which call of which sentinel a row is of. */
export interface ProbeRun {
  readonly monitor: string;
  readonly model: string;
  /** Start of the run's minute, epoch ms. */
  readonly run: number;
}

const digest = (text: string, length: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, length);

const flag = (value: boolean | null): 0 | 1 | null => (value === null ? null : value ? 1 : 0);

const failureColumns = ({ errorType, httpStatus }: ProbeReply): FailureWords =>
  errorType === "" ? NO_FAILURE : failureWords(readFailure(httpStatus, "", [errorType]));

/** What an answer looks like, whatever it says: kind of text, keys of its JSON, language, refusal, how it ended. */
const formOf = ({ labels, refusalClass, codeFence, jsonValid }: OutputFeatures, finish: string): string =>
  digest(
    JSON.stringify([
      labels.answer_form,
      labels.json_shape,
      labels.language,
      refusalClass,
      codeFence,
      jsonValid,
      finish,
    ]),
    16,
  );

const outputOf = (
  { answer }: ProbeReply,
  { json }: Probe,
): Partial<SpanRow> & { readonly segments: SpanRow["segments"] } => {
  if (answer === null) return { segments: {} };
  const output = outputFeatures(answer, { json, tools: [] });
  const finish = finishReason(answer.finishReason);
  return {
    finish_reason: finish,
    output_chars: output.chars,
    code_fence: flag(output.codeFence),
    json_valid: flag(output.jsonValid),
    refusal_class: output.refusalClass,
    truncated: flag(output.truncated),
    features: output.features,
    labels: output.labels,
    key_paths: output.keyPaths,
    segments: { answer: digest(answer.text ?? answer.refusal ?? "", 16), form: formOf(output, finish) },
  };
};

/**
 * A probe's call as a row of `llm_spans`. Its ids are made of monitor, run and probe, so that two agents that ask at
 * once make one call of it. The answer itself is not in it, only what was measured and two digests.
 */
export const probeRow = (
  { monitor, model, run }: ProbeRun,
  probe: Probe,
  reply: ProbeReply,
  price: PriceCall,
): SpanRow => {
  const identity = digest(JSON.stringify([monitor, run, probe.id]), 48);
  const { segments, ...output } = outputOf(reply, probe);
  const usage = {
    input_tokens: reply.inputTokens,
    output_tokens: reply.outputTokens,
    cached_tokens: reply.cachedTokens,
    reasoning_tokens: reply.reasoningTokens,
    cache_write_tokens: null,
  };
  const asked = { provider: "", request_model: model, response_model: reply.responseModel };
  return {
    ...asked,
    ...usage,
    trace_id: identity.slice(0, 32),
    span_id: identity.slice(32),
    parent_span_id: "",
    start_ms: reply.startMs,
    end_ms: reply.endMs,
    duration_ms: reply.endMs - reply.startMs,
    ttft_ms: null,
    service: SENTINEL_SERVICE,
    instance: "",
    scope: LEEWAY.sentinelScope,
    operation: "chat",
    system_fingerprint: reply.systemFingerprint,
    response_id: reply.responseId,
    conversation_id: "",
    prompt_name: monitor,
    prompt_version: probe.version,
    streamed: 0,
    attempt: 0,
    error: reply.errorType === "" ? 0 : 1,
    error_type: reply.errorType,
    http_status: reply.httpStatus,
    finish_reason: "",
    cost_usd: price({ ...asked, ...usage }),
    migration: "",
    cohort: "",
    flag_key: "",
    flag_variant: "",
    targeting_key_hash: "",
    output_chars: null,
    code_fence: null,
    json_valid: null,
    refusal_class: "",
    truncated: null,
    tool_call_valid: null,
    sampling_probability: 1,
    received_ms: reply.endMs,
    features: {},
    labels: {},
    key_paths: [],
    parameters: "",
    clock_skew_ms: 0,
    ...failureColumns(reply),
    retry_wait_ms: null,
    throttled_attempts: null,
    retry_after_kept: null,
    handoff: "",
    pair_id: "",
    ...output,
    segments: { ...segments, probe: probe.id, run: String(run) },
  };
};
