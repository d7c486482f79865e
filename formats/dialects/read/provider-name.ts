/** Names other than the conventions' own, old ones included, lower case. */
const ALIASES: Readonly<Record<string, string>> = {
  "az.ai.openai": "azure.ai.openai",
  azure: "azure.ai.openai",
  "azure-openai": "azure.ai.openai",
  azure_openai: "azure.ai.openai",
  "az.ai.inference": "azure.ai.inference",
  "amazon-bedrock": "aws.bedrock",
  aws: "aws.bedrock",
  bedrock: "aws.bedrock",
  gemini: "gcp.gemini",
  google: "gcp.gen_ai",
  vertex_ai: "gcp.vertex_ai",
  vertexai: "gcp.vertex_ai",
  mistral: "mistral_ai",
  mistralai: "mistral_ai",
  moonshot: "moonshot_ai",
  watsonx: "ibm.watsonx.ai",
  xai: "x_ai",
};

/** The conventions' name of a provider; a name nobody knows is kept, in lower case. */
export const providerName = (name: string): string => {
  const lower = name.trim().toLowerCase();
  return Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? lower) : lower;
};
