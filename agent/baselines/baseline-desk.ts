import type { BaselineStratum } from "../../core/baseline-row.ts";
import { type BaselinePage, baselineView } from "../../status/baseline-view.ts";
import type { Store } from "../../store/store.ts";
import { placeOf, textOfPlace } from "../content-place.ts";

/** Reads kept examples for those who may. Rejects with the store's error. */
export interface BaselineDesk {
  readonly strata: (migration: string) => Promise<readonly BaselineStratum[]>;
  /** At most `limit` of them from `after` on; null where that is no place. */
  readonly page: (
    about: { readonly migration: string; readonly segment: string },
    after: string,
    limit: number,
  ) => Promise<BaselinePage | null>;
}

/** What a desk works with. */
export interface BaselineDeskParts {
  readonly store: Pick<Store, "baselinesAfter" | "baselineStrata">;
  /** How long examples are kept, ms. */
  readonly keepMs: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A desk over what the store keeps; what is over is shown to nobody, whether or not the disk has it yet. */
export const createBaselineDesk = ({ store, keepMs, now }: BaselineDeskParts): BaselineDesk => ({
  strata: (migration) => store.baselineStrata(migration, now() - keepMs),
  page: async ({ migration, segment }, after, limit) => {
    const place = placeOf(after);
    if (place === null) return null;
    const rows = await store.baselinesAfter({ migration, after: place, sinceMs: now() - keepMs, limit });
    const last = rows.at(-1);
    return {
      ...{ schema: "leeway.baseline-page/1", migration, segment, examples: rows.map(baselineView) },
      next: last === undefined || rows.length < limit ? null : textOfPlace(last),
    };
  },
});
