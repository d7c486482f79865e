import { openaiEmbeddings } from "../openai/openai-embeddings.ts";
import { pathEndsIn } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { readOllamaEmbedding } from "./ollama-embedding.ts";
import { createOllamaFold, readOllamaAnswer } from "./ollama-fold.ts";
import { readOllamaChat, readOllamaEmbed, readOllamaGenerate } from "./ollama-request.ts";

const ANSWERS = { provider: "ollama", readAnswer: readOllamaAnswer, createFold: createOllamaFold } as const;

/** Ollama's own chat. Streams are lines of JSON. */
export const ollamaChat: WireFormat = {
  ...ANSWERS,
  name: "ollama.chat",
  matches: (url) => pathEndsIn(url, "/api/chat"),
  readRequest: readOllamaChat,
  requestContent: { input: ["messages"] },
  content: /"(?:content|thinking)"\s{0,4}:\s{0,4}"[^"]|"tool_calls"\s{0,4}:\s{0,4}\[\s{0,4}\{/,
};

/** Ollama's completion of a prompt. */
export const ollamaGenerate: WireFormat = {
  ...ANSWERS,
  name: "ollama.generate",
  matches: (url) => pathEndsIn(url, "/api/generate"),
  readRequest: readOllamaGenerate,
  requestContent: { input: ["prompt"], system: ["system"] },
  content: /"(?:response|thinking)"\s{0,4}:\s{0,4}"[^"]/,
};

/** Ollama's embeddings; the vectors are not looked at. */
export const ollamaEmbeddings: WireFormat = {
  ...openaiEmbeddings,
  name: "ollama.embeddings",
  provider: "ollama",
  matches: (url) => pathEndsIn(url, "/api/embed"),
  readRequest: readOllamaEmbed,
  readAnswer: readOllamaEmbedding,
};
