import type { Arm } from "../../core/cohort.ts";
import type { DocumentChange } from "../../core/document-change.ts";
import type { DrillOutcome } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { Standing } from "../../core/standing.ts";
import type { Verdict } from "../../core/verdict.ts";
import type { DrillSteps } from "../../lifecycle/drills.ts";
import type { CostView } from "../cost-view.ts";
import type { HandoffsView } from "../handoffs-view.ts";

/** What one stretch of a migration was for: a stage, the time after the last one, or all calls on the baseline. */
export type PhaseKind = "stage" | "after-last-stage" | "rolled-back";

/** What time in a phase went to, ms. They sum to the time it took. */
export interface PhaseTime {
  /** The time the document wants at least; after the last stage, and on the baseline, all of it. */
  readonly planned: number;
  readonly paused: number;
  /** A person's word was all that was missing. */
  readonly approval: number;
  /** The time was up, and rules or doubts kept the stage. */
  readonly held: number;
}

/** One stretch of a migration in one stage. Times are epoch ms. */
export interface Phase {
  readonly kind: PhaseKind;
  /** Counts from 1: the first life begins with the start, each other one with a re-arming. */
  readonly life: number;
  /** Index of the stage. */
  readonly stage: number;
  /** `canary 5%`. */
  readonly name: string;
  /** What the document wants at least, ms; null = nothing. */
  readonly plannedMs: number | null;
  readonly from: number;
  /** Null while it goes on. */
  readonly to: number | null;
  readonly time: PhaseTime;
  /** What ended it, and who; empty while it goes on. */
  readonly ended: string;
  /** The verdicts when it ended, or the newest; empty where no judgement is on record with its end. */
  readonly verdicts: readonly Verdict[];
}

/** One rollback, from its decision to its end. Times are epoch ms, null = not on record. */
export interface Incident {
  readonly id: string;
  readonly life: number;
  readonly decidedAt: number;
  readonly by: string;
  readonly reason: string;
  /** Share of the calls the candidate answered when it was decided, 0-1; null = unknown. */
  readonly shareBefore: number | null;
  /** The verdict it rests on; null for a person's. */
  readonly verdict: Verdict | null;
  /** Since when the harm is there, going by the evidence. */
  readonly harmSince: number | null;
  /** When the flag system took the write. */
  readonly flippedAt: number | null;
  /** When the flag, read back, served no canary. */
  readonly readBackAt: number | null;
  readonly drainedAt: number | null;
  /** How often the drain was overdue, and canary calls came back after a proof. */
  readonly overdue: readonly string[];
  readonly returned: readonly string[];
  readonly failedWrites: number;
  /** Fallbacks that were tried, `flag (target)`. */
  readonly fallbacks: readonly string[];
  /** When the first notice of it was delivered. */
  readonly toldAt: number | null;
  readonly acknowledged: string;
  /** Who re-armed it, when and why; null while nobody has. */
  readonly rearmed: { readonly at: number; readonly by: string; readonly reason: string } | null;
}

/** A pause or a page: what people were called for beside rollbacks. */
export interface Call {
  readonly at: number;
  readonly kind: "pause" | "page" | "over";
  readonly by: string;
  readonly reason: string;
  readonly verdict: Verdict | null;
}

/** What a rule's evidence was at one moment; logs are natural. */
export interface EvidencePoint {
  /** Epoch ms. */
  readonly at: number;
  readonly life: number;
  /** Counts from 1, over all lives: evidence begins anew with each, as after a revision of what is judged. */
  readonly run: number;
  readonly outcome: Verdict["outcome"];
  readonly logE: number;
  readonly threshold: number;
  readonly value: number | null;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  readonly limit: number | null;
}

/** One rule over the whole migration. */
export interface RuleRecord {
  readonly rule: string;
  /** In words, from the document; the id where there is none. */
  readonly title: string;
  readonly unit: string;
  readonly severity: Verdict["severity"];
  /** How often its verdict changed. */
  readonly changes: number;
  /** First moment of each outcome; null = never. Epoch ms. */
  readonly first: Readonly<Record<Verdict["outcome"], number | null>>;
  /** The newest verdict on record. */
  readonly last: Verdict;
  /** By time; thinned out where there are many. */
  readonly points: readonly EvidencePoint[];
}

/** Something the output differed in. */
export interface FindingRecord {
  readonly at: number;
  readonly life: number;
  readonly text: string;
  readonly segment: string;
}

/** A person's word. */
export interface PersonRecord {
  readonly at: number;
  readonly by: string;
  readonly what: string;
  readonly reason: string;
}

