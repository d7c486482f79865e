import type { Arm } from "./cohort.ts";
import type { ShapeReport } from "./finding.ts";
import type { Severity } from "./migration.ts";

/** Why a rule has no answer. Shown to people; blocks promotion; never a breach by itself. */
export type UndecidedReason =
  /** no call carried the signal */
  | "no-data"
  /** fewer calls or events than the rule needs to be judged at all */
  | "too-few"
  /** the baseline has not yet enough calls to place its quantile */
  | "baseline-warming-up"
  /** enough calls, and neither breach nor clear is proven */
  | "not-proven"
  /** both arms are beyond the limit: not the candidate's fault alone */
  | "baseline-ill-too"
  /** the canary's share of conversations or users is not the one that was configured */
  | "sample-ratio-mismatch"
  /** the newest calls come in late, or not at all */
  | "ingest-lag"
  | "clock-stepped"
  | "sender-clocks"
  /** calls were made whose spans never arrived */
  | "incomplete-spans"
  /** another model, or another build of it, answers behind the same name: that arm's history began anew */
  | "response-model-changed"
  /** judging the rule failed: a bug */
  | "detector-failed";

/** Reasons that speak about a migration's data as a whole, not about one rule. */
export type DoubtReason = Extract<
  UndecidedReason,
  | "sample-ratio-mismatch"
  | "ingest-lag"
  | "clock-stepped"
  | "sender-clocks"
  | "incomplete-spans"
  | "response-model-changed"
  | "detector-failed"
>;

/** Why the data of a migration are not good enough to promote on, whatever its rules say. Never a breach. */
export interface Doubt {
  readonly reason: DoubtReason;
  /** What was seen, with its numbers: one line. */
  readonly detail: string;
  /** End of the tick that first showed it, epoch ms. */
  readonly since: number;
}

/** The numbers behind a verdict: enough to re-derive it by hand. Logs are natural. */
export interface Evidence {
  /** Which formula of docs/statistics.md decided: `one-sample`, `two-arm-betting`, `tail-share`, … */
  readonly method: string;
  /** The worst segment; "" = overall. */
  readonly segment: string;
  /** Log e-value per segment; `logE` is made of them: half on "" (all calls), half on the mean of the others. */
  readonly parts: readonly { readonly segment: string; readonly logE: number }[];
  /** Log e-value against "the rule is respected"; breach at `threshold` or above. */
  readonly logE: number;
  readonly threshold: number;
  /** Log e-value against "the rule is violated", on this stage's calls; clear at `passThreshold` or above. */
  readonly logEPass: number;
  readonly passThreshold: number;
  /** Calls judged since the stage began. */
  readonly n: Readonly<Record<Arm, number>>;
  /** Events among them, for rates; null otherwise. */
  readonly events: Readonly<Record<Arm, number>> | null;
  /** Observed rate, mean or quantile since the stage began; null = unknown. */
  readonly value: Readonly<Record<Arm, number | null>>;
  /** Time-uniform 99% interval of the canary's value since the stage began; null where the method has none. */
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  /** The limit on the canary's scale at this moment; null while the reference is unknown. */
  readonly limit: number | null;
  /** Canary share of the judged calls, 0-1. */
  readonly share: number;
  /** Every call counts as 1 / this many: calls of one conversation or user resemble one another. 1 = independent. */
  readonly designEffect: number;
  /** What was seen, in words, where numbers do not say it: the strongest finding. */
  readonly seen?: string;
}

interface VerdictBase {
  readonly rule: string;
  readonly severity: Severity;
  readonly evidence: Evidence;
}

/** A rule's answer. Undecided is never clear. */
export type Verdict =
  | (VerdictBase & { readonly outcome: "breach" })
  | (VerdictBase & { readonly outcome: "clear" })
  | (VerdictBase & {
      readonly outcome: "undecided";
      readonly why: UndecidedReason;
      /** What failed, for `detector-failed`; one line. */
      readonly detail?: string;
    });

/** All verdicts of one migration at the end of one tick. */
export interface Judgement {
  readonly migration: string;
  /** End of the tick, epoch ms. */
  readonly at: number;
  readonly stage: number;
  readonly verdicts: readonly Verdict[];
  /** What keeps every rule from being clear, the weightiest first; missing in judgements that were stored before. */
  readonly doubts?: readonly Doubt[];
  /** What the output differs in; only of a migration with the rule `output_shape`. */
  readonly shape?: ShapeReport;
}

/** What is to be done: data, written to the ledger before it is carried out. */
export type Decision =
  | { readonly kind: "continue" }
  | { readonly kind: "pause"; readonly rule: string; readonly reason: string }
  | { readonly kind: "advance"; readonly toStage: number; readonly reason: string }
  | { readonly kind: "rollback"; readonly rule: string; readonly reason: string }
  /** `topic`: people are paged once for it; the reason itself where there is none. */
  | { readonly kind: "page"; readonly reason: string; readonly topic?: string };
