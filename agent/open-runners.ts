import type { RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import type { Notifier } from "../alerts/notifier.ts";
import { LeewayError } from "../core/errors.ts";
import type { Store } from "../store/store.ts";
import type { TimedParts } from "./agent-parts.ts";
import { recentStep } from "./clock/recent-step.ts";
import type { Config } from "./config/load-config.ts";
import { createMigrationRunner, documentProblem, type MigrationRunner } from "./migration-runner.ts";
import { tracedRunner } from "./telemetry/traced-runner.ts";

const checkHistories = (runners: readonly MigrationRunner[]): void => {
  for (const { migration, history } of runners) {
    if (!history.isKnown()) throw new LeewayError("store-unavailable", `${migration.name}: ${history.problem()}`);
    const changed = documentProblem(migration, history.state());
    if (changed !== "") throw new LeewayError("config-invalid", `${migration.name}: ${changed}`);
  }
};

/**
 * A runner for every migration of leeway.yaml, each with its history read. Rejects with LeewayError `store-unavailable` or, for a
 * document that changed under way, `config-invalid`.
 */
export const openRunners = async (
  config: Config,
  store: Store,
  flags: ReadonlyMap<string, RoutedFlag>,
  notifier: Notifier,
  {
    now,
    log,
    link,
    clock,
    ledger,
    telemetry,
  }: TimedParts & { readonly link: () => string; readonly ledger: LedgerWriter },
): Promise<readonly MigrationRunner[]> => {
  const { tick, settle, drainDeadline } = config.settings.agent;
  const settings = {
    tickMs: tick,
    settleMs: settle,
    drainDeadlineMs: drainDeadline,
    clockStep: () => recentStep(clock.step(), now())?.byMs ?? null,
    link,
  };
  const left = ledger.kept();
  const opened = config.migrations.flatMap((migration) => {
    const flag = flags.get(migration.name);
    return flag === undefined
      ? []
      : [createMigrationRunner(migration, settings, { store, flag, notifier, ledger, now, log })];
  });
  const runners = opened.map((runner) => tracedRunner(runner, telemetry));
  const known = await Promise.all(runners.map(({ history }) => history.refresh()));
  checkHistories(runners);
  notifier.restore([...known.flat(), ...left]);
  return runners;
};
