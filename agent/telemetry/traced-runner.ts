import type { MigrationRunner } from "../migration-runner.ts";
import type { Ending, Telemetry } from "./telemetry.ts";

interface Decided {
  readonly id: string;
  readonly kind: string;
}

/** Every decision of the ledger, as this agent knows it. */
const decisionsOf = ({ history }: MigrationRunner): readonly Decided[] =>
  history.entries().flatMap(({ id, event }) => (event.type === "decision" ? [{ id, kind: event.decision.kind }] : []));

/** The runner, whose rounds are told about: ticks judged, what was decided, and what keeps it from its work. */
export const tracedRunner = (runner: MigrationRunner, telemetry: Telemetry): MigrationRunner => {
  const round = (): Promise<void> => {
    const before = new Set(decisionsOf(runner).map(({ id }) => id));
    const judgedBefore = runner.detector.judged();
    const endingOf = (): Ending => {
      const problem = runner.problem();
      const made = decisionsOf(runner).filter(({ id }) => !before.has(id));
      const decision = made.map(({ kind }) => kind).join(",") || "continue";
      const facts = { ticks: runner.detector.judged() - judgedBefore, decision };
      return { outcome: problem === "" ? "done" : "failed", problem, facts };
    };
    return telemetry.within({ name: "round", labels: { migration: runner.migration.name } }, runner.round, endingOf);
  };
  return { ...runner, round };
};
