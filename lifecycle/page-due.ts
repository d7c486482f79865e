import { membersOf, unreachable } from "../core/exhaustive.ts";
import type { Migration } from "../core/migration.ts";
import { UNDECIDED_REASONS } from "../core/undecided-reasons.ts";
import type { Doubt, DoubtReason, Judgement } from "../core/verdict.ts";
import { BEFORE_FIRST } from "./approvals.ts";
import { needsOnlyCalls, type StageBlock } from "./gate.ts";
import type { PreflightCheck } from "./preflight.ts";
import { gateHold } from "./stage-hold.ts";
import type { MigrationState } from "./state.ts";
import { stuckTopic } from "./stuck-topic.ts";

/** Something people have to look at, and what it is about: they are told once for each topic. */
export interface PageDue {
  readonly reason: string;
  readonly topic: string;
}

/** Whether people are told of a doubt at once, or when it is what keeps a stage from ending. */
const IS_TOLD_AT_ONCE: Readonly<Record<DoubtReason, boolean>> = {
  "detector-failed": true,
  "sample-ratio-mismatch": true,
  "response-model-changed": true,
  "other-configuration": true,
  "missing-values": true,
  "calls-of-no-arm": true,
  "clock-stepped": true,
  "no-baseline": true,
  "incomplete-spans": false,
  "sender-clocks": false,
  "ingest-lag": false,
};

/** What keeps a stage and has a page of its own. */
const TOLD_BY_THEMSELVES: readonly StageBlock[] = [
  ...membersOf(IS_TOLD_AT_ONCE).filter((reason) => IS_TOLD_AT_ONCE[reason]),
  "baseline-ill-too",
];

/** A stage that more calls will end is spoken about when it has taken this many times its time. */
const PATIENCE = 2;

/** How long the first stage may be kept from beginning before people are paged, ms. */
const ENTRY_PATIENCE_MS = 120_000;

const illBaseline = ({ verdicts }: Judgement): readonly PageDue[] =>
  verdicts
    .filter((verdict) => verdict.outcome === "undecided" && verdict.why === "baseline-ill-too")
    .slice(0, 1)
    .map(({ rule }) => {
      const reason = `${rule}: the baseline is beyond the limit too; a rollback would not help`;
      return { reason, topic: reason };
    });

const failedDetectors = ({ verdicts }: Judgement): readonly PageDue[] =>
  verdicts.flatMap((verdict) => {
    if (verdict.outcome !== "undecided" || verdict.why !== "detector-failed") return [];
    const { meaning, advice } = UNDECIDED_REASONS["detector-failed"];
    const reason = `${verdict.rule} is not judged any more: ${meaning} (${verdict.detail ?? "no detail"}); ${advice}`;
    return [{ reason, topic: `detector-failed:${verdict.rule}` }];
  });

/** In a stage that has no baseline by plan nobody compares any more, which people may not have meant. */
const noBaseline = (
  { verdicts, doubts: all = [] }: Judgement,
  { stage, stageSince }: MigrationState,
): readonly PageDue[] => {
  const rules = verdicts.filter((verdict) => verdict.outcome === "undecided" && verdict.why === "no-baseline");
  if (rules.length === 0 || all.length > 0) return [];
  const { meaning, advice } = UNDECIDED_REASONS["no-baseline"];
  const reason = `${meaning}: ${rules.map(({ rule }) => rule).join(", ")} cannot be judged in this stage, and it does not end by itself; ${advice}`;
  return [{ reason, topic: `no-baseline:${stage}:${stageSince}` }];
};

/** How often a doubt is news: what comes and goes once a stage, a clock once a time, a model once a change. */
const NEWS_ONCE_A: Readonly<Record<DoubtReason, "stage" | "time" | "change">> = {
  "detector-failed": "change",
  "sample-ratio-mismatch": "stage",
  "response-model-changed": "change",
  "other-configuration": "stage",
  "missing-values": "stage",
  "calls-of-no-arm": "stage",
  "clock-stepped": "time",
  "no-baseline": "stage",
  "incomplete-spans": "change",
  "sender-clocks": "change",
  "ingest-lag": "change",
};

const topicOf = ({ reason, detail, about = "", since }: Doubt, { stage, stageSince }: MigrationState): string => {
  const once = NEWS_ONCE_A[reason];
  switch (once) {
    case "stage":
      return `${reason}:${stage}:${stageSince}${about === "" ? "" : `:${about}`}`;
    case "time":
      return `${reason}:${since}`;
    case "change":
      return `${reason}:${detail}`;
    default:
      return unreachable(once);
  }
};

const doubts = ({ doubts: all = [] }: Judgement, state: MigrationState): readonly PageDue[] =>
  all
    .filter(({ reason }) => IS_TOLD_AT_ONCE[reason])
    .map((doubt) => {
      const { meaning, advice } = UNDECIDED_REASONS[doubt.reason];
      const reason = `${meaning}: ${doubt.detail}; nothing is promoted on such data: ${advice}`;
      return { reason, topic: topicOf(doubt, state) };
    });

/** The stage's time is up, and its rules do not let it end: once a stage the people on call learn why. */
const stuck = (
  migration: Migration,
  state: MigrationState,
  judgement: Judgement,
  now: number,
  checks: readonly PreflightCheck[] | null,
): readonly PageDue[] => {
  const hold = gateHold(migration, state, judgement, now, checks);
  if (hold === null) return [];
  // The flag system may be starting as well.
  if (state.stage === BEFORE_FIRST && now - state.stageSince < ENTRY_PATIENCE_MS) return [];
  const news = hold.blocks.filter((block) => !needsOnlyCalls(block));
  // What people were paged for by itself is no news.
  if (news.length > 0 && news.every((block) => TOLD_BY_THEMSELVES.includes(block))) return [];
  const patienceMs = (PATIENCE - 1) * (migration.stages[state.stage]?.forMs ?? 0);
  if (news.length === 0 && gateHold(migration, state, judgement, now - patienceMs) === null) return [];
  return [{ reason: hold.reason, topic: stuckTopic(state) }];
};

/** The first thing people have to be paged for now and were not yet; null for nothing. `now` is epoch ms. Pure. */
export const pageDue = (
  migration: Migration,
  state: MigrationState,
  judgement: Judgement,
  now: number,
  checks: readonly PreflightCheck[] | null = null,
): PageDue | null =>
  [
    ...illBaseline(judgement),
    ...failedDetectors(judgement),
    ...doubts(judgement, state),
    ...noBaseline(judgement, state),
    ...stuck(migration, state, judgement, now, checks),
  ].find(({ topic }) => !state.pagedFor.includes(topic)) ?? null;
