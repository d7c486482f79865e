import { type Plain, type SpanSpec, START_MS } from "./otlp-request.ts";

/** A span of an instrumentation. */
export interface PairSpan {
  readonly scope: string;
  readonly span: SpanSpec;
}

/** Spans that instrumentations make beside one another, and which of them are the rows. */
export interface InstrumentationPair {
  readonly pair: string;
  readonly spans: readonly PairSpan[];
  /** Indexes of the spans that are rows when all come in one request. */
  readonly rows: readonly number[];
  /** Rows however they come; those of one request, where it is left out. */
  readonly count?: number;
}

const TRACE = "0af7651916cd43dd8448eb211c80319c";

const id = (n: number): string => (n + 1).toString(16).padStart(16, "0");

/** `parent` is the index of the span above; times are ms since the first span's start. */
const spanAt = (
  n: number,
  scope: string,
  attributes: Readonly<Record<string, Plain>>,
  { parent, from = 0, to = 1000, trace = TRACE }: { parent?: number; from?: number; to?: number; trace?: string } = {},
): PairSpan => ({
  scope,
  span: {
    traceId: trace,
    spanId: id(n),
    parentSpanId: parent === undefined ? "" : id(parent),
    startMs: START_MS + from,
    endMs: START_MS + to,
    attributes,
  },
});

const USAGE = { "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5 };
const CHAT = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" };
const INFERENCE = {
  "openinference.span.kind": "LLM",
  "llm.model_name": "gpt-4o",
  "llm.token_count.prompt": 10,
  "llm.token_count.completion": 5,
};
const INNER = { parent: 0, from: 5, to: 995 };
const OTHER_TRACE = "1".repeat(32);
const answer = (n: number) => ({ "gen_ai.response.id": `chatcmpl-${n}` });

const OPENLLMETRY_ANTHROPIC = spanAt(0, "@traceloop/instrumentation-anthropic", {
  "gen_ai.system": "Anthropic",
  "llm.request.type": "chat",
  "gen_ai.request.model": "claude-sonnet-4-5",
  "gen_ai.response.model": "claude-sonnet-4-5-20250929",
  "gen_ai.usage.prompt_tokens": 10,
  "gen_ai.usage.completion_tokens": 5,
});
const ANTHROPIC = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-sonnet-4-5",
  "gen_ai.response.model": "claude-sonnet-4-5-20250929",
  "gen_ai.response.id": "msg_01",
  "gen_ai.response.finish_reasons": ["end_turn"],
  "gen_ai.usage.input_tokens": 18,
  "gen_ai.usage.cache_read.input_tokens": 8,
  "gen_ai.usage.output_tokens": 5,
};
const AI_SDK = {
  "ai.operationId": "ai.streamText.doStream",
  "ai.model.id": "gpt-4o",
  "ai.model.provider": "openai.responses",
  "ai.response.model": "gpt-4o-2024-08-06",
  "ai.usage.inputTokens": 10,
  "ai.usage.outputTokens": 5,
};

/** Spans that are of one call. */
export const PAIRS: readonly InstrumentationPair[] = [
  {
    pair: "OpenLLMetry beside the Anthropic SDK's own spans, which count the cache",
    spans: [OPENLLMETRY_ANTHROPIC, spanAt(1, "com.anthropic.sdk.typescript", ANTHROPIC, INNER)],
    rows: [1],
  },
  {
    pair: "LangChain's instrumentation beside a provider's",
    spans: [
      spanAt(0, "@arizeai/openinference-instrumentation-langchain", INFERENCE),
      spanAt(1, "opentelemetry.instrumentation.openai_v2", { ...CHAT, ...USAGE, ...answer(1) }, INNER),
    ],
    rows: [1],
  },
  {
    pair: "LangChain's instrumentation beside a provider's, another span between them",
    spans: [
      spanAt(0, "@arizeai/openinference-instrumentation-langchain", INFERENCE),
      spanAt(1, "openinference.instrumentation.openai", INFERENCE, { ...INNER, parent: 7 }),
    ],
    rows: [0],
    count: 1,
  },
  {
    pair: "openai-agents beside openai",
    spans: [
      spanAt(0, "openinference.instrumentation.openai_agents", INFERENCE),
      spanAt(
        1,
        "openinference.instrumentation.openai",
        { ...INFERENCE, "output.value": '{"id":"chatcmpl-1","model":"gpt-4o"}' },
        INNER,
      ),
    ],
    rows: [1],
  },
  {
    pair: "the preload beside the AI SDK 5, which names no answer",
    spans: [spanAt(0, "ai", AI_SDK), spanAt(1, "leeway", { ...CHAT, ...USAGE, ...answer(1) }, INNER)],
    rows: [1],
  },
  {
    pair: "LangChain, a provider's and the preload, one in the other",
    spans: [
      spanAt(0, "@arizeai/openinference-instrumentation-langchain", INFERENCE),
      spanAt(1, "@opentelemetry/instrumentation-openai", { ...CHAT, ...USAGE }, INNER),
      spanAt(2, "leeway", { ...CHAT, ...USAGE }, { parent: 1, from: 10, to: 990 }),
    ],
    rows: [2],
  },
  {
    pair: "a parent without counts beside a child with them",
    spans: [spanAt(0, "app", CHAT), spanAt(1, "@opentelemetry/instrumentation-openai", { ...CHAT, ...USAGE }, INNER)],
    rows: [1],
  },
  {
    pair: "two traces with one answer, of one service, at one time",
    spans: [
      spanAt(0, "logger", { ...CHAT, ...USAGE, ...answer(1) }, { trace: OTHER_TRACE }),
      spanAt(1, "@opentelemetry/instrumentation-openai", {
        ...CHAT,
        ...USAGE,
        ...answer(1),
        "gen_ai.response.model": "gpt-4o",
      }),
    ],
    rows: [1],
  },
  {
    pair: "a span with model and tokens around the call, of one instrumentation",
    spans: [
      spanAt(0, "livekit-agents", { "gen_ai.request.model": "gpt-4o", ...USAGE }),
      spanAt(1, "livekit-agents", { ...CHAT, ...USAGE }, INNER),
    ],
    rows: [1],
  },
];

