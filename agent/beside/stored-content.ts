import type { ContentView } from "../../status/content-view.ts";

/** What was asked and answered in a served call, as the agent's API gives it. */
export type StoredContent = Pick<
  ContentView,
  | ("trace_id" | "span_id" | "received_ms" | "service" | "operation" | "request_model" | "response_model")
  | ("finish_reason" | "targeting_key_hash" | "conversation_id" | "segments" | "duration_ms" | "input_tokens")
  | ("output_tokens" | "cost_usd" | "request" | "messages" | "system" | "tools" | "output" | "truncated")
>;
