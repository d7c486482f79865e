import type { UntakenReason } from "../../../core/collector-stats.ts";
import { unreachable } from "../../../core/exhaustive.ts";
import { plainName } from "../call-names.ts";
import type { Attributes } from "./attributes.ts";
import { spanKindOf } from "./operation-of.ts";

/** Names of attributes that only instrumentations of models write. Langfuse puts its others on every span of an app. */
const OF_MODELS = /^(?:gen_ai|llm|ai|openinference|langfuse\.observation)\./;

/** What names of operations and kinds of spans contain calls, or are known to be no call of a model that answers. */
const KNOWN = new Set(
  [
    ...["invoke_agent", "create_agent", "execute_tool", "invoke_workflow", "retrieval", "plan", "fetch_response"],
    ...["agent", "tool", "chain", "workflow", "task", "retriever", "reranker", "rerank", "guardrail", "guard"],
    ...["evaluator", "prompt", "span", "event", "handoff", "moderation", "count_tokens"],
    ...["create_memory", "search_memory", "update_memory", "upsert_memory", "delete_memory"],
    ...["create_memory_store", "delete_memory_store"],
    ...["ai.generateText", "ai.streamText", "ai.generateObject", "ai.streamObject", "ai.embed", "ai.embedMany"],
    "ai.toolCall",
  ].map(plainName),
);

/** A span that looks as if it were about a model, and is no call. */
export interface UntakenKind {
  readonly reason: UntakenReason;
  /** What the span says that it is, or the attribute by which it is told to contain calls; empty where it says nothing. */
  readonly word: string;
}

/** Most spans are of something else, and have many attributes. */
const isAboutModel = (attributes: Attributes): boolean => {
  for (const name of attributes.keys()) if (OF_MODELS.test(name)) return true;
  return false;
};

/** Why a span is no call, where it looks as if it were about a model; null for calls and for every other span. */
export const untakenKind = (attributes: Attributes): UntakenKind | null => {
  if (!isAboutModel(attributes)) return null;
  const span = spanKindOf((name) => attributes.get(name));
  switch (span.kind) {
    case "call":
      return null;
    case "other":
      return { reason: KNOWN.has(plainName(span.word)) ? "contains-calls" : "unknown-operation", word: span.word };
    case "container":
      return { reason: "contains-calls", word: span.mark };
    case "unsaid":
      return { reason: span.lacks === "model" ? "no-model" : "no-provider-and-tokens", word: "" };
    default:
      return unreachable(span);
  }
};
