import { raisesNothing, sameAudience } from "../core/audience.ts";
import type { TakenUp } from "../core/ledger.ts";
import type { Migration, Rule } from "../core/migration.ts";
import { isSameContent } from "../core/same-content.ts";
import { BEFORE_FIRST } from "./approvals.ts";
import { exposureText } from "./exposure-text.ts";
import { exposureOfStage, judgedAudience } from "./stages.ts";
import { type MigrationState, stageAudience, stageShare } from "./state.ts";

/** A revision that can be taken up, or why not and what to do instead. */
export type TakeUp = { readonly revision: TakenUp } | { readonly problem: string };

const content = ({ id: _, ...rule }: Rule): unknown => rule;

/** Why the revision is another migration and not the same one with other limits; null when it is the same. */
const refuseParts = (before: Migration, after: Migration): string | null => {
  if (!isSameContent(before.route, after.route))
    return "the flag that routes a migration cannot change under way; put route back as it was, or roll back and declare a new migration under another name";
  if (!isSameContent(before.baseline, after.baseline) || !isSameContent(before.candidate, after.candidate))
    return "another baseline or candidate is another migration; put them back as they were, or roll back and declare a new migration under another name";
  return null;
};

/** What is judged differently: any rule, the calls that belong to the migration, or the segments they are compared in. */
const restarts = (before: Migration, after: Migration): boolean =>
  !isSameContent(before.match, after.match) ||
  !isSameContent(before.segments, after.segments) ||
  !isSameContent(before.segmentOptions, after.segmentOptions) ||
  !isSameContent(before.rules.map(content), after.rules.map(content));

/** What a stage is, whatever its time and approval. */
const isSameStage = (a: Migration["stages"][number], b: Migration["stages"][number]): boolean =>
  isSameContent({ ...a, forMs: 0, approval: false }, { ...b, forMs: 0, approval: false });

interface Mapped {
  /** Index in the new plan. */
  readonly stage: number;
  /** True where it is the stage it was, whose time goes on. */
  readonly isSame: boolean;
}

/**
 * Where a migration stands in the new plan: at the same stage, the nearest one where there are several; else at the last one before
 * the plan goes above what is served. Null where the whole plan is above it.
 */
const mapStage = (before: Migration, after: Migration, stage: number): Mapped | null => {
  if (stage <= BEFORE_FIRST) return { stage: BEFORE_FIRST, isSame: true };
  const isDone = stage >= before.stages.length;
  const index = Math.min(stage, before.stages.length - 1);
  const current = before.stages[index];
  const equal = after.stages.flatMap((each, i) => (current !== undefined && isSameStage(each, current) ? [i] : []));
  const [nearest] = equal.sort((a, b) => Math.abs(a - index) - Math.abs(b - index));
  const served = stageShare(before, stage);
  if (nearest !== undefined) {
    // What was added behind the last stage is still to come.
    const isLast = nearest === after.stages.length - 1;
    return { stage: isDone && isLast ? after.stages.length : nearest, isSame: !isDone || isLast };
  }
  const now = { share: served, audience: stageAudience(before, stage) };
  const above = after.stages.findIndex((each) => !raisesNothing(now, exposureOfStage(each)));
  const last = above === -1 ? after.stages.length - 1 : above - 1;
  return last < 0 ? null : { stage: last, isSame: false };
};

/**
 * Works out what it means to go on by `after` instead of `before` where the migration stands. Exposure never rises by it: a plan
 * that has no stage at or below what is served is refused. Pure.
 */
export const takeUp = (before: Migration, after: Migration, { stage, rollback }: MigrationState): TakeUp => {
  const problem = refuseParts(before, after);
  if (problem !== null) return { problem };
  const served = stageShare(before, stage);
  const mapped = mapStage(before, after, stage);
  if (mapped === null) {
    const text = exposureText({ share: served, audience: stageAudience(before, stage) });
    return {
      problem: `its first stage serves more than the ${text} of now, and a revision raises nothing; add a stage of at most ${text} before it`,
    };
  }
  return {
    revision: {
      hash: after.hash,
      stage: mapped.stage,
      share: rollback === null ? stageShare(after, mapped.stage) : 0,
      before: rollback?.shareBefore ?? served,
      keepsTime: mapped.isSame,
      restarts:
        restarts(before, after) ||
        !sameAudience(judgedAudience(before.stages, stage), judgedAudience(after.stages, mapped.stage)),
    },
  };
};
