import type { Stage } from "../../core/migration.ts";
import { audienceOfStage } from "../../lifecycle/stages.ts";

/** Part of the calls that each value of a stage's segment is taken for: the document does not say. */
export const ASSUMED_PART = 0.1;

/** Part of the calls that a stage is for, 0-1. */
export const partOfStage = (stage: Stage): number => {
  const audience = audienceOfStage(stage);
  return audience === null ? 1 : Math.min(1, audience.values.length * ASSUMED_PART);
};
