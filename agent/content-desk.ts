import type { PairRow } from "../core/pair-row.ts";
import { type ContentPage, contentView, type PairContentView, type PairSideView } from "../status/content-view.ts";
import type { Store } from "../store/store.ts";
import { placeOf, textOfPlace } from "./content-place.ts";

/** Reads content for those who may. Rejects with the store's error. */
export interface ContentDesk {
  /** What was asked and answered on both sides of a pair. */
  readonly ofPair: (pair: PairRow) => Promise<PairContentView>;
  /** Served calls of the baseline with an answer, a page of at most `limit`, from `after` on; null where that is no place. */
  readonly page: (migration: string, after: string, limit: number) => Promise<ContentPage | null>;
}

/** What a desk works with. */
export interface ContentDeskParts {
  readonly store: Pick<Store, "contentAfter" | "contentOfCalls">;
  /** How long content is kept, ms. */
  readonly keepMs: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A desk over what the store keeps; what is over is shown to nobody, whether or not the disk has it yet. */
export const createContentDesk = ({ store, keepMs, now }: ContentDeskParts): ContentDesk => ({
  ofPair: async (pair) => {
    const { migration, trace_id, span_id, other_trace_id, other_span_id } = pair;
    const sinceMs = now() - keepMs;
    const calls = [
      { traceId: trace_id, spanId: span_id },
      { traceId: other_trace_id, spanId: other_span_id },
    ];
    const rows = await store.contentOfCalls({ migration, calls, sinceMs });
    const sideOf = (trace: string, span: string): PairSideView => {
      const row = rows.find((each) => each.trace_id === trace && each.span_id === span);
      if (row !== undefined) return { state: "there", ...contentView(row) };
      return { state: pair.received_ms <= sinceMs ? "expired" : "absent" };
    };
    return {
      ...{ schema: "leeway.pair-content/1", pair: pair.id, migration },
      ...{ servedModel: pair.served_model, secondModel: pair.other_model },
      ...{ served: sideOf(trace_id, span_id), second: sideOf(other_trace_id, other_span_id) },
    };
  },
  page: async (migration, after, limit) => {
    const place = placeOf(after);
    if (place === null) return null;
    const sinceMs = now() - keepMs;
    const rows = await store.contentAfter({ migration, cohort: "baseline", after: place, sinceMs, limit });
    const last = rows.at(-1);
    return {
      ...{ schema: "leeway.content/1", migration, calls: rows.map(contentView) },
      next: last === undefined || rows.length < limit ? null : textOfPlace(last),
    };
  },
});
