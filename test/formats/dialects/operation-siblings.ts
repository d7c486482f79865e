import type { Plain } from "../../collector/otlp-request.ts";

/** A span that a sender makes around a model, and what it is: an operation, or none where it is no call. */
export interface OperationSibling {
  readonly sender: string;
  readonly attributes: Readonly<Record<string, Plain>>;
  readonly operation: string;
}

const USAGE = { "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5 };
const MODEL = { "gen_ai.request.model": "gpt-4o" };

const named = (name: string, operation: string): OperationSibling => ({
  sender: `operation "${name}"`,
  attributes: { "gen_ai.operation.name": name, "gen_ai.provider.name": "openai", ...MODEL, ...USAGE },
  operation,
});

const unnamed = (sender: string, operation: string, attributes: OperationSibling["attributes"]): OperationSibling => ({
  ...{ sender, operation, attributes },
});

/** Names of operations in use before and beside the conventions', and spans that name none. */
export const OPERATION_SIBLINGS: readonly OperationSibling[] = [
  ...["chat", "Chat", "CHAT_COMPLETION", "chat.completions", "chat.completions.create", "chatCompletion"],
  ...["openai.chat.completions", "gen_ai.chat", "responses", "responses.create", "Responses", "messages"],
  ...["messages.create", "anthropic.messages", "acompletion", "converse", "converse_stream", "ConverseStream"],
  ...["invoke_model", "InvokeModel", "InvokeModelWithResponseStream", "generate", "agenerate", "inference"],
  ...["generate_text", "stream_text", "llm", "call_llm", " chat "],
]
  .map((name) => named(name, "chat"))
  .concat(
    ["generate_content", "generateContent", "generate_content_stream", "models.generate_content"].map((name) =>
      named(name, "generate_content"),
    ),
    ["text_completion", "completion", "completions", "text-completion", "text_generation"].map((name) =>
      named(name, "text_completion"),
    ),
    ["embeddings", "embedding", "embed", "embeddings.create", "aembedding", "embed_content", "EmbedContent"].map(
      (name) => named(name, "embeddings"),
    ),
    [
      "invoke_agent",
      "create_agent",
      "execute_tool",
      "invoke_workflow",
      "retrieval",
      "plan",
      "chain",
      "agent",
      "tool",
    ].map((name) => named(name, "none")),
    ["rerank", "moderation", "count_tokens", "fetch_response", "chat_with_agent", "agent.chat", "разговор"].map(
      (name) => named(name, "none"),
    ),
    [
      unnamed("model and usage alone", "chat", { ...MODEL, ...USAGE }),
      unnamed("model and usage under old names", "chat", { ...MODEL, "gen_ai.usage.prompt_tokens": 10 }),
      unnamed("model and usage as text", "chat", { ...MODEL, "gen_ai.usage.input_tokens": "10" }),
      unnamed("an embedding model and usage", "embeddings", {
        ...{ "gen_ai.request.model": "text-embedding-3-small", "gen_ai.usage.input_tokens": 10 },
      }),
      unnamed("an empty operation", "chat", { "gen_ai.operation.name": "", ...MODEL, ...USAGE }),
      unnamed("old names: system and model", "chat", { "gen_ai.system": "openai", ...MODEL }),
      unnamed("a model alone", "none", MODEL),
      unnamed("usage alone", "none", USAGE),
      unnamed("model and counts of nothing", "none", { ...MODEL, "gen_ai.usage.input_tokens": 0 }),
      unnamed("an agent with model and usage", "none", { ...MODEL, ...USAGE, "gen_ai.agent.name": "support" }),
      unnamed("a tool with model and usage", "none", { ...MODEL, ...USAGE, "gen_ai.tool.name": "search" }),
      unnamed("a tool call with model and usage", "none", { ...MODEL, ...USAGE, "gen_ai.tool.call.id": "call_1" }),
      unnamed("a workflow with model and usage", "none", { ...MODEL, ...USAGE, "gen_ai.workflow.name": "answer" }),
      unnamed("a task of OpenLLMetry with model and usage", "none", {
        ...{ ...MODEL, ...USAGE, "traceloop.span.kind": "task" },
      }),
      unnamed("the outer span of the AI SDK with model and usage", "none", {
        ...{ ...MODEL, ...USAGE, "ai.operationId": "ai.generateText" },
      }),
      unnamed("a chain of OpenInference with an operation", "none", {
        ...{ ...MODEL, ...USAGE, "openinference.span.kind": "CHAIN", "gen_ai.operation.name": "chat" },
      }),
      unnamed("a span of Langfuse with model and usage", "none", {
        ...{ ...MODEL, ...USAGE, "langfuse.observation.type": "span" },
      }),
      unnamed("OpenLLMetry: request type messages", "chat", { ...MODEL, ...USAGE, "llm.request.type": "messages" }),
      unnamed("OpenLLMetry: request type rerank", "none", { ...MODEL, ...USAGE, "llm.request.type": "rerank" }),
      unnamed("no model of any kind", "none", { "http.route": "/chat" }),
    ],
  );
