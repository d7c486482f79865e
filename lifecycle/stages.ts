import { type Audience, type Exposure, ofAudience } from "../core/audience.ts";
import { unreachable } from "../core/exhaustive.ts";
import type { Stage } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";

/** 1 less the holdback, without the last digits of a subtraction: 0.99 of 1%. */
const allBut = (holdback: number): number => Math.round((1 - holdback) * 1e9) / 1e9;

/** Share of the calls that the candidate answers during a stage, 0-1. */
export const shareOfStage = (stage: Stage): number => {
  switch (stage.kind) {
    case "canary":
      return stage.share;
    case "baseline":
    case "shadow":
      return 0;
    case "observe":
      return allBut(stage.holdback);
    default:
      return unreachable(stage);
  }
};

/** Whom a stage's share is for; null = everybody. */
export const audienceOfStage = (stage: Stage | undefined): Audience | null =>
  stage?.kind === "canary" ? (stage.audience ?? null) : null;

/** What a stage serves, and to whom. */
export const exposureOfStage = (stage: Stage): Exposure => ({
  share: shareOfStage(stage),
  audience: audienceOfStage(stage),
});

/**
 * Whose calls are judged in the stage of this index; null = everybody's. Where the candidate answers nobody yet, it is whom it will
 * answer first: of them the baseline is learned.
 */
export const judgedAudience = (stages: readonly Stage[], index: number): Audience | null => {
  const stage = stages[Math.min(Math.max(index, 0), stages.length - 1)];
  return stage === undefined || shareOfStage(stage) > 0
    ? audienceOfStage(stage)
    : audienceOfStage(stages.find((each) => shareOfStage(each) > 0));
};

/** A stage in words: `canary 5%`, `canary 5% of tier internal`. */
export const stageText = (stage: Stage): string => {
  switch (stage.kind) {
    case "canary":
      return `canary ${exactPercent(stage.share)}${ofAudience(stage.audience)}`;
    case "baseline":
      return "baseline only";
    case "shadow":
      return `shadow ${exactPercent(stage.mirrored)}`;
    case "observe":
      return `observe at ${exactPercent(shareOfStage(stage))}`;
    default:
      return unreachable(stage);
  }
};

/** Share of the first stage in which the candidate answers anybody, 0-1; 0 where none does. */
export const firstCanaryShare = (stages: readonly Stage[]): number =>
  stages.map(shareOfStage).find((share) => share > 0) ?? 0;
