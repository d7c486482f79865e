import type { ContentRow } from "./content-row.ts";

/** One kept example of what the baseline was asked and answered. */
export interface BaselineRow extends ContentRow {
  /** What it was drawn as: its kind, and its value of the segment the sample is spread over; `refused/billing`, `ordinary`. */
  readonly stratum: string;
  /** So many calls it stands for, 1 and up: 1 over the chance with which it was kept. */
  readonly weight: number;
}

/** How many examples there are of a stratum. */
export interface BaselineStratum {
  readonly stratum: string;
  readonly kept: number;
  /** Calls that they stand for, by their weights. */
  readonly calls: number;
  /** When the newest of them came in, epoch ms. */
  readonly newest: number;
}
