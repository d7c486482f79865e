import type { StoredContent } from "../../../agent/beside/stored-content.ts";

/** What is stored of a chat call of a free user, the `n`-th. */
export const aContent = (change: Partial<StoredContent> = {}, n = 1): StoredContent => ({
  ...{ trace_id: n.toString(16).padStart(32, "0"), span_id: n.toString(16).padStart(16, "0"), received_ms: 1000 + n },
  ...{ service: "bot-api", operation: "chat", request_model: "old", response_model: "old-1", finish_reason: "stop" },
  ...{ targeting_key_hash: "0123456789abcdef", conversation_id: "c-1", segments: { tier: "free" }, duration_ms: 100 },
  ...{ input_tokens: 10, output_tokens: 5, cost_usd: 0.1, truncated: [], tools: [] },
  request: { temperature: 0, max_tokens: 50 },
  system: [{ type: "text", content: "be kind" }],
  messages: [{ role: "user", parts: [{ type: "text", content: `question ${n}` }] }],
  output: [{ role: "assistant", parts: [{ type: "text", content: "the answer" }] }],
  ...change,
});
