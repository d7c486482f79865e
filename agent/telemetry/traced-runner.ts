import type { LedgerEntry } from "../../core/ledger.ts";
import { entriesBeyond } from "../migration-history.ts";
import type { MigrationRunner } from "../migration-runner.ts";
import type { Ending, Telemetry } from "./telemetry.ts";

const decisionsIn = (entries: readonly LedgerEntry[]): readonly string[] =>
  entries.flatMap(({ event }) => (event.type === "decision" ? [event.decision.kind] : []));

/** The runner, whose rounds are told about: ticks judged, what was decided, and what keeps it from its work. */
export const tracedRunner = (runner: MigrationRunner, telemetry: Telemetry): MigrationRunner => {
  const round = (): Promise<void> => {
    const before = runner.history.entries();
    const judgedBefore = runner.detector.judged();
    const endingOf = (): Ending => {
      const problem = runner.problem();
      const decision = decisionsIn(entriesBeyond(before, runner.history.entries())).join(",") || "continue";
      const facts = { ticks: runner.detector.judged() - judgedBefore, decision };
      return { outcome: problem === "" ? "done" : "failed", problem, facts };
    };
    return telemetry.within({ name: "round", labels: { migration: runner.migration.name } }, runner.round, endingOf);
  };
  return {
    ...runner,
    // Another one after a revision.
    get migration() {
      return runner.migration;
    },
    round,
  };
};
