/** Attributes of a span by name. */
type Attributes = Readonly<Record<string, unknown>>;

/** How instrumentations say what a span is, and which of their words mean a call of a model. */
const KINDS: readonly (readonly [attribute: string, calls: RegExp])[] = [
  ["gen_ai.operation.name", /^(?:chat|generate_content|text_completion|embeddings)$/],
  // Vercel AI: the outer spans only contain calls.
  ["ai.operationId", /\.do(?:Generate|Stream|Embed)$/],
  ["openinference.span.kind", /^(?:LLM|EMBEDDING)$/i],
  ["langfuse.observation.type", /^(?:generation|embedding)$/i],
  ["llm.request.type", /^(?:chat|completion|embedding)$/i],
];

/** Attributes of spans that contain calls and are none: tools, agents, workflows. */
const CONTAINERS = ["gen_ai.tool.name", "gen_ai.agent.name", "gen_ai.workflow.name", "traceloop.span.kind"];

/** True for a span of one call of a model, in the words of any instrumentation that is known. */
export const isModelCall = (attributes: Attributes): boolean => {
  for (const [attribute, calls] of KINDS) {
    const value = attributes[attribute];
    if (typeof value === "string" && value !== "") return calls.test(value);
  }
  if (CONTAINERS.some((name) => name in attributes)) return false;
  const hasProvider = "gen_ai.system" in attributes || "gen_ai.provider.name" in attributes;
  return hasProvider && "gen_ai.request.model" in attributes;
};
