/** Who can read what only one provider's models understand. */
export type ModelFamily = "anthropic" | "openai" | "gemini" | "mistral" | "bedrock";

/** First match wins. Names of providers as the conventions and SDKs write them, then those of models. */
const NAMES: readonly (readonly [RegExp, ModelFamily])[] = [
  // Bedrock's names of models begin with who made them, and perhaps where: `eu.anthropic.claude-…`.
  [/^(aws\.)?bedrock\b|^(\w{2,6}\.)?(amazon|anthropic|meta|mistral|cohere|deepseek)\.|^(amazon|nova)\b/i, "bedrock"],
  [/anthropic|claude/i, "anthropic"],
  [/^(gcp\.|google|vertex)|gemini/i, "gemini"],
  [/mistral|mixtral|magistral|codestral|ministral|pixtral/i, "mistral"],
  [/openai|^azure|^gpt|^chatgpt|^o\d/i, "openai"],
];

/** The family of a provider or model by its name; null = unknown. */
export const modelFamily = (name: unknown): ModelFamily | null => {
  if (typeof name !== "string") return null;
  const short = name.slice(0, 256);
  return NAMES.find(([pattern]) => pattern.test(short))?.[1] ?? null;
};
