import type { LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { Standing } from "../../core/standing.ts";
import type { Judgement, Verdict } from "../../core/verdict.ts";
import { shareOfStage, stageText } from "../../lifecycle/stages.ts";
import { judgedFrom, type MigrationState } from "../../lifecycle/state.ts";
import { commandName } from "./people.ts";
import type { Phase, PhaseKind, PhaseTime } from "./report.ts";
import type { Step } from "./walk.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenPhase = Omit<Mutable<Phase>, "time"> & { time: Mutable<PhaseTime> };

const kindOf = ({ stages }: Migration, { rollback, stage }: MigrationState): PhaseKind => {
  if (rollback !== null) return "rolled-back";
  return stage < stages.length ? "stage" : "after-last-stage";
};

const nameOf = ({ stages }: Migration, kind: PhaseKind, index: number): string => {
  if (kind === "rolled-back") return "all calls on the baseline";
  const stage = stages[Math.min(index, stages.length - 1)];
  const text = stage === undefined ? "" : stageText(stage).replace("NaN%", "of unknown share");
  return kind === "stage" ? text : `after the last stage (${text})`;
};

const plannedOf = ({ stages }: Migration, kind: PhaseKind, stage: number): number | null => {
  const planned = kind === "stage" ? (stages[stage]?.forMs ?? null) : null;
  return planned !== null && Number.isFinite(planned) ? planned : null;
};

const opened = (migration: Migration, { entry, after, life }: Step): OpenPhase => {
  const kind = kindOf(migration, after);
  return {
    kind,
    life,
    stage: after.stage,
    name: nameOf(migration, kind, after.stage),
    plannedMs: plannedOf(migration, kind, after.stage),
    from: entry.at,
    to: null,
    time: { planned: 0, paused: 0, approval: 0, held: 0 },
    ended: "",
    verdicts: [],
  };
};

const isSamePhase = (migration: Migration, a: MigrationState, b: MigrationState): boolean =>
  a.hash !== null && a.since === b.since && a.stage === b.stage && kindOf(migration, a) === kindOf(migration, b);

/** What each rule was, by the newest verdict on record since judging began. */
type Outcomes = Map<string, Verdict["outcome"]>;

const take = (outcomes: Outcomes, { entry: { event }, before, after }: Step): void => {
  if (judgedFrom(before) !== judgedFrom(after)) outcomes.clear();
  if (event.type === "verdict") outcomes.set(event.verdict.rule, event.verdict.outcome);
  const verdicts = event.type === "decision" ? (event.judgement?.verdicts ?? []) : [];
  for (const { rule, outcome } of verdicts) outcomes.set(rule, outcome);
};

/** True where the rules that the stage waits for are clear; a stage without users waits for other things. */
const isClear = ({ stages, rules }: Migration, { stage }: MigrationState, outcomes: Outcomes): boolean => {
  const current = stages[stage];
  if (current === undefined || shareOfStage(current) <= 0) return true;
  return (current.gate ?? rules.map(({ id }) => id)).every((rule) => outcomes.get(rule) === "clear");
};

/** Gives the time from `from` to `to` to what it went to; `isWaiting`: a person's word was all that was missing. */
const spend = (phase: OpenPhase, state: MigrationState, isWaiting: boolean, from: number, to: number): void => {
  const { time, plannedMs, kind } = phase;
  if (to <= from) return;
  if (state.isPaused && kind !== "rolled-back") {
    time.paused += to - from;
    return;
  }
  const end = kind === "stage" && plannedMs !== null ? phase.from + plannedMs : Number.POSITIVE_INFINITY;
  const within = Math.max(0, Math.min(to, end) - from);
  time.planned += within;
  time[isWaiting ? "approval" : "held"] += to - from - within;
};

const howItEnded = ({ by, event }: LedgerEntry): string => {
  if (event.type === "decision" && "reason" in event.decision)
    return `${event.decision.kind} by ${by}: ${event.decision.reason}`;
  return event.type === "command" ? `${commandName(event)} by ${by}: ${event.reason}` : event.type;
};

const judgementIn = ({ event }: LedgerEntry): Judgement | null => (event.type === "decision" ? event.judgement : null);

const verdictsAtEnd = (entry: LedgerEntry): readonly Verdict[] => judgementIn(entry)?.verdicts ?? [];

/**
 * The stretches of a migration, planned against real, up to `at` (epoch ms). `newest` is the newest judgement, for the
 * one that goes on.
 */
export const phasesOf = (
  migration: Migration,
  steps: readonly Step[],
  at: number,
  newest: Judgement | null,
): readonly Phase[] => {
  const phases: OpenPhase[] = [];
  let standing: Standing | null = null;
  const outcomes: Outcomes = new Map();
  const isWaiting = (state: MigrationState): boolean =>
    standing === "waiting-for-approval" && isClear(migration, state, outcomes);
  let last = 0;
  for (const step of steps) {
    const { entry, before, after } = step;
    const open = phases.at(-1);
    const now = Math.max(last, entry.at);
    if (open !== undefined) spend(open, before, isWaiting(before), last, now);
    last = now;
    take(outcomes, step);
    if (entry.event.type === "standing") standing = entry.event.standing;
    if (after.hash === null || isSamePhase(migration, before, after)) continue;
    if (open !== undefined) Object.assign(open, { to: now, ended: howItEnded(entry), verdicts: verdictsAtEnd(entry) });
    phases.push({ ...opened(migration, step), from: now });
    standing = null;
  }
  const [open, state] = [phases.at(-1), steps.at(-1)?.after];
  if (open === undefined || state === undefined) return phases;
  spend(open, state, isWaiting(state), last, at);
  if (newest !== null && newest.stage === open.stage && newest.at >= open.from) open.verdicts = newest.verdicts;
  return phases;
};
