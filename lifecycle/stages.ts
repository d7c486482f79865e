import { unreachable } from "../core/exhaustive.ts";
import type { Stage } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";

/** Share of the calls that the candidate answers during a stage, 0-1. */
export const shareOfStage = (stage: Stage): number => {
  switch (stage.kind) {
    case "canary":
      return stage.share;
    default:
      return unreachable(stage.kind);
  }
};

/** A stage in words: `canary 5%`. */
export const stageText = (stage: Stage): string => {
  switch (stage.kind) {
    case "canary":
      return `canary ${exactPercent(stage.share)}`;
    default:
      return unreachable(stage.kind);
  }
};
