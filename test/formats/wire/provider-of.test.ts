import { describe, expect, it } from "vitest";
import { providerOf } from "../../../formats/wire/provider-of.ts";

describe("providerOf", () => {
  it.each([
    ["https://api.openai.com/v1", "openai"],
    ["https://eu.api.openai.com/v1", "openai"],
    ["https://my-resource.openai.azure.com", "azure.ai.openai"],
    ["https://api.groq.com", "groq"],
    ["https://API.MISTRAL.AI", "mistral_ai"],
    ["https://api.x.ai", "x_ai"],
    ["https://api.deepseek.com", "deepseek"],
    ["https://openrouter.ai/api/v1", "openrouter"],
    ["https://api.together.xyz/v1", "together_ai"],
    ["https://bedrock-runtime.eu-west-1.amazonaws.com", "aws.bedrock"],
    ["https://us-central1-aiplatform.googleapis.com", "gcp.vertex_ai"],
    ["http://127.0.0.1:11434/v1", "ollama"],
    ["http://localhost:8000/v1", null],
    ["https://api.openai.com.evil.test", null],
    ["https://notapi.x.ai", null],
  ])("%s is %s", (url, provider) => {
    expect(providerOf(new URL(url))).toBe(provider);
  });
});