/** What became of a notice. */
export interface NoticeRecord {
  readonly at: number;
  readonly type: string;
  readonly title: string;
  /** Channel, and how it ended there: `delivered`, `failed: …`, `waiting`. */
  readonly channels: readonly { readonly channel: string; readonly outcome: string; readonly isTold: boolean }[];
}

/** A promotion, and what was known of each rule then and later. */
export interface PromotionRecord {
  readonly at: number;
  readonly toStage: number;
  readonly by: string;
  readonly reason: string;
  /** Rules that were not clear by then. */
  readonly unproven: readonly string[];
  /** Rules that were breached after it, in the same life. */
  readonly breachedLater: readonly {
    readonly rule: string;
    readonly at: number;
    readonly text: string;
    /** Index of the stage in which it was seen. */
    readonly stage: number;
  }[];
}

/** What the candidate's calls of one phase cost, US dollars; null = not measured. */
export interface CostRecord {
  readonly phase: string;
  readonly canaryCalls: number | null;
  readonly canaryUsd: number | null;
  /** More than the baseline would have cost for as many calls; negative = less. */
  readonly extraUsd: number | null;
}

/** A document that came into force. */
export interface RevisionRecord {
  readonly at: number;
  readonly by: string;
  readonly text: string;
  /** Why a person took it up; empty for the start and an upgrade. */
  readonly reason: string;
  /** In what it differs from the one before; null = what either said is not on record. */
  readonly differences: readonly DocumentChange[] | null;
}

/** A rollback that was tried out. */
export interface DrillRecord {
  readonly startedAt: number;
  readonly by: string;
  readonly reason: string;
  /** What the flag served, 0-1. */
  readonly share: number;
  /** Null while it runs, and where it was never ended. */
  readonly outcome: DrillOutcome | null;
  /** How it ended, and why not otherwise. */
  readonly text: string;
  /** How long each step took, ms; null = it was not taken. */
  readonly ms: DrillSteps;
  /** What the flag served after it, 0-1; null = not restored, or what somebody else set. */
  readonly restoredShare: number | null;
}

/** A model of the migration that is to end, as people were told. */
export interface RetirementRecord {
  readonly at: number;
  readonly model: string;
  readonly arms: readonly Arm[];
  /** The day, UTC. */
  readonly retires: string;
  /** 0 or less = it has come. */
  readonly daysLeft: number;
  readonly source: string;
}

/** A person's word on a migration before it began. */
export interface DecisionRecord {
  /** Epoch ms. */
  readonly at: number;
  readonly decision: "migrate" | "defer";
  readonly by: string;
  readonly reason: string;
  /** The day on which to look again, UTC; null for one that was decided for. */
  readonly revisit: string | null;
  /** What `leeway decide` said at that moment. */
  readonly advice: "migrate" | "defer" | "undecided";
  /** True where it was of the document that the migration was started with; null = it was not started, or no hash is on record. */
  readonly isOfStart: boolean | null;
}

/** The record of a migration: what `leeway report` writes. Pure: the same ledger gives the same report. */
export interface Report {
  readonly schema: "leeway.report/1";
  readonly name: string;
  /** When it was made, epoch ms, as it was told. */
  readonly at: number;
  /** The document; null where there is none, and the plan is what the ledger tells of it. */
  readonly document: Migration | null;
  readonly standing: Standing | "not-started";
  readonly startedAt: number | null;
  /** Documents in the order in which they came into force. */
  readonly revisions: readonly RevisionRecord[];
  readonly lives: number;
  readonly phases: readonly Phase[];
  readonly incidents: readonly Incident[];
  readonly calls: readonly Call[];
  readonly rules: readonly RuleRecord[];
  readonly findings: readonly FindingRecord[];
  readonly promotions: readonly PromotionRecord[];
  readonly costs: readonly CostRecord[];
  /** Why a call costs what it does in the stage it stands at; null = nobody asked. */
  readonly cost: CostView | null;
  /** What a change of the arm did to conversations in that stage; null = nobody asked. */
  readonly handoffs: HandoffsView | null;
  /** Words on it before it began, oldest first; null = nobody looked for them. */
  readonly decisions: readonly DecisionRecord[] | null;
  readonly drills: readonly DrillRecord[];
  readonly retirements: readonly RetirementRecord[];
  readonly people: readonly PersonRecord[];
  readonly notices: readonly NoticeRecord[];
  readonly open: readonly string[];
  /** Where the record is not whole, or its times cannot be believed. */
  readonly remarks: readonly string[];
  readonly entries: number;
}
