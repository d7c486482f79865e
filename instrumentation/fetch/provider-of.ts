/** Hosts of providers that speak OpenAI's wire format, by the end of their name. */
const PROVIDERS: readonly (readonly [hostEnd: string, provider: string])[] = [
  ["api.openai.com", "openai"],
  [".openai.azure.com", "azure.ai.openai"],
  [".services.ai.azure.com", "azure.ai.inference"],
  [".inference.ai.azure.com", "azure.ai.inference"],
  ["api.anthropic.com", "anthropic"],
  ["api.deepseek.com", "deepseek"],
  ["api.groq.com", "groq"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.moonshot.ai", "moonshot_ai"],
  ["api.moonshot.cn", "moonshot_ai"],
  ["api.perplexity.ai", "perplexity"],
  ["api.x.ai", "x_ai"],
  ["api.cohere.com", "cohere"],
  ["api.cohere.ai", "cohere"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
  ["aiplatform.googleapis.com", "gcp.vertex_ai"],
  [".amazonaws.com", "aws.bedrock"],
  [".ml.cloud.ibm.com", "ibm.watsonx.ai"],
];

/** `gen_ai.provider.name` for a host; `openai` for hosts that are not known, whose wire format it is. */
export const providerOf = (host: string): string => {
  const name = host.toLowerCase();
  return PROVIDERS.find(([end]) => name.endsWith(end))?.[1] ?? "openai";
};
