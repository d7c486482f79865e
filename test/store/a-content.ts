import { createHash } from "node:crypto";
import { type ContentRow, encodeContentRow } from "../../core/content-row.ts";
import type { RowBatch } from "../../store/store.ts";
import { T0 } from "./a-span.ts";

let made = 0;

/** The content of a served call that came in at T0, with `fields` instead of the defaults. */
export const aContent = (fields: Partial<ContentRow> = {}): ContentRow => {
  made += 1;
  const id = createHash("sha256").update(`content ${made}`).digest("hex");
  const received = fields.received_ms ?? T0;
  return {
    ...{ trace_id: id.slice(0, 32), span_id: id.slice(32, 48), at_ms: received - 100, received_ms: received },
    ...{ migration: "shadowed", cohort: "baseline", service: "support-api", pair_id: "", provider: "openai" },
    ...{ operation: "chat", request_model: "gpt-4o", response_model: "gpt-4o-2024", finish_reason: "stop" },
    ...{ targeting_key_hash: "", conversation_id: "", segments: {}, duration_ms: 812.5, input_tokens: 20 },
    ...{ output_tokens: 7, cost_usd: null, request: '{"temperature":0.2}', system: "", tools: "", truncated: [] },
    messages: JSON.stringify([{ role: "user", parts: [{ type: "text", content: "Where is my order?" }] }]),
    output: JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: "On its way." }] }]),
    ...fields,
  };
};

let batches = 0;

/** A batch of content under a token of its own. */
export const aContentBatch = (rows: readonly ContentRow[]): RowBatch => {
  batches += 1;
  return { token: `content-${batches}`, lines: rows.map(encodeContentRow).join(""), rows: rows.length };
};
