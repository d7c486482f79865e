import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { isItsDocument, type Migration, shortHash } from "../../core/migration.ts";
import type { Judgement } from "../../core/verdict.ts";
import { standingOf } from "../../lifecycle/standing.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import type { CostView } from "../cost-view.ts";
import { isKnownEvent } from "../describe-entry.ts";
import type { HandoffsView } from "../handoffs-view.ts";
import { costsOf } from "./costs.ts";
import { migrationOfLedger } from "./documents-of.ts";
import { drillRecordsOf } from "./drills.ts";
import { callsOf, incidentsOf } from "./incidents.ts";
import { noticeRecordsOf } from "./notice-records.ts";
import { openQuestions } from "./open-questions.ts";
import { peopleOf } from "./people.ts";
import { phasesOf } from "./phases.ts";
import { promotionsOf } from "./promotions.ts";
import type { DecisionRecord, FindingRecord, Report, RetirementRecord } from "./report.ts";
import { revisionsOf } from "./revisions.ts";
import { ruleRecordsOf, type TracedJudgement } from "./rule-records.ts";
import { type Step, walkLedger } from "./walk.ts";

/** Words on a migration before it began, each with the hash of the document that it was about. */
export interface DecisionsBefore {
  readonly records: readonly (Omit<DecisionRecord, "isOfStart"> & { readonly document: string })[];
  /** Why they could not be read, one line; empty where they could. */
  readonly problem: string;
}

/** What a report is made from. Times are epoch ms. */
export interface ReportSources {
  readonly name: string;
  /** Null = there is no document any more, and the plan is what the ledger tells of it. */
  readonly document: Migration | null;
  /** The whole ledger of the migration, oldest first. */
  readonly entries: readonly LedgerEntry[];
  /** The newest judgement of one under way. Default: the newest on record. */
  readonly judgement?: Judgement | null;
  /** Judgements made again from stored ticks, by time: what lies between those on record. Default: none. */
  readonly traced?: readonly TracedJudgement[];
  /** Why a call costs what it does now. Default: nobody asked. */
  readonly cost?: CostView | null;
  /** What a change of the arm did to conversations. Default: nobody asked. */
  readonly handoffs?: HandoffsView | null;
  /** What people decided before it began. Default: nobody looked. */
  readonly decisions?: DecisionsBefore | null;
  /** When it is made: told from outside, so that the same ledger gives the same report. */
  readonly at: number;
}

const eventsOf = <Type extends LedgerEvent["type"]>(steps: readonly Step[], type: Type) =>
  steps.flatMap(({ entry, life }) =>
    entry.event.type === type
      ? [{ ...entry, life, event: entry.event as Extract<LedgerEvent, { readonly type: Type }> }]
      : [],
  );

const findingsOf = (steps: readonly Step[]): readonly FindingRecord[] =>
  eventsOf(steps, "finding").map(({ at, life, event }) => ({
    at,
    life,
    text: event.text,
    segment: event.finding.segment,
  }));

const retirementsOf = (steps: readonly Step[]): readonly RetirementRecord[] =>
  eventsOf(steps, "retirement").map(({ at, event: { model, arms, retires, daysLeft, source } }) => ({
    ...{ at, model, arms, retires, daysLeft, source },
  }));

const decisionsOf = (
  { decisions = null, document }: ReportSources,
  startedWith: string | null,
): Report["decisions"] => {
  if (decisions === null || decisions.problem !== "") return null;
  // What an earlier version called it is the same document.
  const isAlso = (hash: string): boolean =>
    startedWith !== null && document !== null && [hash, startedWith].every((each) => isItsDocument(document, each));
  return decisions.records.map(({ document: of, ...record }) => ({
    ...record,
    isOfStart: startedWith === null ? null : of === startedWith || isAlso(of),
  }));
};

const remarksOf = (
  { document, at, decisions }: ReportSources,
  steps: readonly Step[],
  hash: string | null,
): readonly string[] => {
  const unknown = steps.filter(({ entry }) => !isKnownEvent(entry.event)).length;
  const newest = Math.max(0, ...steps.slice(-1).map(({ entry }) => entry.at));
  return [
    ...(document === null
      ? ["there is no document of this migration: limits, planned times and models are not known here"]
      : []),
    ...(document !== null && hash !== null && !isItsDocument(document, hash)
      ? [
          `the document at hand (${shortHash(document.hash, 12)}) is not the one in force (${shortHash(hash, 12)}): planned times and limits below are those of the document at hand`,
        ]
      : []),
    ...(decisions?.problem ? [`what was decided before it began is not known: ${decisions.problem}`] : []),
    ...(unknown > 0 ? [`${unknown} entries were written by a newer version of Leeway and are left out here`] : []),
    ...(newest > at
      ? ["the ledger has entries later than this report: a clock was set, and lengths of time may be wrong"]
      : []),
  ];
};

/** The newest judgement on record; null where none is. */
const judgementOnRecord = (entries: readonly LedgerEntry[]): Judgement | null => {
  const decided = entries.findLast(({ event }) => event.type === "decision" && event.judgement !== null);
  return decided?.event.type === "decision" ? decided.event.judgement : null;
};

/** The record of a migration, from its ledger. Also while it runs, before it started, and where the document is gone. */
export const makeReport = (sources: ReportSources): Report => {
  const { name, document, entries, at, traced = [] } = sources;
  const migration = document ?? migrationOfLedger(name, entries);
  const steps = walkLedger(migration, entries);
  const state = steps.at(-1)?.after ?? NOT_STARTED;
  const given = sources.judgement ?? traced.at(-1)?.judgement ?? null;
  const phases = phasesOf(migration, steps, at, given);
  const rules = ruleRecordsOf(migration, steps, traced, sources.judgement ?? null);
  const notices = noticeRecordsOf(entries);
  const retirements = retirementsOf(steps);
  return {
    schema: "leeway.report/1",
    name,
    at,
    document,
    standing: state.hash === null ? "not-started" : standingOf(migration, state, at),
    startedAt: phases[0]?.from ?? null,
    revisions: revisionsOf(steps, document),
    lives: steps.at(-1)?.life ?? 0,
    phases,
    incidents: incidentsOf(steps),
    calls: callsOf(steps),
    rules,
    findings: findingsOf(steps),
    promotions: promotionsOf(steps),
    costs: costsOf(migration, phases),
    cost: sources.cost ?? null,
    handoffs: sources.handoffs ?? null,
    decisions: decisionsOf(sources, state.startedWith),
    drills: drillRecordsOf(steps),
    retirements,
    people: peopleOf(steps),
    notices,
    open: openQuestions(
      { migration, state, now: at },
      { rules, notices, newest: given ?? judgementOnRecord(entries), retirements },
    ),
    remarks: remarksOf(sources, steps, state.hash),
    entries: entries.length,
  };
};
