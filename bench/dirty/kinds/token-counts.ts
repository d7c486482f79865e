import { normaliseSpan } from "../../../collector/normalise/normalise-span.ts";
import type { ReceivedSpan } from "../../../collector/otlp/received-span.ts";
import { GEN_AI } from "../../../core/attributes.ts";
import { USAGE_SIBLINGS, type UsageSibling } from "../../../test/collector/normalise/usage-siblings.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const NOW = 1_790_000_000_000;

const spanOf = ({ scope = "test", attributes }: UsageSibling): ReceivedSpan => ({
  ...{ traceId: "1".repeat(32), spanId: "1".repeat(16), parentSpanId: "", name: "chat", scope },
  ...{ startMs: NOW - 1000, endMs: NOW, statusCode: 0, events: [], resource: new Map() },
  attributes: new Map(Object.entries({ [GEN_AI.operation]: "chat", ...attributes })),
});

/** `input output cached written reasoning`, `-` for unknown. */
const told = (counts: readonly (number | null)[]): string => counts.map((count) => count ?? "-").join(" ");

const measured = (sibling: UsageSibling): string => {
  const normalised = normaliseSpan(spanOf(sibling), NOW, {
    assign: () => ({ migration: "", cohort: "" }),
    price: () => null,
  });
  if (normalised.kind !== "call") return normalised.kind;
  const { input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens } = normalised.row;
  return told([input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens]);
};

const caseOf =
  (before: Readonly<Record<string, string>>) =>
  (sibling: UsageSibling): DirtyCase => {
    const right = told(sibling.counts);
    const measure = (): string => measured(sibling);
    return {
      input: sibling.sender,
      right,
      before: before[sibling.sender] ?? right,
      measure,
      isRight: (said) => said === right,
    };
  };

/** Where something else was said before. */
const BEFORE: Readonly<Record<string, string>> = {
  "Vercel AI SDK 5, Anthropic: input without the cache, and a total of both": "100 50 10000 - -",
  "Vercel AI SDK 5, Anthropic: a cache smaller than the input": "1000 50 400 - -",
  "Vercel AI SDK 5, Bedrock: a cache smaller than the input": "1000 50 400 - -",
  "Vercel AI SDK 5, Gemini: output without thoughts": "26 50 - - 1544",
  "Vercel AI SDK 5, Gemini: thoughts fewer than the output, no total": "26 50 - - 30",
  "conventions' names, Anthropic's own counts, a total of both": "10 5 1000 200 -",
  "OpenLLMetry for Anthropic in JavaScript: a cache smaller than the input": "5000 5 1000 - -",
  "Pydantic AI's details, Anthropic": "130213 100 - - -",
  "Pydantic AI's details, OpenAI": "100 50 - - -",
  "Pydantic AI's details, Gemini: thoughts": "100 50 - - -",
  "Langfuse: each key apart from the others": "6000 5 5000 - 15",
  "Langfuse: each key apart, no total": "6000 50 500 - 15",
  "Langfuse: audio apart": "100 10 - - -",
  "Langfuse: OpenAI's names": "- - - - -",
  "Langfuse: Anthropic's names": "- - 1000 - -",
  "OpenInference, Gemini: thoughts apart by the total": "26 50 - - 1544",
  "OpenInference, Gemini: thoughts in the total alone": "26 50 - - -",
  zeros: "0 0 - - -",
  "other names of the cache": "100 5 - - -",
};

/** Token counts of senders that leave parts out, or call them by other names. */
export const tokenCounts: DirtyKind = {
  kind: "capture: token counts (input, output, cached, written, reasoning)",
  cases: USAGE_SIBLINGS.map(caseOf(BEFORE)),
};
