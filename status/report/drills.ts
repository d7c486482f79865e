import { drillDrainText, drillOutcomeText } from "../../lifecycle/drill-text.ts";
import { type Drill, drillSteps, drillsOf } from "../../lifecycle/drills.ts";
import type { DrillRecord } from "./report.ts";
import type { Step } from "./walk.ts";

const recordOf = (drill: Drill): DrillRecord => {
  const { startedAt, by, reason, share, outcome, why, restoredShare } = drill;
  const texts = [drillOutcomeText(drill), drillDrainText(drill), why].filter((text) => text !== "");
  return { startedAt, by, reason, share, outcome, text: texts.join("; "), ms: drillSteps(drill), restoredShare };
};

/** Every drill, oldest first. */
export const drillRecordsOf = (steps: readonly Step[]): readonly DrillRecord[] =>
  drillsOf(steps.map(({ entry }) => entry)).map(recordOf);
