import { membersOf, unreachable } from "../core/exhaustive.ts";
import type { Migration, Severity } from "../core/migration.ts";
import { type Decision, type Judgement, SHADOW_RULE, type Verdict } from "../core/verdict.ts";
import { needsApproval, waitsForChecks } from "./approvals.ts";
import { breachReason } from "./breach-reason.ts";
import { closedUntil } from "./calendar.ts";
import { gateHolds } from "./gate.ts";
import { pageDue } from "./page-due.ts";
import { failedLines, type PreflightCheck } from "./preflight.ts";
import { isDrilling, type MigrationState } from "./state.ts";

const excess = (verdict: Verdict): number => verdict.evidence.logE - verdict.evidence.threshold;

/** What a breach calls for: what rests on one user or conversation alone is one draw, and is no reason to roll back. */
const callsFor = ({ severity, evidence }: Verdict): Severity =>
  evidence.withoutHeaviest?.agrees === false ? "pause" : severity;

/** Whether rules of a severity act only once, the gravest severity first: of several breaches the first is acted on. */
const ONLY_ONCE: Readonly<Record<Severity, boolean>> = { rollback: false, pause: true };
const GRAVEST_FIRST = membersOf(ONLY_ONCE);

const worstBreach = (judgement: Judgement, severity: Severity, { pausedFor }: MigrationState): Verdict | null =>
  judgement.verdicts
    .filter((verdict) => verdict.outcome === "breach" && callsFor(verdict) === severity)
    .filter(({ rule }) => !ONLY_ONCE[severity] || !pausedFor.includes(rule))
    .reduce<Verdict | null>((worst, next) => (worst === null || excess(next) > excess(worst) ? next : worst), null);

/** What a breach calls for now; null where that was done already. */
const onBreach = (verdict: Verdict, { isPaused }: MigrationState): Decision | null => {
  const severity = callsFor(verdict);
  const { rule } = verdict;
  switch (severity) {
    case "rollback":
      return { kind: "rollback", rule, reason: breachReason(verdict) };
    case "pause":
      return isPaused ? null : { kind: "pause", rule, reason: breachReason(verdict) };
    default:
      return unreachable(severity);
  }
};

/**
 * Answers of a shadow that are proven to be worse stop it: nobody met them, and more of them cost money. Once a life: whoever
 * resumes has seen them.
 */
const shadowBreach = (migration: Migration, state: MigrationState, { stage, shadow }: Judgement): Decision | null =>
  shadow?.outcome !== "breach" ||
  stage !== state.stage ||
  migration.stages[stage]?.kind !== "shadow" ||
  state.isPaused ||
  state.pausedFor.includes(SHADOW_RULE)
    ? null
    : { kind: "pause", rule: SHADOW_RULE, reason: `answers of the shadow: ${shadow.reason}` };

const mayAdvance = (
  migration: Migration,
  state: MigrationState,
  judgement: Judgement,
  now: number,
  checks: readonly PreflightCheck[] | null,
): boolean => {
  const stage = migration.stages[state.stage];
  return (
    stage !== undefined &&
    !state.isPaused &&
    !needsApproval(migration, state) &&
    judgement.stage === state.stage &&
    now - state.stageSince >= stage.forMs &&
    (judgement.doubts ?? []).length === 0 &&
    gateHolds(migration, state, judgement).length === 0 &&
    closedUntil(migration.not ?? [], now) === null &&
    checks !== null &&
    failedLines(checks).length === 0
  );
};

/** The first stage was kept by its checks, and nothing keeps it any more. */
const mayBegin = (
  migration: Migration,
  state: MigrationState,
  now: number,
  checks: readonly PreflightCheck[] | null,
): boolean =>
  waitsForChecks(migration, state) &&
  !state.isPaused &&
  closedUntil(migration.not ?? [], now) === null &&
  checks !== null &&
  failedLines(checks).length === 0;

const whyAdvance = ({ stages }: Migration, { stage }: MigrationState, { shadow }: Judgement): string => {
  const current = stages[stage];
  if (current?.kind === "baseline") return "time is up and the baseline is known";
  if (current?.kind === "shadow") return `time is up and the shadow's answers are clear: ${shadow?.reason ?? ""}`;
  return current?.gate === undefined
    ? "time is up and every rule is clear"
    : `time is up and the rules of its gate are clear (${current.gate.join(", ")})`;
};

/**
 * What is to be done now. Harm comes first and waits for nothing: no minimum time, approval or pause stands before a
 * rollback. Undecided never advances. `now` is epoch ms; `checks` is the pre-flight, which stands before an advance alone:
 * null = nobody looked yet, and then it waits. Default: nothing is checked, as where the past is judged again. After a rollback nothing is decided until a person re-arms.
 */
export const decide = (
  migration: Migration,
  state: MigrationState,
  judgement: Judgement,
  now: number,
  checks: readonly PreflightCheck[] | null = [],
): Decision => {
  if (state.hash === null || state.rollback !== null) return { kind: "continue" };
  for (const severity of GRAVEST_FIRST) {
    const worst = worstBreach(judgement, severity, state);
    const decision = worst === null ? null : onBreach(worst, state);
    if (decision !== null) return decision;
  }
  const stopped = shadowBreach(migration, state, judgement);
  if (stopped !== null) return stopped;
  // What a drill does to the traffic is no news, and no reason to go on; for harm alone it is no shelter.
  if (isDrilling(state, now)) return { kind: "continue" };
  const page = pageDue(migration, state, judgement, now, checks);
  if (page !== null) return { kind: "page", ...page };
  if (mayBegin(migration, state, now, checks))
    return { kind: "advance", toStage: 0, reason: "what kept its first stage is in order" };
  if (mayAdvance(migration, state, judgement, now, checks)) {
    return { kind: "advance", toStage: state.stage + 1, reason: whyAdvance(migration, state, judgement) };
  }
  return { kind: "continue" };
};