/** Spans of calls that are two, however alike. */
export const TWO_CALLS: readonly InstrumentationPair[] = [
  {
    pair: "answers from a cache to two users in one second, by two instrumentations",
    spans: [
      spanAt(0, "one", { ...CHAT, ...USAGE }),
      spanAt(1, "other", { ...CHAT, ...USAGE }, { trace: OTHER_TRACE, from: 5, to: 995 }),
    ],
    rows: [0, 1],
  },
  {
    pair: "one instrumentation, the same counts, one inside the other in time",
    spans: [spanAt(0, "one", { ...CHAT, ...USAGE }), spanAt(1, "one", { ...CHAT, ...USAGE }, { from: 5, to: 995 })],
    rows: [0, 1],
  },
  {
    pair: "siblings that race, by two instrumentations",
    spans: [
      spanAt(0, "one", { ...CHAT, ...USAGE }, { parent: 7 }),
      spanAt(1, "other", { ...CHAT, ...USAGE }, { parent: 7, from: 5, to: 995 }),
    ],
    rows: [0, 1],
  },
  {
    pair: "one after the other in one trace",
    spans: [
      spanAt(0, "one", { ...CHAT, ...USAGE }, { to: 400 }),
      spanAt(1, "other", { ...CHAT, ...USAGE }, { from: 500 }),
    ],
    rows: [0, 1],
  },
  {
    pair: "parent and child with other answers",
    spans: [
      spanAt(0, "one", { ...CHAT, ...USAGE, ...answer(1) }),
      spanAt(1, "other", { ...CHAT, ...USAGE, ...answer(2) }, INNER),
    ],
    rows: [0, 1],
  },
  {
    pair: "parent and child with other counts",
    spans: [
      spanAt(0, "one", { ...CHAT, ...USAGE }),
      spanAt(1, "other", { ...CHAT, ...USAGE, "gen_ai.usage.output_tokens": 6 }, INNER),
    ],
    rows: [0, 1],
  },
  {
    pair: "parent and child of another model, whose name begins alike",
    spans: [
      spanAt(0, "one", { ...CHAT, ...USAGE }),
      spanAt(1, "other", { ...CHAT, ...USAGE, "gen_ai.request.model": "gpt-4o-mini" }, INNER),
    ],
    rows: [0, 1],
  },
  {
    pair: "ids of answers that are used again an hour later, by another instrumentation",
    spans: [
      spanAt(0, "one", { ...CHAT, ...USAGE, ...answer(1) }, { from: -3_600_000, to: -3_599_000 }),
      spanAt(1, "other", { ...CHAT, ...USAGE, ...answer(1) }, { trace: OTHER_TRACE }),
    ],
    rows: [0, 1],
  },
  {
    pair: "two calls, each seen by two instrumentations, side by side",
    spans: [
      spanAt(0, "outer", { ...CHAT, ...USAGE }),
      spanAt(1, "inner", { ...CHAT, ...USAGE, ...answer(1) }, INNER),
      spanAt(2, "outer", { ...CHAT, ...USAGE }),
      spanAt(3, "inner", { ...CHAT, ...USAGE, ...answer(2) }, { ...INNER, parent: 2 }),
    ],
    rows: [1, 3],
  },
];
