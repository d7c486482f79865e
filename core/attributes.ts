/**
 * Names of span and resource attributes. The GenAI conventions are still in development, so their names are copied
 * here (semantic-conventions-genai, read 2026-11) instead of imported from an incubating entry point.
 */
export const GEN_AI = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  conversation: "gen_ai.conversation.id",
  outputType: "gen_ai.output.type",
  promptName: "gen_ai.prompt.name",
  promptVersion: "gen_ai.prompt.version",
  requestModel: "gen_ai.request.model",
  requestStream: "gen_ai.request.stream",
  requestMaxTokens: "gen_ai.request.max_tokens",
  requestTemperature: "gen_ai.request.temperature",
  requestTopP: "gen_ai.request.top_p",
  requestSeed: "gen_ai.request.seed",
  requestFrequencyPenalty: "gen_ai.request.frequency_penalty",
  requestPresencePenalty: "gen_ai.request.presence_penalty",
  requestStopSequences: "gen_ai.request.stop_sequences",
  requestChoiceCount: "gen_ai.request.choice.count",
  requestTopK: "gen_ai.request.top_k",
  requestReasoningLevel: "gen_ai.request.reasoning.level",
  requestPreviousResponseId: "gen_ai.request.previous_response.id",
  requestEncodingFormats: "gen_ai.request.encoding_formats",
  embeddingsDimensionCount: "gen_ai.embeddings.dimension.count",
  responseId: "gen_ai.response.id",
  responseModel: "gen_ai.response.model",
  finishReasons: "gen_ai.response.finish_reasons",
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  cacheWriteTokens: "gen_ai.usage.cache_write.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  /** US dollars, as the provider said it; not of the conventions, but what others who have it write. */
  usageCost: "gen_ai.usage.cost",
  /** Content, as JSON text; exported on explicit opt-in only, like the three below. */
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  systemInstructions: "gen_ai.system_instructions",
  toolDefinitions: "gen_ai.tool.definitions",
} as const;

/** Attributes of the OpenAI extension of the GenAI conventions. */
export const OPENAI = {
  apiType: "openai.api.type",
  systemFingerprint: "openai.response.system_fingerprint",
  requestServiceTier: "openai.request.service_tier",
  responseServiceTier: "openai.response.service_tier",
} as const;

/** General attributes used beside the GenAI ones. */
export const OTEL = {
  errorType: "error.type",
  httpStatus: "http.response.status_code",
  serverAddress: "server.address",
  serverPort: "server.port",
  serviceName: "service.name",
  serviceInstance: "service.instance.id",
  flagKey: "feature_flag.key",
  flagVariant: "feature_flag.result.variant",
} as const;

/** Attributes of our own namespace: `leeway.*`. */
export const LEEWAY = {
  migration: "leeway.migration",
  cohort: "leeway.cohort",
  /** The arm the conversation had until now, on the calls of the first turn after it was moved to another one. */
  handoff: "leeway.handoff",
  /** Prefix; `leeway.segment.input_type` = "faq". */
  segmentPrefix: "leeway.segment.",
  pairId: "leeway.pair_id",
  /** Number of the last attempt: 0 = the first one settled it. A call that an SDK retried is one call. */
  attempt: "leeway.attempt",
  /** Time between the attempts of a call, ms; absent where it is not known how its sender tries again, as the two below. */
  retryWait: "leeway.retry.wait_ms",
  /** Attempts that a rate limit or an overloaded provider turned away, the last one among them. */
  retryThrottled: "leeway.retry.throttled",
  /** Whether every wait was as long as the provider's Retry-After; absent where it asked for none. */
  retryAfterKept: "leeway.retry.after_kept",
  /** Kind of the failure, what is wrong with the request, and the parameter that is: see core/error-kind.ts. */
  errorKind: "leeway.error.kind",
  errorFault: "leeway.error.fault",
  errorParameter: "leeway.error.parameter",
  /** Prefix; `leeway.input.parts.image` = 2: parts of the request that are not text, by modality. */
  inputPartsPrefix: "leeway.input.parts.",
  /** Pieces in which a stream reached the app. */
  streamChunks: "leeway.stream.chunks",
  /** Mean and longest wait between two of them, in ms, while the app was asking. */
  streamGapMean: "leeway.stream.gap_mean_ms",
  streamGapMax: "leeway.stream.gap_max_ms",
  /** Prefix of output features; `leeway.output.chars` = 812. */
  outputPrefix: "leeway.output.",
  /** The tier of service a call was answered in, in its provider's word, where the conventions have no name for it. */
  serviceTier: "leeway.service_tier",
  /** Parts of the tokens that have a price of their own. */
  cacheWriteHourTokens: "leeway.usage.cache_write_hour_tokens",
  audioInputTokens: "leeway.usage.audio_input_tokens",
  audioOutputTokens: "leeway.usage.audio_output_tokens",
  imageOutputTokens: "leeway.usage.image_output_tokens",
  samplingProbability: "leeway.sampling.probability",
  /** First 16 hex digits of the SHA-256 of the flag's targeting key. */
  targetingKeyHash: "leeway.targeting_key_hash",
  /** Name of the span that carries the exporter's own counters; it is no LLM call. */
  exportReportSpan: "leeway.export_report",
  /** Cumulative counters of one process, on the export report span. */
  exportMade: "leeway.export.made",
  exportSent: "leeway.export.sent",
  exportDropped: "leeway.export.dropped",
  /** Prefix of the dropped ones by reason: `queue`, `refused`, `rejected`, `exit`, `spool`. */
  exportDroppedPrefix: "leeway.export.dropped.",
  /** Spans this process wrote to the disk spool, and spans it sent from there, of any process. */
  exportSpooled: "leeway.export.spooled",
  exportReplayed: "leeway.export.replayed",
  /** Names of the content attributes that were shortened. */
  contentTruncated: "leeway.content.truncated",
  /** On every call's span: 1 for the process's first, 2 for the second, … A number that never arrives is a loss. */
  exportSequence: "leeway.export.sequence",
  /** On our span: the id of the span, made by another instrumentation, of the very same call. */
  coversSpan: "leeway.covers_span_id",
  /** `true` on a span of another instrumentation whose call has a span of ours. */
  covered: "leeway.covered",
  /** Scope of the calls that a monitor's sentinel makes itself: they are no traffic of the product. */
  sentinelScope: "leeway.sentinel",
} as const;

/** Output features with a column of their own. Those of core/features.ts are attributes `leeway.output.<name>` too. */
export const OUTPUT = {
  chars: "leeway.output.chars",
  codeFence: "leeway.output.code_fence",
  jsonValid: "leeway.output.json_valid",
  refusalClass: "leeway.output.refusal_class",
  truncated: "leeway.output.truncated",
  toolCallValid: "leeway.output.tool_call_valid",
  /** Digests of the key paths of a JSON answer: a list of text. */
  keyPaths: "leeway.output.key_paths",
} as const;
