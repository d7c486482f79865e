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
  /** no baseline call beside the canary's: by plan, or because they stopped */
  | "no-baseline"
  /** calls were made whose spans never arrived */
  | "incomplete-spans"
  /** calls of the service fit neither arm, and nobody judges them */
  | "calls-of-no-arm"
  /** a signal of the rules is known of much of one arm's calls and of little of the other's */
  | "missing-values"
  /** calls of an arm come from another model or prompt than the document names for it */
  | "other-configuration"
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
  | "no-baseline"
  | "incomplete-spans"
  | "calls-of-no-arm"
  | "missing-values"
  | "other-configuration"
  | "response-model-changed"
  | "detector-failed"
>;

/** Why the data of a migration are not good enough to promote on, whatever its rules say. Never a breach. */
export interface Doubt {
  readonly reason: DoubtReason;
  /** What was seen, with its numbers: one line. */
  readonly detail: string;
  /** What it is about, where the detail has numbers that change: people are told again when this is another. */
  readonly about?: string;
  /** End of the tick that first showed it, epoch ms. */
  readonly since: number;
}

/**
 * The stretch of calls that speaks loudest against the limit, up to now: what a breach is about, where healthy hours
 * before it dilute the figures of the stage. Chosen because it looks worst, so its value is if anything too bad.
 */
export interface Onset {
  /** Begin of the tick it starts with, epoch ms. */
  readonly since: number;
  /** Calls of the stretch. */
  readonly n: Readonly<Record<Arm, number>>;
  /** Events among them, for rates; null otherwise. */
  readonly events: Readonly<Record<Arm, number>> | null;
  /** Rate, mean or quantile of the stretch; null = unknown. */
  readonly value: Readonly<Record<Arm, number | null>>;
  /** The limit on the canary's scale, going by the baseline's calls of the stretch; null = unknown. */
  readonly limit: number | null;
}

/** What an undecided rule still takes, going by the calls so far. */
export interface Needs {
  /** What it would then be: where the reference is placed first, neither. */
  readonly towards: "breach" | "clear" | "reference";
  /** Whose calls are counted. */
  readonly arm: Arm;
  /** Calls that are known. */
  readonly seen: number;
  /** Calls it takes in all; null = the evidence grows neither way, so no number can be given. */
  readonly calls: number | null;
  /** True where `calls` is worked out from how the evidence grew so far; a count that is fixed beforehand otherwise. */
  readonly isEstimate: boolean;
  /** How many of that arm's calls come in an hour, since counting began; null before there is a rate. */
  readonly perHour: number | null;
}

/** The numbers behind a verdict: enough to re-derive it by hand. Logs are natural. */
export interface Evidence {
  /** Which formula of docs/statistics.md decided: `one-sample`, `two-arm-betting`, `tail-share`, … */
  readonly method: string;
  /** The segment the figures are of; "" = all calls. Of a breach the worst one, of an undecided rule what holds it. */
  readonly segment: string;
  /** Of a rule that looks into segments: how many there are, and how many of them are clear. Missing otherwise. */
  readonly segments?: { readonly all: number; readonly clear: number };
  /** Unit of `value`, `interval` and `limit`: `share`, `ms`, `tokens`, `USD`, …; "" = none. Missing in earlier versions. */
  readonly unit?: string;
  /**
   * Log e-value per segment; `logE` is made of them: half on "" (all calls), half on the others, each with its `weight`
   * of that half, 0-1 (missing in evidence that was stored before: all alike).
   */
  readonly parts: readonly { readonly segment: string; readonly logE: number; readonly weight?: number }[];
  /** Log e-value against "the rule is respected"; breach at `threshold` or above. 0 before anything was weighed. */
  readonly logE: number;
  readonly threshold: number;
  /** Log e-value against "the rule is violated", on this stage's calls and a part of what earlier stages proved; clear at `passThreshold` or above. */
  readonly logEPass: number;
  readonly passThreshold: number;
  /** Begin of the first tick and end of the last one that `n` counts, epoch ms; missing in earlier versions. */
  readonly since?: number;
  readonly until?: number;
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
  /** True where the whole interval lies beyond the limit as it stands, which by itself is no breach. */
  readonly beyond?: true;
  /** Since when it looks like a breach; missing where nothing speaks against the limit, or the method does not tell. */
  readonly onset?: Onset;
  /** Canary share of the judged calls, 0-1. */
  readonly share: number;
  /** Every call counts as 1 / this many: calls of one conversation or user resemble one another. 1 = independent. */
  readonly designEffect: number;
  /** What was seen, in words, where numbers do not say it: the strongest finding. */
  readonly seen?: string;
  /** Of a breach of calls much of which one user or conversation makes or breaks; missing otherwise. */
  readonly withoutHeaviest?: WithoutHeaviest;
}

