/** How a provider is shown a key, and where apps keep it. */
export interface KeyHeader {
  /** Usual names of the variable, the first that is set counts. Empty = none is needed. */
  readonly variables: readonly string[];
  readonly headers: (key: string) => Readonly<Record<string, string>>;
}

const bearer = (key: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${key}` });

const ANTHROPIC: KeyHeader = {
  variables: ["ANTHROPIC_API_KEY"],
  headers: (key) => ({ "x-api-key": key, "anthropic-version": "2023-06-01" }),
};

/** By the provider of the host, as formats/wire/provider-of.ts names it. */
const BY_PROVIDER: Readonly<Record<string, KeyHeader>> = {
  openai: { variables: ["OPENAI_API_KEY"], headers: bearer },
  "azure.ai.openai": { variables: ["AZURE_OPENAI_API_KEY"], headers: (key) => ({ "api-key": key }) },
  anthropic: ANTHROPIC,
  "gcp.gemini": { variables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"], headers: (key) => ({ "x-goog-api-key": key }) },
  mistral_ai: { variables: ["MISTRAL_API_KEY"], headers: bearer },
  cohere: { variables: ["CO_API_KEY", "COHERE_API_KEY"], headers: bearer },
  deepseek: { variables: ["DEEPSEEK_API_KEY"], headers: bearer },
  groq: { variables: ["GROQ_API_KEY"], headers: bearer },
  x_ai: { variables: ["XAI_API_KEY"], headers: bearer },
  openrouter: { variables: ["OPENROUTER_API_KEY"], headers: bearer },
  together_ai: { variables: ["TOGETHER_API_KEY"], headers: bearer },
  fireworks_ai: { variables: ["FIREWORKS_API_KEY"], headers: bearer },
  ollama: { variables: [], headers: bearer },
};

/** How the host of `provider` is shown a key; one that is not known is shown it as the format's own provider is. */
export const keyHeaderOf = (provider: string | null, formatProvider: string): KeyHeader =>
  BY_PROVIDER[provider ?? ""] ?? BY_PROVIDER[formatProvider] ?? { variables: ["OPENAI_API_KEY"], headers: bearer };

/** Headers of a request that say how its answer is to be written, and no secret: they go with the second request too. */
export const PASSED_ON: readonly string[] = [
  "anthropic-version",
  "anthropic-beta",
  "openai-beta",
  "openai-organization",
  "openai-project",
];
