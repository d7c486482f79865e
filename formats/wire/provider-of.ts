/** Hosts of providers, by the end of their name. Names outside the conventions' list are the providers' own. */
const PROVIDERS: readonly (readonly [hostEnd: string, provider: string])[] = [
  [".api.openai.com", "openai"],
  [".openai.azure.com", "azure.ai.openai"],
  [".services.ai.azure.com", "azure.ai.inference"],
  [".inference.ai.azure.com", "azure.ai.inference"],
  [".api.anthropic.com", "anthropic"],
  [".api.deepseek.com", "deepseek"],
  [".api.groq.com", "groq"],
  [".api.mistral.ai", "mistral_ai"],
  [".api.moonshot.ai", "moonshot_ai"],
  [".api.moonshot.cn", "moonshot_ai"],
  [".api.perplexity.ai", "perplexity"],
  [".api.x.ai", "x_ai"],
  [".api.cohere.com", "cohere"],
  [".api.cohere.ai", "cohere"],
  [".generativelanguage.googleapis.com", "gcp.gemini"],
  [".aiplatform.googleapis.com", "gcp.vertex_ai"],
  ["-aiplatform.googleapis.com", "gcp.vertex_ai"],
  [".amazonaws.com", "aws.bedrock"],
  [".ml.cloud.ibm.com", "ibm.watsonx.ai"],
  [".openrouter.ai", "openrouter"],
  [".api.together.xyz", "together_ai"],
  [".api.together.ai", "together_ai"],
  [".api.fireworks.ai", "fireworks_ai"],
  [".api.cerebras.ai", "cerebras"],
  [".api.z.ai", "z_ai"],
  [".dashscope.aliyuncs.com", "alibaba_cloud"],
  [".integrate.api.nvidia.com", "nvidia"],
  [".router.huggingface.co", "hugging_face"],
  [".models.github.ai", "github_models"],
  [".ollama.com", "ollama"],
];

const findProvider = ({ hostname, port }: URL): string | null => {
  const dotted = `.${hostname}`;
  // Ollama runs anywhere, but on a port of its own.
  return PROVIDERS.find(([end]) => dotted.endsWith(end))?.[1] ?? (port === "11434" ? "ollama" : null);
};

/** Calls of one URL in a row share it. */
const found = new WeakMap<URL, string | null>();

/** `gen_ai.provider.name` for a URL that does not change, by its host; null for hosts that are not known. */
export const providerOf = (url: URL): string | null => {
  const known = found.get(url);
  if (known !== undefined) return known;
  const provider = findProvider(url);
  found.set(url, provider);
  return provider;
};
