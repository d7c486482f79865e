import { startAnthropicDouble } from "../../doubles/anthropic.ts";
import { startBedrockDouble } from "../../doubles/bedrock.ts";
import { startCohereDouble } from "../../doubles/cohere.ts";
import { startGeminiDouble } from "../../doubles/gemini.ts";
import { startMistralDouble } from "../../doubles/mistral.ts";
import type { ProviderDouble } from "../../doubles/provider-double.ts";
import type { Expected } from "./expected/expected.ts";
import { helloExpected } from "./expected/hello.ts";
import { aiExpected, langchainExpected, openaiExpected } from "./expected/openai.ts";
import { openaiFormat } from "./provider/openai.ts";
import { startProvider } from "./provider/start-provider.ts";

/** One SDK of the matrix. */
export interface Sdk {
  /** Folder below `sdks/`, which holds its exact versions. */
  readonly name: string;
  /** File of `apps/` that exercises it. */
  readonly app: string;
  /** Modules the app is given, by the name it calls them. */
  readonly modules: Readonly<Record<string, string>>;
  readonly startProvider: () => Promise<ProviderDouble>;
  /** What each step's span has to say. */
  readonly expected: Expected;
  /** Part of the short run. */
  readonly short?: true;
}

const startOpenai = (): Promise<ProviderDouble> => startProvider([openaiFormat]);

const openai = {
  app: "openai.cjs",
  modules: { openai: "openai" },
  startProvider: startOpenai,
  expected: openaiExpected,
  short: true,
} as const;

const anthropic = {
  app: "anthropic.cjs",
  modules: { anthropic: "@anthropic-ai/sdk" },
  startProvider: startAnthropicDouble,
  expected: helloExpected({ operation: "chat", provider: "anthropic", inputTokens: 18, reasoningTokens: 5 }, [
    ...["create-plain", "create-tool", "create-refusal", "create-thinking", "create-length", "create-overloaded"],
    ...["create-cut", "create-refused", "as-response-plain", "with-response-plain", "stream-plain", "stream-tool"],
    ...["stream-thinking", "stream-break-plain", "stream-broken", "stream-cut", "helper-plain", "helper-tool"],
  ]),
} as const;

const ai = {
  app: "ai.cjs",
  modules: { ai: "ai", provider: "@ai-sdk/openai" },
  startProvider: startOpenai,
  expected: aiExpected,
} as const;

/** Every SDK of the matrix. */
export const sdks: readonly Sdk[] = [
  { name: "openai-6", ...openai },
  { name: "openai-7", ...openai },
  { name: "anthropic-0", ...anthropic },
  { name: "anthropic-1", ...anthropic, short: true },
  {
    name: "google-genai-3",
    app: "gemini.cjs",
    modules: { genai: "@google/genai" },
    startProvider: startGeminiDouble,
    expected: helloExpected(
      { operation: "generate_content", provider: "gcp.gemini", inputTokens: 18, reasoningTokens: 5 },
      [
        ...["generate-plain", "generate-tool", "generate-refusal", "generate-thinking", "generate-length"],
        ...[
          "generate-overloaded",
          "generate-cut",
          "generate-flaky",
          "generate-loop-flaky",
          "generate-refused",
          "stream-plain",
          "stream-tool",
        ],
        ...["stream-thinking", "stream-break-plain", "stream-broken", "stream-cut"],
      ],
    ),
  },
  {
    name: "mistralai-2",
    app: "mistral.cjs",
    modules: { mistral: "@mistralai/mistralai" },
    startProvider: startMistralDouble,
    expected: helloExpected({ operation: "chat", inputTokens: 18 }, [
      ...["chat-plain", "chat-tool", "chat-refusal", "chat-thinking", "chat-length", "chat-overloaded", "chat-cut"],
      ...["chat-refused", "fim-plain", "stream-plain", "stream-tool", "stream-thinking", "stream-break-plain"],
      "stream-cut",
    ]),
  },
  {
    name: "cohere-ai-8",
    app: "cohere.cjs",
    modules: { cohere: "cohere-ai" },
    startProvider: startCohereDouble,
    expected: helloExpected({ operation: "chat", provider: "cohere", inputTokens: 18 }, [
      ...[
        "chat-plain",
        "chat-tool",
        "chat-refusal",
        "chat-thinking",
        "chat-length",
        "chat-overloaded",
        "chat-cut",
        "chat-flaky",
        "chat-loop-flaky",
      ],
      ...["chat-refused", "stream-plain", "stream-tool", "stream-thinking", "stream-break-plain", "stream-broken"],
      "stream-cut",
    ]),
  },
  { name: "ai-6", ...ai },
  { name: "ai-7", ...ai, short: true },
  {
    name: "langchain-openai-1",
    app: "langchain.cjs",
    modules: { langchain: "@langchain/openai" },
    startProvider: startOpenai,
    expected: langchainExpected,
  },
  {
    name: "bedrock-runtime-3",
    app: "bedrock.cjs",
    modules: { bedrock: "@aws-sdk/client-bedrock-runtime" },
    startProvider: startBedrockDouble,
    expected: helloExpected({ operation: "chat", provider: "aws.bedrock", inputTokens: 18, retries: 1 }, [
      ...["converse-plain", "converse-tool", "converse-refusal", "converse-thinking", "converse-length"],
      ...["converse-overloaded", "converse-flaky", "converse-refused", "stream-plain", "stream-thinking"],
      ...["stream-break-plain", "stream-broken", "anthropic.invoke-plain", "anthropic.invoke-stream-plain"],
    ]),
  },
];