/** A user or conversation that makes or breaks much of an arm's calls of late. */
export interface HeavyCluster {
  readonly arm: Arm;
  /** `user` or `conversation` and the first digits of a hash. */
  readonly cluster: string;
  /** Its part of the arm's calls, 0-1. */
  readonly calls: number;
  /** Its part of the arm's bad events, 0-1; null where the signal has none. */
  readonly events: number | null;
}

/** A breach judged once more without the heaviest user or conversation of each arm. */
export interface WithoutHeaviest {
  readonly removed: readonly HeavyCluster[];
  /** False: the breach rests on them alone. */
  readonly agrees: boolean;
  /** Log e-value of the calls without them, since one of them became heavy. */
  readonly logE: number;
  /** Those calls, of the stage. */
  readonly n: Readonly<Record<Arm, number>>;
  readonly value: Readonly<Record<Arm, number | null>>;
  readonly limit: number | null;
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
      /** What failed, for `detector-failed`, or what the doubt rests on; one line. */
      readonly detail?: string;
      /** What it takes yet; missing in verdicts of earlier versions. */
      readonly needs?: Needs;
    });

/** What a pause by the answers of a shadow stands under, where a rule's id would stand. */
export const SHADOW_RULE = "shadow";

/** What the answers that were thrown away say of a candidate in shadow. Whoever measures them gives it; nobody else does. */
export interface ShadowEvidence {
  readonly outcome: "clear" | "undecided" | "breach";
  /** What it rests on, or what it takes yet: one line. */
  readonly reason: string;
}

/** All verdicts of one migration at the end of one tick. */
export interface Judgement {
  readonly migration: string;
  /** End of the tick, epoch ms. */
  readonly at: number;
  readonly stage: number;
  readonly verdicts: readonly Verdict[];
  /** Calls of both arms since the stage began; missing in judgements that were stored before. */
  readonly calls?: Readonly<Record<Arm, number>>;
  /** What is known of a candidate in shadow; missing while nothing measures it. */
  readonly shadow?: ShadowEvidence;
  /** What keeps every rule from being clear, the weightiest first; missing in judgements that were stored before. */
  readonly doubts?: readonly Doubt[];
  /** What is not known of the calls and would be good to know; keeps nothing from being clear. One line each. */
  readonly notes?: readonly string[];
  /** What the output differs in; only of a migration with the rule `output_shape`. */
  readonly shape?: ShapeReport;
}

/** What is to be done: data, written to the ledger before it is carried out. */
export type Decision =
  | { readonly kind: "continue" }
  | { readonly kind: "pause"; readonly rule: string; readonly reason: string }
  | { readonly kind: "advance"; readonly toStage: number; readonly reason: string }
  | { readonly kind: "rollback"; readonly rule: string; readonly reason: string }
  /**
   * `topic`: people are paged once for it; the reason itself where there is none. `over`: it is good news: what they were paged
   * for has ended, this alone or all that they are called for; left out = there is trouble.
   */
  | { readonly kind: "page"; readonly reason: string; readonly topic?: string; readonly over?: "this" | "all" };
