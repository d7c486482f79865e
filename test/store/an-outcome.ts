import { createHash } from "node:crypto";
import { encodeOutcomeRow, type OutcomeRow } from "../../core/outcome-row.ts";
import type { RowBatch } from "../../store/store.ts";
import { T0 } from "./a-span.ts";

let made = 0;

/** A quality score of 0.8 that came in at T0, for a call that nobody made, with `fields` instead of the defaults. */
export const anOutcome = (fields: Partial<OutcomeRow> = {}): OutcomeRow => {
  made += 1;
  const received = fields.received_ms ?? T0;
  return {
    id: createHash("sha256").update(`outcome ${made}`).digest("hex").slice(0, 32),
    at_ms: received - 100,
    received_ms: received,
    trace_id: "",
    span_id: "",
    response_id: "",
    service: "support-api",
    name: "quality",
    value: 0.8,
    label: "",
    error_type: "",
    explanation: "",
    ...fields,
  };
};

let batches = 0;

/** A batch of outcomes under a token of its own. */
export const anOutcomeBatch = (rows: readonly OutcomeRow[]): RowBatch => {
  batches += 1;
  return { token: `outcomes-${batches}`, lines: rows.map(encodeOutcomeRow).join(""), rows: rows.length };
};
