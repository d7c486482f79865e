import type { BaselineRow, BaselineStratum } from "../core/baseline-row.ts";
import { type ContentView, contentView } from "./content-view.ts";

/** A kept example as the API gives it. */
export interface BaselineView extends ContentView {
  readonly stratum: string;
  readonly weight: number;
}

/** A page of kept examples. */
export interface BaselinePage {
  readonly schema: "leeway.baseline-page/1";
  readonly migration: string;
  /** Name of the segment that they are spread over; empty = none. */
  readonly segment: string;
  readonly examples: readonly BaselineView[];
  /** What `after` has to be for the next page; null = there is none yet. */
  readonly next: string | null;
}

/** How many examples are kept, without any of them. */
export interface BaselineCounts {
  readonly schema: "leeway.baseline-counts/1";
  readonly migration: string;
  /** Null where leeway.yaml asks for none. */
  readonly strata: readonly BaselineStratum[] | null;
}

/** The view of a row. */
export const baselineView = ({ stratum, weight, ...row }: BaselineRow): BaselineView => ({
  ...{ stratum, weight },
  ...contentView(row),
});
