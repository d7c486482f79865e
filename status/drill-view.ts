import type { DrillDrain, DrillOutcome } from "../core/ledger.ts";
import { drillDrainText, drillOutcomeText } from "../lifecycle/drill-text.ts";
import { type Drill, type DrillSteps, decisionToProofMs, drillSteps, newestDrill } from "../lifecycle/drills.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";

/** The newest drill of a migration. Times are epoch ms, shares 0-1; null = not yet, or never. */
export interface DrillView {
  readonly drill: string;
  readonly by: string;
  readonly reason: string;
  readonly startedAt: number;
  /** The rule whose breach was made up; empty where no rule rolls back. */
  readonly rule: string;
  /** What the flag served before. */
  readonly share: number;
  /** Null while it runs. */
  readonly outcome: DrillOutcome | null;
  /** How it ended, in a few words. */
  readonly outcomeText: string;
  /** Why, one line; empty where there is nothing to be said. */
  readonly why: string;
  readonly drain: DrillDrain | null;
  /** Why the drain is not proven; empty where it is, and before. */
  readonly drainText: string;
  /** What each step took, seconds. */
  readonly seconds: Readonly<Record<keyof DrillSteps, number | null>>;
  readonly decisionToProofSeconds: number | null;
  /** Channels that are to tell of it, and those that have; null before. */
  readonly channels: readonly string[] | null;
  readonly delivered: readonly string[];
  readonly endedAt: number | null;
  readonly restoredAt: number | null;
  readonly restoredShare: number | null;
  /** True once nothing of it is left to be done. */
  readonly isOver: boolean;
}

const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

const secondsOf = (steps: DrillSteps): DrillView["seconds"] => ({
  decision: inSeconds(steps.decision),
  flip: inSeconds(steps.flip),
  readBack: inSeconds(steps.readBack),
  people: inSeconds(steps.people),
  drain: inSeconds(steps.drain),
  restore: inSeconds(steps.restore),
});

const viewOf = (drill: Drill, isOver: boolean): DrillView => {
  const { by, reason, startedAt, rule, share, outcome, why, drain, channels, delivered } = drill;
  const { endedAt, restoredAt, restoredShare } = drill;
  return {
    ...{ drill: drill.drill, by, reason, startedAt, rule, share, outcome, why, drain, channels, delivered },
    ...{ endedAt, restoredAt, restoredShare, isOver },
    outcomeText: drillOutcomeText(drill),
    drainText: drillDrainText(drill),
    seconds: secondsOf(drillSteps(drill)),
    decisionToProofSeconds: inSeconds(decisionToProofMs(drill)),
  };
};

/** The newest drill; null where there was none. */
export const drillView = ({ entries, state }: Pick<MigrationSnapshot, "entries" | "state">): DrillView | null => {
  const drill = newestDrill(entries);
  return drill === null ? null : viewOf(drill, drill.outcome !== null && state.drill?.drill !== drill.drill);
};
