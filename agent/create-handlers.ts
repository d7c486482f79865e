import type { ServedFlag } from "../alerts/flags/ofrep.ts";
import type { Collector } from "../collector/create-collector.ts";
import type { ConnectionStats } from "../core/collector-stats.ts";
import { messageOf } from "../core/errors.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import { explain } from "../status/explanation.ts";
import { renderMetrics } from "../status/metrics.ts";
import { statusView } from "../status/status-of-agent.ts";
import type { Store } from "../store/store.ts";
import type { AgentParts } from "./agent-parts.ts";
import { problemsOf, STORE_SILENT } from "./agent-problems.ts";
import type { StatusStore } from "./bounded-store.ts";
import type { RouteHandlers } from "./http/create-routes.ts";
import type { MigrationRunner } from "./migration-runner.ts";
import { monitorView, type OpenMonitor } from "./monitors/open-monitors.ts";
import type { Precedence } from "./precedence.ts";

/** What the answers are made from. */
export interface HandlerParts {
  readonly store: Pick<Store, "engine">;
  /** The store, waited for no longer than a person would. */
  readonly seen: StatusStore;
  readonly runners: readonly MigrationRunner[];
  readonly monitors: readonly OpenMonitor[];
  readonly collector: Pick<Collector, "stats">;
  /** Lets a command go before ingest. */
  readonly first: Precedence["first"];
  /** The flags that are served; null before the first round is over. */
  readonly served: () => ReadonlyMap<string, ServedFlag> | null;
  /** Null before the agent listens. */
  readonly connections: () => ConnectionStats | null;
  /** By how much the clock was set not long ago, ms; 0 = not at all. */
  readonly clockStepMs: () => number;
  /** What is wrong beside migrations, monitors, engine and store, a line each. */
  readonly problems: () => readonly string[];
}

/** What the agent answers over HTTP. */
export const createHandlers = (
  { now, startedAt, version, log }: Pick<AgentParts, "now" | "version" | "log"> & { readonly startedAt: number },
  { store, seen, runners, monitors, collector, ...parts }: HandlerParts,
): RouteHandlers => {
  const byName = new Map(runners.map((runner) => [runner.migration.name, runner]));
  const snapshots = (): readonly MigrationSnapshot[] => runners.map(({ snapshot }) => snapshot());
  const monitorViews = () => monitors.map(monitorView);
  return {
    status: () =>
      statusView(
        { now: now(), startedAt, version },
        {
          store: seen,
          migrations: snapshots(),
          collector,
          monitors: monitorViews,
          engine: store.engine,
          problems: () => problemsOf(seen, store.engine(), runners, monitors, parts.problems()),
        },
      ),
    explain: (name) => {
      const runner = byName.get(name);
      return runner === undefined ? null : explain(runner.snapshot());
    },
    command: async (name, request) =>
      (await parts.first(async () => byName.get(name)?.command(request))) ?? {
        outcome: "unknown",
        problem: `no migration ${name} is declared`,
      },
    flags: parts.served,
    monitors: monitorViews,
    metrics: () => {
      const connections = parts.connections();
      return renderMetrics(collector.stats(), snapshots(), monitorViews(), {
        clockStepMs: parts.clockStepMs(),
        engine: store.engine(),
        ...(connections === null ? {} : { connections }),
      });
    },
    notReady: async () => [
      ...((await seen.ping()) ? [] : [STORE_SILENT]),
      ...(parts.served() === null ? ["the first round is not over"] : []),
    ],
    failed: (error) => log.error("an answer failed", { problem: messageOf(error) }),
  };
};
