/**
 * Names of request parameters, as the providers write them. Nothing else that an error names may leave the process: what is
 * none of these can be content.
 */
const PARAMETERS: ReadonlySet<string> = new Set([
  ...["max_tokens", "max_completion_tokens", "max_output_tokens", "maxTokens", "maxOutputTokens", "max_new_tokens"],
  ...["temperature", "top_p", "top_k", "topP", "topK", "min_p", "p", "k", "n", "seed", "random_seed"],
  ...["frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs"],
  ...["stop", "stop_sequences", "stopSequences", "stream", "stream_options", "store", "user", "metadata", "suffix"],
  ...["tools", "tool_choice", "toolConfig", "tool_config", "parallel_tool_calls", "functions", "function_call"],
  ...["strict_tools", "force_single_step", "disable_parallel_tool_use", "safe_prompt", "safety_mode", "safetySettings"],
  ...["response_format", "responseSchema", "responseMimeType", "responseJsonSchema", "output_config", "output_format"],
  ...[
    "thinking",
    "thinkingConfig",
    "thinkingBudget",
    "thinkingLevel",
    "budget_tokens",
    "reasoning",
    "reasoning_effort",
  ],
  ...["effort", "verbosity", "text", "modalities", "audio", "prediction", "service_tier", "prompt_cache_key"],
  ...["messages", "input", "instructions", "system", "prompt", "contents", "systemInstruction", "model", "betas"],
  ...["generationConfig", "generation_config", "inferenceConfig", "additionalModelRequestFields", "guardrailConfig"],
  ...["anthropic_version", "anthropic_beta", "previous_response_id", "conversation", "include", "truncation"],
  ...["documents", "preamble", "chat_history", "connectors", "citation_options", "cache_control", "context_management"],
  ...["dimensions", "encoding_format", "input_type", "embedding_types", "web_search_options", "safety_identifier"],
]);

/** The name a path begins with: `messages` of `messages[0].content`; empty where that is no parameter. */
const rootOf = (path: string): string => {
  const [root = ""] = path.split(/[.[]/, 1);
  return PARAMETERS.has(root) ? root : "";
};

/** Names that are no word of a sentence may stand by themselves. */
const isDistinct = (word: string): boolean => /_|[a-z][A-Z]/.test(word);

/** Marked as a name: in quotes, in brackets, or before the first colon. */
const MARKED = /^([\w.[\]]{1,60}): |["'`[]([A-Za-z_]{1,40})(?=["'`\].[])/g;
const WORD = /[A-Za-z_]{1,40}/g;

/** The first parameter that a message names; empty where it names none that is known. */
const namedIn = (message: string): string => {
  for (const [, path, quoted] of message.matchAll(MARKED)) {
    const name = rootOf(path ?? quoted ?? "");
    if (name !== "") return name;
  }
  for (const [word] of message.matchAll(WORD)) if (isDistinct(word) && PARAMETERS.has(word)) return word;
  return "";
};

/** The parameter an error is about: the one it says, else the first that its message names; empty = unknown. */
export const parameterOf = (said: string, message: string): string => rootOf(said) || namedIn(message);

/** True for the name of a parameter. */
export const isParameter = (name: string): boolean => PARAMETERS.has(name);
