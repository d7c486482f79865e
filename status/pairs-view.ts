import type { Migration } from "../core/migration.ts";
import type { PairReport } from "../detectors/pairs/pair-report.ts";

/** What is known of a migration's shadow, as the API gives it. Times are epoch ms. */
export interface PairsView extends PairReport {
  readonly schema: "leeway.pairs/1";
  readonly migration: string;
  readonly baseline: string;
  readonly candidate: string;
  /** True while it stands at a shadow stage. */
  readonly isShadowed: boolean;
  readonly at: number;
}

/** The view of a report at `at`. */
export const pairsView = (
  { name, baseline, candidate }: Pick<Migration, "name" | "baseline" | "candidate">,
  report: PairReport,
  { isShadowed, at }: Pick<PairsView, "isShadowed" | "at">,
): PairsView => ({
  ...{ schema: "leeway.pairs/1", migration: name, baseline: baseline.model, candidate: candidate.model },
  ...{ isShadowed, at },
  ...report,
});
