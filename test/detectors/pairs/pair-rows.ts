import type { PairRow } from "../../../core/pair-row.ts";

let made = 0;

/** A row of a pair whose answers are the same, with `fields` in their place. */
export const pairRow = (fields: Partial<PairRow> = {}): PairRow => {
  made += 1;
  return {
    ...{
      id: (made * 2654435761).toString(16).padStart(32, "0"),
      at_ms: made,
      received_ms: made,
      kind: "candidate",
      outcome: "paired",
    },
    ...{ calls: 1, migration: "m", service: "s", instance: "i", trace_id: "", span_id: "", other_trace_id: "" },
    ...{ other_span_id: "", cluster: "", segments: {}, served_model: "a", other_model: "b", error_type: "" },
    ...{ numbers: { similarity_tokens: 1, similarity_chars: 1 }, labels: {}, changed: [] },
    ...{ served_values: ["format:prose"], other_values: ["format:prose"] },
    ...fields,
  };
};

/** The numbers of a pair that is so alike, 0-1. */
export const alike = (similarity: number): Pick<PairRow, "numbers" | "changed"> => ({
  numbers: { similarity_tokens: similarity, similarity_chars: similarity },
  changed: similarity === 1 ? [] : ["text"],
});

/** So many rows, made one by one. */
export const rows = (n: number, make: (i: number) => Partial<PairRow>): readonly PairRow[] =>
  Array.from({ length: n }, (_, i) => pairRow(make(i)));

/** Reruns of a baseline that differs from itself by a fifth at most. */
export const reruns = (n: number, fields: Partial<PairRow> = {}): readonly PairRow[] =>
  rows(n, (i) => ({ kind: "rerun", ...alike(0.8 + (0.2 * (i % 20)) / 20), ...fields }));
