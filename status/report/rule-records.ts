import type { Migration } from "../../core/migration.ts";
import { valueUnit } from "../../core/value-unit.ts";
import type { Judgement, Verdict } from "../../core/verdict.ts";
import { judgedFrom } from "../../lifecycle/state.ts";
import { describeRule } from "../describe-rule.ts";
import type { EvidencePoint, RuleRecord } from "./report.ts";
import type { Step } from "./walk.ts";

/** More points than these say nothing more in a plot of a few hundred pixels. */
const MOST_POINTS = 240;

interface OpenRecord {
  changes: number;
  outcome: Verdict["outcome"] | null;
  readonly first: Record<Verdict["outcome"], number | null>;
  last: Verdict;
  readonly points: EvidencePoint[];
}

/** When evidence began anew, by time, and from when on all of it is by the document in force: epoch ms. */
const beginnings = (steps: readonly Step[]): { readonly runs: readonly number[]; readonly revisedAt: number } => {
  const runs = new Set(steps.flatMap(({ after }) => (after.hash === null ? [] : [judgedFrom(after)])));
  const revised = steps.findLast(
    ({ entry: { event } }) => event.type === "command" && event.revision?.restarts === true,
  );
  return { runs: [...runs].toSorted((a, b) => a - b), revisedAt: revised?.entry.at ?? Number.NEGATIVE_INFINITY };
};

const pointOf = (verdict: Verdict, at: number, life: number, runs: readonly number[]): EvidencePoint => {
  const { logE, threshold, value, interval, limit } = verdict.evidence;
  const run = Math.max(1, runs.filter((since) => since < at).length);
  return { at, life, run, outcome: verdict.outcome, logE, threshold, value: value.canary, interval, limit };
};

/** Of each stretch of points the one with the most evidence, and the last of all. */
const thinned = (points: readonly EvidencePoint[]): readonly EvidencePoint[] => {
  if (points.length <= MOST_POINTS) return points;
  const each = points.length / MOST_POINTS;
  const kept = Array.from({ length: MOST_POINTS }, (_, i) =>
    points
      .slice(Math.floor(i * each), Math.floor((i + 1) * each))
      .reduce<EvidencePoint | null>((most, next) => (most === null || next.logE > most.logE ? next : most), null),
  );
  const last = points.at(-1);
  const all = kept.flatMap((point) => (point === null ? [] : [point]));
  return last === undefined || all.at(-1) === last ? all : [...all, last];
};

const newRecord = (last: Verdict): OpenRecord => ({
  ...{ changes: 0, outcome: null, last, points: [] },
  first: { breach: null, clear: null, undecided: null },
});

/** A judgement that was made again from stored ticks, with the life it belongs to: what lies between the ledger's verdicts. */
export interface TracedJudgement {
  readonly judgement: Judgement;
  readonly life: number;
}

/** What each rule said over time, from the ledger and, where they are given, judgements made again. */
export const ruleRecordsOf = (
  migration: Migration,
  steps: readonly Step[],
  traced: readonly TracedJudgement[],
  newest: Judgement | null,
): readonly RuleRecord[] => {
  const records = new Map<string, OpenRecord>();
  const { runs, revisedAt } = beginnings(steps);
  const see = (verdict: Verdict, at: number, life: number): void => {
    const record = records.get(verdict.rule) ?? newRecord(verdict);
    records.set(verdict.rule, record);
    record.points.push(pointOf(verdict, at, life, runs));
  };
  const change = (verdict: Verdict, at: number): void => {
    const record = records.get(verdict.rule);
    if (record === undefined) return;
    if (record.outcome !== null && record.outcome !== verdict.outcome) record.changes += 1;
    record.outcome = verdict.outcome;
    record.first[verdict.outcome] ??= at;
    record.last = verdict;
  };
  const both = (verdict: Verdict, at: number, life: number): void => {
    see(verdict, at, life);
    change(verdict, at);
  };
  for (const { entry, life } of steps) {
    const { event, at } = entry;
    if (event.type === "verdict") both(event.verdict, at, life);
    if (event.type === "decision") for (const verdict of event.judgement?.verdicts ?? []) both(verdict, at, life);
  }
  // They are made with the document in force: what was judged before it by other limits is on record alone.
  for (const { judgement, life } of traced.filter((each) => each.judgement.at > revisedAt))
    for (const verdict of judgement.verdicts) see(verdict, judgement.at, life);
  const lastLife = steps.at(-1)?.life ?? 0;
  for (const verdict of newest?.verdicts ?? []) both(verdict, newest?.at ?? 0, lastLife);
  const rules = new Map(migration.rules.map((rule) => [rule.id, rule]));
  const order = [...rules.keys()];
  const place = (id: string): number => (rules.has(id) ? order.indexOf(id) : order.length);
  return [...records]
    .map(([rule, { changes, first, last, points }]): RuleRecord => {
      const declared = rules.get(rule);
      return {
        rule,
        title: declared === undefined ? rule : describeRule(declared),
        unit: last.evidence.unit ?? (declared === undefined ? "" : valueUnit(declared)),
        severity: last.severity,
        changes,
        first,
        last,
        points: thinned(points.toSorted((a, b) => a.at - b.at)),
      };
    })
    .sort((a, b) => place(a.rule) - place(b.rule) || (a.rule < b.rule ? -1 : 1));
};
