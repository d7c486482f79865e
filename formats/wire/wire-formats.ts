import { anthropicMessages } from "./anthropic/anthropic.ts";
import { bedrockConverse, bedrockInvoke } from "./bedrock/bedrock.ts";
import { cohereChat } from "./cohere/cohere.ts";
import { gemini } from "./gemini/gemini.ts";
import { mistral } from "./mistral/mistral.ts";
import { ollamaChat, ollamaEmbeddings, ollamaGenerate } from "./ollama/ollama.ts";
import { openaiChat } from "./openai/openai-chat.ts";
import { openaiCompletions } from "./openai/openai-completions.ts";
import { openaiEmbeddings } from "./openai/openai-embeddings.ts";
import { openaiResponses } from "./openai/openai-responses.ts";
import type { WireFormat } from "./wire-format.ts";

/** Every format that is recognised; the first that matches a URL is the one. */
export const WIRE_FORMATS: readonly WireFormat[] = [
  mistral,
  ollamaChat,
  ollamaGenerate,
  ollamaEmbeddings,
  openaiChat,
  openaiResponses,
  openaiEmbeddings,
  openaiCompletions,
  anthropicMessages,
  gemini,
  cohereChat,
  bedrockConverse,
  bedrockInvoke,
];

/** The format of a POST to `url`; null when it is no model call. */
export const wireFormatOf = (url: URL): WireFormat | null => WIRE_FORMATS.find(({ matches }) => matches(url)) ?? null;
