import type { EngineHealth } from "../store/embedded/engine-health.ts";
import type { StatusStore } from "./bounded-store.ts";
import { engineProblems } from "./engine-watch.ts";
import type { MigrationRunner } from "./migration-runner.ts";
import { monitorProblems, type OpenMonitor } from "./monitors/open-monitors.ts";

/** What is said of a store that does not answer. */
export const STORE_SILENT = "the store does not answer";

/** Everything that is wrong with the agent at this moment and needs a person, a line each; `others` first. */
export const problemsOf = async (
  store: StatusStore,
  engine: EngineHealth | null,
  runners: readonly MigrationRunner[],
  monitors: readonly OpenMonitor[],
  others: readonly string[],
): Promise<readonly string[]> => [
  ...others,
  ...monitorProblems(monitors),
  ...engineProblems(engine),
  ...(engine?.down || (await store.ping()) ? [] : [STORE_SILENT]),
  ...runners
    .filter((runner) => runner.problem() !== "")
    .map((runner) => `${runner.migration.name}: ${runner.problem()}`),
];
