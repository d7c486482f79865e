import type { Migration } from "../core/migration.ts";
import { DEFAULT_SHADOW } from "../core/shadow.ts";
import type { PairReport } from "../detectors/pairs/pair-report.ts";
import type { ShadowSpend } from "../store/pairs/shadow-spend.ts";
import type { DaySpend } from "./spend-text.ts";

/** What is known of a migration's shadow, as the API gives it. Times are epoch ms. */
export interface PairsView extends PairReport {
  readonly schema: "leeway.pairs/1";
  readonly migration: string;
  readonly baseline: string;
  readonly candidate: string;
  /** True while it stands at a shadow stage. */
  readonly isShadowed: boolean;
  /** What its second calls took today; null while nothing is to be shadowed. */
  readonly spend: DaySpend | null;
  /** What they took since the migration began, as far as calls are kept (90 days); null = it is not known. */
  readonly spendInAll: ShadowSpend | null;
  readonly at: number;
}

/** What is known beside the pairs. */
export interface PairsMoment extends Pick<PairsView, "isShadowed" | "at" | "spendInAll"> {
  /** Null = not known. */
  readonly today: ShadowSpend | null;
}

/** The view of a report at `at`. */
export const pairsView = (
  { name, baseline, candidate, shadow = DEFAULT_SHADOW }: Pick<Migration, "name" | "baseline" | "candidate" | "shadow">,
  report: PairReport,
  { isShadowed, today, spendInAll, at }: PairsMoment,
): PairsView => ({
  ...{ schema: "leeway.pairs/1", migration: name, baseline: baseline.model, candidate: candidate.model },
  ...{ isShadowed, at, spendInAll, spend: isShadowed ? { today, budget: shadow.budget } : null },
  ...report,
});
