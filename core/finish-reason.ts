/** What providers and instrumentations call the same thing, lower case. */
const REASONS: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  complete: "stop",
  completed: "stop",
  finish: "stop",
  finished: "stop",
  max_tokens: "length",
  max_output_tokens: "length",
  model_length: "length",
  model_context_window_exceeded: "length",
  tool_call: "tool_calls",
  tool_use: "tool_calls",
  function_call: "tool_calls",
  refusal: "content_filter",
  safety: "content_filter",
  recitation: "content_filter",
  blocklist: "content_filter",
  prohibited_content: "content_filter",
  spii: "content_filter",
  image_safety: "content_filter",
  content_filtered: "content_filter",
  guardrail_intervened: "content_filter",
  malformed_function_call: "error",
  unexpected_tool_call: "error",
  malformed_tool_use: "error",
  malformed_model_output: "error",
};

/** What no provider uses for a reason, it is some other text. */
const WORD = /^[a-z0-9_.]{0,64}$/;

/**
 * One spelling for finish reasons: `stop`, `length`, `tool_calls`, `content_filter`, `error`, or the sender's own
 * word; `other` for what is no word. A migration between providers would otherwise look like a change of every answer.
 * Empty when unknown.
 */
export const finishReason = (reason: string): string => {
  const plain = reason.trim().toLowerCase().replaceAll("-", "_");
  if (Object.hasOwn(REASONS, plain)) return REASONS[plain] ?? plain;
  return WORD.test(plain) ? plain : "other";
};
