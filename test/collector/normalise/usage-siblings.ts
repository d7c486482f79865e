import type { Plain } from "../otlp-request.ts";

/** Input, output, cached, written to the cache, reasoning; null = unknown. */
export type Counts = readonly [
  input: number | null,
  output: number | null,
  cached: number | null,
  written: number | null,
  reasoning: number | null,
];

/** A span that counts tokens in a way of its own, and what it means. */
export interface UsageSibling {
  readonly sender: string;
  readonly scope?: string;
  readonly attributes: Readonly<Record<string, Plain>>;
  readonly counts: Counts;
}

const usage = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [`gen_ai.usage.${name}`, count]));

const vercel = (provider: string, counts: Readonly<Record<string, number>>): Record<string, Plain> => ({
  "ai.operationId": "ai.streamText.doStream",
  "ai.model.provider": provider,
  ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [`ai.usage.${name}`, count])),
});

const langfuse = (details: object): Record<string, Plain> => ({
  "langfuse.observation.type": "generation",
  "langfuse.observation.usage_details": JSON.stringify(details),
});

const openinference = (counts: Readonly<Record<string, number>>): Record<string, Plain> => ({
  "openinference.span.kind": "LLM",
  ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [`llm.token_count.${name}`, count])),
});

const CACHE = { cache_read_input_tokens: 1000, cache_creation_input_tokens: 200 };

