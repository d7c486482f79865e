import type { Arm } from "../core/cohort.ts";
import type { UntakenSpans } from "../core/collector-stats.ts";
import type { ShapeReport } from "../core/finding.ts";
import type { Standing } from "../core/standing.ts";
import type { Doubt, Verdict } from "../core/verdict.ts";
import type { PreflightCheck } from "../lifecycle/preflight.ts";
import type { OpenCall } from "../lifecycle/state.ts";
import type { DrillView } from "./drill-view.ts";
import type { MonitorView } from "./monitor-view.ts";
import type { PairsView } from "./pairs-view.ts";

/** A verdict with what is needed to read it without the migration document. */
export interface VerdictView {
  readonly verdict: Verdict;
  /** The rule in words: `error rate at most 5%`. */
  readonly title: string;
  /** Unit of the values and the limit: `share`, `ms`, `tokens`, `USD`, `characters`, `label`. */
  readonly unit: string;
}

/** The open incident of a migration. Times are epoch ms. */
export interface IncidentView {
  readonly id: string;
  readonly openedAt: number;
  /** Why it was opened, one sentence. */
  readonly reason: string;
  readonly drain: "draining" | "proven" | "overdue";
  /** One sentence: last canary call, what is waited for, which instances still send. */
  readonly drainDetail: string;
}

/** One migration. Times are epoch ms, shares 0-1; null = unknown. */
export interface MigrationView {
  readonly name: string;
  readonly owner: string;
  /** Why it is made; missing where its document does not say. */
  readonly why?: string;
  readonly standing: Standing;
  /** The stage in words: `canary 5%`. */
  readonly stage: string;
  /** 0-based, and how many there are. */
  readonly stageIndex: number;
  readonly stageCount: number;
  readonly stageSince: number | null;
  readonly shareConfigured: number;
  /** Canary calls among baseline and canary calls of the last hour. */
  readonly shareObserved: number | null;
  /** Calls of the last hour; null while the store does not say. */
  readonly calls: Readonly<Record<Arm, number>> | null;
  /** End of the newest call of the last hour; null where there is none, or it is not known (`calls`). */
  readonly newestCall: number | null;
  /** End of the newest judged tick. */
  readonly lastTick: number | null;
  readonly incident: IncidentView | null;
  /** What people are called for and nobody has ended; null = nothing. Missing where an earlier version says nothing of it. */
  readonly call?: OpenCall | null;
  /** The newest drill, null = none yet. Missing where an earlier version says nothing of it. */
  readonly drill?: DrillView | null;
  readonly verdicts: readonly VerdictView[];
  /** What keeps every rule from being clear. */
  readonly doubts: readonly Doubt[];
  /** What is not known of the calls and would be good to know; missing where nothing is to be noted. */
  readonly notes?: readonly string[];
  /** Why the stage goes on although its time is up, one line; null while it has time. */
  readonly hold: string | null;
  /** What is looked at before the next advance, from shortly before its time on; missing before. */
  readonly preflight?: readonly PreflightCheck[];
  /** What the output differs in; missing without the rule `output_shape`, and before the first tick. */
  readonly shape?: ShapeReport;
  /** What the answers of its shadow differ in; missing outside a shadow stage. */
  readonly shadow?: PairsView;
}

/** One counter of the way from the app to the store. */
export interface PipelineView {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** True when a person should look: something was dropped, refused or waits too long. */
  readonly alarming: boolean;
}

/** One line of the decision ledger, in words. `at` is epoch ms. */
export interface LedgerLineView {
  readonly at: number;
  readonly migration: string;
  readonly by: string;
  readonly text: string;
}

/** What people are not told of for a while. Epoch ms. */
export interface SilenceView {
  readonly id: string;
  /** A pattern of names. */
  readonly subject: string;
  /** Types of notices; empty = all that can be silenced. */
  readonly types: readonly string[];
  readonly until: number;
  readonly by: string;
  readonly reason: string;
  /** How many notices it kept from people so far. */
  readonly muted: number;
}

/** Everything the status page shows, read at the moment `now` (epoch ms). Lists are shown in the order given. */
export interface StatusView {
  readonly now: number;
  readonly version: string;
  readonly startedAt: number;
  /** What keeps the agent from judging, one sentence each; empty when all is well. */
  readonly problems: readonly string[];
  readonly migrations: readonly MigrationView[];
  readonly monitors: readonly MonitorView[];
  /** What people are not told of for a while; missing where an earlier version says nothing of it. */
  readonly silences?: readonly SilenceView[];
  readonly pipeline: readonly PipelineView[];
  /** Spans about a model that are not taken for calls; missing where an earlier version says nothing of it. */
  readonly untaken?: readonly UntakenSpans[];
  /** Newest first. */
  readonly ledger: readonly LedgerLineView[];
}
