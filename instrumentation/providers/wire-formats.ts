import { anthropicMessages } from "./anthropic.ts";
import { bedrockConverse, bedrockInvoke } from "./bedrock.ts";
import { cohereChat } from "./cohere.ts";
import { gemini } from "./gemini.ts";
import { mistral } from "./mistral.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiCompletions } from "./openai-completions.ts";
import { openaiEmbeddings } from "./openai-embeddings.ts";
import { openaiResponses } from "./openai-responses.ts";
import type { WireFormat } from "./wire-format.ts";

/** Every format that is recognised; the first that matches a URL is the one. */
export const WIRE_FORMATS: readonly WireFormat[] = [
  mistral,
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
