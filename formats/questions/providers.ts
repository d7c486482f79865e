import type { JsonObject } from "../json/json-object.ts";
import { CannotSay } from "./cannot-say.ts";
import type { Question } from "./question.ts";
import type { Say } from "./say.ts";
import { sayAnthropic } from "./say-anthropic.ts";
import { sayBedrock } from "./say-bedrock.ts";
import { sayCohere } from "./say-cohere.ts";
import { sayGemini } from "./say-gemini.ts";
import { sayOllama } from "./say-ollama.ts";
import { sayMistral, sayOpenai, sayOpenaiCompatible } from "./say-openai-chat.ts";
import { sayOpenaiResponses } from "./say-openai-responses.ts";

/** How a provider is asked. */
export interface AskedProvider {
  /** `gen_ai.provider.name`, which its key's header goes by. */
  readonly provider: string;
  /** Name of the wire format (formats/wire) that its answers are read by. */
  readonly format: string;
  /** Where its own endpoint is, below which the paths are; null = has to be given. */
  readonly baseUrl: string | null;
  /** The endpoint below it, with a slash before. */
  readonly path: (model: string) => string;
  readonly say: Say;
}

/** Names of the providers that can be asked, as people give them. */
export type AskedProviderName =
  | "openai"
  | "openai-responses"
  | "openai-compatible"
  | "anthropic"
  | "gemini"
  | "mistral"
  | "cohere"
  | "bedrock"
  | "ollama";

const chat = (): string => "/chat/completions";
const openai = { provider: "openai", baseUrl: "https://api.openai.com/v1" };

/** By the name people give. */
export const ASKED_PROVIDERS: Readonly<Record<AskedProviderName, AskedProvider>> = {
  openai: { ...openai, format: "openai.chat_completions", path: chat, say: sayOpenai },
  "openai-responses": { ...openai, format: "openai.responses", path: () => "/responses", say: sayOpenaiResponses },
  "openai-compatible": {
    ...{ provider: "", format: "openai.chat_completions", baseUrl: null, path: chat, say: sayOpenaiCompatible },
  },
  anthropic: {
    ...{ provider: "anthropic", format: "anthropic.messages", path: () => "/v1/messages", say: sayAnthropic },
    baseUrl: "https://api.anthropic.com",
  },
  gemini: {
    ...{ provider: "gcp.gemini", format: "gemini.generate_content", say: sayGemini },
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    path: (model) => `/models/${encodeURIComponent(model)}:generateContent`,
  },
  mistral: {
    ...{ provider: "mistral_ai", format: "mistral", path: chat, say: sayMistral },
    baseUrl: "https://api.mistral.ai/v1",
  },
  cohere: {
    ...{ provider: "cohere", format: "cohere.chat", path: () => "/v2/chat", say: sayCohere },
    baseUrl: "https://api.cohere.com",
  },
  bedrock: {
    ...{ provider: "aws.bedrock", format: "bedrock.converse", baseUrl: null, say: sayBedrock },
    path: (model) => `/model/${encodeURIComponent(model)}/converse`,
  },
  ollama: {
    ...{ provider: "ollama", format: "ollama.chat", path: () => "/api/chat", say: sayOllama },
    baseUrl: "http://127.0.0.1:11434",
  },
};

/** What a provider is sent. */
export type Said = { readonly body: JsonObject } | { readonly lost: string };

/** The question in the provider's words, or what of it those have no place for: it is never asked in other words. */
export const sayTo = ({ say }: Pick<AskedProvider, "say">, question: Question, model: string): Said => {
  try {
    return { body: say(question, model) };
  } catch (error) {
    if (error instanceof CannotSay) return { lost: error.message };
    throw error;
  }
};
