import { membersOf, unreachable } from "../core/exhaustive.ts";
import type { Migration, Severity } from "../core/migration.ts";
import type { Decision, Judgement, Verdict } from "../core/verdict.ts";
import { breachReason } from "./breach-reason.ts";
import { pageDue } from "./page-due.ts";
import type { MigrationState } from "./state.ts";

const excess = (verdict: Verdict): number => verdict.evidence.logE - verdict.evidence.threshold;

/** Whether rules of a severity act only once, the gravest severity first: of several breaches the first is acted on. */
const ONLY_ONCE: Readonly<Record<Severity, boolean>> = { rollback: false, pause: true };
const GRAVEST_FIRST = membersOf(ONLY_ONCE);

const worstBreach = (judgement: Judgement, severity: Severity, { pausedFor }: MigrationState): Verdict | null =>
  judgement.verdicts
    .filter((verdict) => verdict.outcome === "breach" && verdict.severity === severity)
    .filter(({ rule }) => !ONLY_ONCE[severity] || !pausedFor.includes(rule))
    .reduce<Verdict | null>((worst, next) => (worst === null || excess(next) > excess(worst) ? next : worst), null);

/** What a breach of this severity calls for; null where that was done already. */
const onBreach = (verdict: Verdict, { isPaused }: MigrationState): Decision | null => {
  const { severity, rule } = verdict;
  switch (severity) {
    case "rollback":
      return { kind: "rollback", rule, reason: breachReason(verdict) };
    case "pause":
      return isPaused ? null : { kind: "pause", rule, reason: breachReason(verdict) };
    default:
      return unreachable(severity);
  }
};

const mayAdvance = (migration: Migration, state: MigrationState, judgement: Judgement, now: number): boolean => {
  const stage = migration.stages[state.stage];
  return (
    stage !== undefined &&
    !state.isPaused &&
    !stage.approval &&
    judgement.stage === state.stage &&
    now - state.stageSince >= stage.forMs &&
    (judgement.doubts ?? []).length === 0 &&
    judgement.verdicts.every((verdict) => verdict.outcome === "clear")
  );
};

/**
 * What is to be done now. Harm comes first and waits for nothing: no minimum time, approval or pause stands before a
 * rollback. Undecided never advances. `now` is epoch ms. After a rollback nothing is decided until a person re-arms.
 */
export const decide = (migration: Migration, state: MigrationState, judgement: Judgement, now: number): Decision => {
  if (state.hash === null || state.rollback !== null) return { kind: "continue" };
  for (const severity of GRAVEST_FIRST) {
    const worst = worstBreach(judgement, severity, state);
    const decision = worst === null ? null : onBreach(worst, state);
    if (decision !== null) return decision;
  }
  const page = pageDue(migration, state, judgement, now);
  if (page !== null) return { kind: "page", ...page };
  if (mayAdvance(migration, state, judgement, now)) {
    return { kind: "advance", toStage: state.stage + 1, reason: "time is up and every rule is clear" };
  }
  return { kind: "continue" };
};
