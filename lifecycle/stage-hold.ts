import { unreachable } from "../core/exhaustive.ts";
import type { Migration } from "../core/migration.ts";
import { UNDECIDED_REASONS } from "../core/undecided-reasons.ts";
import type { Judgement, UndecidedReason, Verdict } from "../core/verdict.ts";
import type { MigrationState } from "./state.ts";

/** Why a stage goes on although its time is up. */
export interface StageHold {
  /** One line: what keeps it, and by which rules, the gravest first. */
  readonly reason: string;
  readonly blocks: readonly StageBlock[];
}

/** What keeps one rule from letting a stage end. */
export type StageBlock = UndecidedReason | "breach";

const blockOf = (verdict: Verdict): readonly StageBlock[] => {
  switch (verdict.outcome) {
    case "clear":
      return [];
    case "breach":
      return ["breach"];
    case "undecided":
      return [verdict.why];
    default:
      return unreachable(verdict);
  }
};

/** True where more calls are all that is missing. */
export const needsOnlyCalls = (block: StageBlock): boolean => block !== "breach" && UNDECIDED_REASONS[block].passes;

const describe = (block: StageBlock, rules: readonly string[]): string => {
  const what = block === "breach" ? "the limit is broken" : UNDECIDED_REASONS[block].meaning;
  return `${what} (${rules.join(", ")})`;
};

/** What keeps the stage at hand from ending; null while it has time, when nothing does, and under a pause. */
export const stageHold = (
  migration: Migration,
  { stage, stageSince, isPaused }: MigrationState,
  judgement: Judgement,
  now: number,
): StageHold | null => {
  const current = migration.stages[stage];
  if (current === undefined || isPaused || judgement.stage !== stage || now - stageSince < current.forMs) return null;
  const blocked = judgement.verdicts.flatMap((verdict) =>
    blockOf(verdict).map((block) => ({ block, rule: verdict.rule })),
  );
  if (blocked.length === 0) return null;
  const why = [...Map.groupBy(blocked, ({ block }) => block)]
    .sort(([a], [b]) => Number(needsOnlyCalls(a)) - Number(needsOnlyCalls(b)))
    .map(([block, rules]) =>
      describe(
        block,
        rules.map(({ rule }) => rule),
      ),
    );
  return {
    reason: `the time of stage ${stage + 1} of ${migration.stages.length} is up and it does not end: ${why.join("; ")}`,
    blocks: [...new Set(blocked.map(({ block }) => block))],
  };
};
