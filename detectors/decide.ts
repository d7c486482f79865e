import type { Migration } from "../core/migration.ts";
import type { Decision, Judgement, Verdict } from "../core/verdict.ts";
import type { MigrationState } from "./history.ts";
import { pageDue } from "./page-due.ts";
import { breachReason } from "./reason.ts";

const excess = (verdict: Verdict): number => verdict.evidence.logE - verdict.evidence.threshold;

const worstBreach = (
  judgement: Judgement,
  severity: Verdict["severity"],
  except: readonly string[] = [],
): Verdict | null =>
  judgement.verdicts
    .filter(
      (verdict) => verdict.outcome === "breach" && verdict.severity === severity && !except.includes(verdict.rule),
    )
    .reduce<Verdict | null>((worst, next) => (worst === null || excess(next) > excess(worst) ? next : worst), null);

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
  const harmful = worstBreach(judgement, "rollback");
  if (harmful !== null) return { kind: "rollback", rule: harmful.rule, reason: breachReason(harmful) };
  const doubtful = worstBreach(judgement, "pause", state.pausedFor);
  if (doubtful !== null && !state.isPaused)
    return { kind: "pause", rule: doubtful.rule, reason: breachReason(doubtful) };
  const page = pageDue(migration, state, judgement, now);
  if (page !== null) return { kind: "page", ...page };
  if (mayAdvance(migration, state, judgement, now)) {
    return { kind: "advance", toStage: state.stage + 1, reason: "time is up and every rule is clear" };
  }
  return { kind: "continue" };
};
