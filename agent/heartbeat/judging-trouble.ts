import { utcStamp } from "../../core/utc-text.ts";
import type { MigrationRunner } from "../migration-runner.ts";
import type { OpenMonitor } from "../monitors/open-monitors.ts";

/** What is looked at. */
export interface JudgingParts {
  readonly runners: () => readonly Pick<MigrationRunner, "migration" | "history" | "detector">[];
  readonly monitors: readonly { readonly runner: Pick<OpenMonitor["runner"], "monitor" | "problem"> }[];
  /** Whether the store answers; asked where there is no migration whose rounds would tell. */
  readonly ping: () => Promise<boolean>;
  /** How old the newest judged tick of a migration may be, ms. */
  readonly patienceMs: number;
  readonly now: () => number;
}

/** A round that hangs, or does not judge, leaves the newest judged tick where it is: no more has to be looked at. */
const ofMigration = (
  { migration: { name }, history, detector }: ReturnType<JudgingParts["runners"]>[number],
  { patienceMs, now }: JudgingParts,
): string => {
  if (history.problem() !== "") return `${name}: ${history.problem()}`;
  const last = detector.lastTick();
  if (last === null) return `${name}: nothing is judged yet`;
  return now() - last > patienceMs ? `${name}: judged up to ${utcStamp(last)}, and no further` : "";
};

/** Why the agent does not judge what it should; empty when every migration and monitor is judged. */
export const judgingTrouble = async (parts: JudgingParts): Promise<string> => {
  const { monitors, ping } = parts;
  const runners = parts.runners();
  const found = [
    ...runners.map((runner) => ofMigration(runner, parts)),
    ...monitors.map(({ runner }) =>
      runner.problem() === "" ? "" : `monitor ${runner.monitor.name}: ${runner.problem()}`,
    ),
  ].find((problem) => problem !== "");
  if (found !== undefined || runners.length > 0) return found ?? "";
  return (await ping()) ? "" : "the store does not answer";
};
