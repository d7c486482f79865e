import type { Operation } from "./dialect-kind.ts";

/** A name of an operation without case and separators: `chat.completions`, `ChatCompletions` and `chat_completions` are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** What SDKs and gateways put before a name: their own, or where it is in their client. */
const PREFIX =
  /^\s*(?:gen_?ai|llm|models|openai|azure_?openai|anthropic|google|vertex_?ai|gemini|bedrock|mistral|cohere|groq|ollama|litellm)[./]/i;

const NAMES: Readonly<Record<Operation, readonly string[]>> = {
  chat: [
    ...["chat", "chat_completion", "chat_completions", "chat_completions_create", "chat_completions_parse"],
    ...["chat_completions_stream", "chat_stream", "create_chat_completion", "acompletion"],
    ...["responses", "responses_create", "responses_parse", "responses_stream", "create_response", "aresponses"],
    ...["messages", "messages_create", "messages_stream", "create_message"],
    ...["converse", "converse_stream", "invoke_model", "invoke_model_with_response_stream"],
    ...["generate", "agenerate", "generation", "inference"],
    ...["generate_text", "stream_text", "generate_object", "stream_object"],
    ...["llm", "llm_call", "llm_request", "call_llm", "model_call", "model_request"],
  ],
  generate_content: [
    ...["generate_content", "generate_content_stream", "stream_generate_content", "generate_content_async"],
  ],
  text_completion: ["text_completion", "completion", "completions", "completions_create", "text_generation"],
  embeddings: [
    ...["embeddings", "embedding", "embed", "embeddings_create", "create_embedding", "create_embeddings", "aembedding"],
    ...["embed_content", "batch_embed_contents", "embed_query", "embed_documents", "text_embedding"],
  ],
};

/**
 * Names of calls, the conventions' own and those that instrumentations write instead of them, as keys of a dialect's `calls`.
 * What contains calls (agents, chains, tools) or is something else of a provider's (rerank, moderation) is not among them.
 */
export const CALL_NAMES: Readonly<Record<string, Operation>> = Object.fromEntries(
  (Object.keys(NAMES) as Operation[]).flatMap((operation) => NAMES[operation].map((name) => [name, operation])),
);

/** The operation that a dialect's table has for a name, by its plain form, with or without what SDKs put before it. */
export const operationNamed = (calls: ReadonlyMap<string, Operation>, name: string): Operation | null =>
  calls.get(plainName(name)) ?? calls.get(plainName(name.replace(PREFIX, ""))) ?? null;