/** How instrumentations have been seen to count. */
export const USAGE_SIBLINGS: readonly UsageSibling[] = [
  {
    sender: "Vercel AI SDK 5, Anthropic: input without the cache, and a total of both",
    attributes: vercel("anthropic.messages", {
      inputTokens: 100,
      outputTokens: 50,
      totalTokens: 150,
      cachedInputTokens: 10_000,
    }),
    counts: [10_100, 50, 10_000, null, null],
  },
  {
    sender: "Vercel AI SDK 5, Anthropic: a cache smaller than the input",
    attributes: vercel("anthropic.messages", {
      inputTokens: 1000,
      outputTokens: 50,
      totalTokens: 1050,
      cachedInputTokens: 400,
    }),
    counts: [1400, 50, 400, null, null],
  },
  {
    sender: "Vercel AI SDK 5, Bedrock: a cache smaller than the input",
    attributes: vercel("amazon-bedrock", {
      inputTokens: 1000,
      outputTokens: 50,
      totalTokens: 1050,
      cachedInputTokens: 400,
    }),
    counts: [1400, 50, 400, null, null],
  },
  {
    sender: "Vercel AI SDK 5, OpenAI: input with the cache",
    attributes: vercel("openai.responses", {
      inputTokens: 1000,
      outputTokens: 50,
      totalTokens: 1050,
      cachedInputTokens: 400,
      reasoningTokens: 20,
    }),
    counts: [1000, 50, 400, null, 20],
  },
  {
    sender: "Vercel AI SDK 6, Anthropic: input with the cache",
    attributes: vercel("anthropic.messages", {
      ...{ inputTokens: 1000, outputTokens: 50, "inputTokenDetails.noCacheTokens": 600 },
      ...{ "inputTokenDetails.cacheReadTokens": 400, cachedInputTokens: 400 },
    }),
    counts: [1000, 50, 400, null, null],
  },
  {
    sender: "Vercel AI SDK 5, Gemini: output without thoughts",
    attributes: vercel("google.generative-ai", {
      inputTokens: 26,
      outputTokens: 50,
      totalTokens: 1620,
      reasoningTokens: 1544,
    }),
    counts: [26, 1594, null, null, 1544],
  },
  {
    sender: "Vercel AI SDK 5, Gemini: thoughts fewer than the output, no total",
    attributes: vercel("google.generative-ai", { inputTokens: 26, outputTokens: 50, reasoningTokens: 30 }),
    counts: [26, 80, null, null, 30],
  },
  {
    sender: "conventions' names, Anthropic's own counts, a total of both",
    attributes: usage({ input_tokens: 10, output_tokens: 5, total_tokens: 15, ...CACHE }),
    counts: [1210, 5, 1000, 200, null],
  },
  {
    sender: "conventions' names, Anthropic's own counts, no total",
    attributes: usage({ input_tokens: 10, output_tokens: 5, ...CACHE }),
    counts: [1210, 5, 1000, 200, null],
  },
  {
    sender: "OpenLLMetry for Anthropic in JavaScript: a cache smaller than the input",
    scope: "@traceloop/instrumentation-anthropic",
    attributes: usage({ input_tokens: 5000, output_tokens: 5, total_tokens: 5005, "cache_read.input_tokens": 1000 }),
    counts: [6000, 5, 1000, null, null],
  },
  {
    sender: "Leeway itself: a cache within the input",
    scope: "leeway",
    attributes: usage({ input_tokens: 5000, output_tokens: 5, "cache_read.input_tokens": 1000 }),
    counts: [5000, 5, 1000, null, null],
  },
  {
    sender: "Pydantic AI's details, Anthropic",
    scope: "pydantic-ai",
    attributes: usage({
      ...{ input_tokens: 130_213, output_tokens: 100 },
      ...{ "details.cache_read_input_tokens": 128_955, "details.cache_creation_input_tokens": 1253 },
    }),
    counts: [130_213, 100, 128_955, 1253, null],
  },
  {
    sender: "Pydantic AI's details, OpenAI",
    scope: "pydantic-ai",
    attributes: usage({
      input_tokens: 100,
      output_tokens: 50,
      "details.cached_tokens": 40,
      "details.reasoning_tokens": 30,
    }),
    counts: [100, 50, 40, null, 30],
  },
  {
    sender: "Pydantic AI's details, Gemini: thoughts",
    scope: "pydantic-ai",
    attributes: usage({ input_tokens: 100, output_tokens: 50, "details.thoughts_tokens": 30 }),
    counts: [100, 50, null, null, 30],
  },
  {
    sender: "Langfuse: each key apart from the others",
    attributes: langfuse({
      input: 6000,
      output: 5,
      total: 11_020,
      input_cached_tokens: 5000,
      output_reasoning_tokens: 15,
    }),
    counts: [11_000, 20, 5000, null, 15],
  },
  {
    sender: "Langfuse: each key apart, no total",
    attributes: langfuse({ input: 6000, output: 50, input_cached_tokens: 500, output_reasoning_tokens: 15 }),
    counts: [6500, 65, 500, null, 15],
  },
  {
    sender: "Langfuse: the app's own counts, which include their parts",
    attributes: langfuse({
      input: 6000,
      output: 50,
      total: 6050,
      input_cached_tokens: 500,
      output_reasoning_tokens: 15,
    }),
    counts: [6000, 50, 500, null, 15],
  },
  {
    sender: "Langfuse: audio apart",
    attributes: langfuse({ input: 100, input_audio_tokens: 50, output: 10, output_audio_tokens: 20, total: 180 }),
    counts: [150, 30, null, null, null],
  },
  {
    sender: "Langfuse: OpenAI's names",
    attributes: langfuse({ prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 }),
    counts: [100, 10, null, null, null],
  },
  {
    sender: "Langfuse: Anthropic's names",
    attributes: langfuse({ input_tokens: 100, output_tokens: 10, cache_read_input_tokens: 1000 }),
    counts: [1100, 10, 1000, null, null],
  },
  {
    sender: "OpenInference, Gemini: thoughts apart by the total",
    attributes: openinference({ prompt: 26, completion: 50, total: 1620, "completion_details.reasoning": 1544 }),
    counts: [26, 1594, null, null, 1544],
  },
  {
    sender: "OpenInference, Gemini: thoughts in the total alone",
    attributes: { ...openinference({ prompt: 26, completion: 50, total: 1620 }), "llm.model_name": "gemini-2.5-flash" },
    counts: [26, 1594, null, null, null],
  },
  {
    sender: "a model of Anthropic whose total has more: nobody knows what",
    attributes: {
      ...usage({ input_tokens: 10, output_tokens: 5, total_tokens: 1215 }),
      "gen_ai.request.model": "claude-opus-4-5",
    },
    counts: [10, 5, null, null, null],
  },
  {
    sender: "zeros",
    attributes: usage({ input_tokens: 0, output_tokens: 0, total_tokens: 0 }),
    counts: [null, null, null, null, null],
  },
  {
    sender: "counts that can be none",
    attributes: usage({ input_tokens: -5, output_tokens: 1.5 }),
    counts: [null, null, null, null, null],
  },
  {
    sender: "other names of the cache",
    attributes: usage({ input_tokens: 100, output_tokens: 5, cached_input_tokens: 60, cache_write_tokens: 20 }),
    counts: [100, 5, 60, 20, null],
  },
];
