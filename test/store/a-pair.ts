import { createHash } from "node:crypto";
import { encodePairRow, type PairRow } from "../../core/pair-row.ts";
import type { RowBatch } from "../../store/store.ts";
import { T0 } from "./a-span.ts";

let made = 0;

/** A pair of equal answers that came in at T0, with `fields` instead of the defaults. */
export const aPair = (fields: Partial<PairRow> = {}): PairRow => {
  made += 1;
  const id = createHash("sha256").update(`pair ${made}`).digest("hex").slice(0, 32);
  const received = fields.received_ms ?? T0;
  return {
    ...{ id, at_ms: received - 100, received_ms: received, kind: "candidate", outcome: "paired", calls: 1 },
    ...{ migration: "shadowed", service: "support-api", instance: "pod-1", trace_id: id, span_id: id.slice(16) },
    ...{ other_trace_id: id, other_span_id: id.slice(0, 16), cluster: `user-${made}`, segments: {} },
    ...{ served_model: "gpt-4o", other_model: "gpt-5", error_type: "", numbers: { equal: 1 }, labels: {}, changed: [] },
    ...{ served_values: ["finish:stop"], other_values: ["finish:stop"] },
    ...fields,
  };
};

let batches = 0;

/** A batch of pairs under a token of its own. */
export const aPairBatch = (rows: readonly PairRow[]): RowBatch => {
  batches += 1;
  return { token: `pairs-${batches}`, lines: rows.map(encodePairRow).join(""), rows: rows.length };
};
