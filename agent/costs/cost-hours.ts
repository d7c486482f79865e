import type { MigrationState } from "../../lifecycle/state.ts";
import type { Store } from "../../store/store.ts";
import { storeWithin } from "../bounded-store.ts";
import { closedHours, hourOf } from "../closed-hours.ts";
import type { ExplainCost } from "../cost-of-stage.ts";
import { eachMigration } from "../each-migration.ts";
import type { MigrationRunner } from "../migration-runner.ts";
import type { Job } from "../monitors/open-monitors.ts";

/** What it works with. */
export interface CostHoursParts {
  readonly store: Pick<Store, "insertCostHour" | "newestCostHour">;
  readonly explain: ExplainCost;
  readonly runners: () => readonly Pick<MigrationRunner, "migration" | "history">[];
  readonly now: () => number;
}

/** Writes down, hour by hour, why the canary's calls cost what they do: what a dashboard reads, which knows no price list. */
export interface CostHours {
  /** The hours that closed since the last look, a few of each migration. Rejects with what failed; what is missing is done by the next look. */
  readonly look: () => Promise<void>;
}

const HOUR_MS = 3_600_000;
const PATIENCE_MS = 10_000;

/** The hours that are to be written, as their beginnings: those in which the migration ran, less what is there. */
const hoursDue = ({ since, rollback }: MigrationState, newest: number | null, now: number): readonly number[] => {
  const until = rollback === null ? Number.POSITIVE_INFINITY : hourOf(rollback.decidedAt) + HOUR_MS;
  return closedHours({ since, until }, newest, now);
};

/** The costs of all migrations, which has written nothing yet. */
export const createCostHours = ({ store, explain, runners, now }: CostHoursParts): CostHours => {
  /** By migration: the newest hour that is in the store; null = none. Unknown before the first look. */
  const written = new Map<string, number | null>();

  const one = async ({ migration, history }: ReturnType<CostHoursParts["runners"]>[number]): Promise<void> => {
    const state = history.state();
    const { name } = migration;
    if (!history.isKnown() || state.hash === null || hoursDue(state, written.get(name) ?? null, now()).length === 0)
      return;
    // Another agent may have been here.
    written.set(name, await storeWithin(PATIENCE_MS, store.newestCostHour(name)));
    for (const hour of hoursDue(state, written.get(name) ?? null, now())) {
      const difference = await explain(migration, { from: Math.max(hour, state.since), to: hour + HOUR_MS });
      await storeWithin(PATIENCE_MS, store.insertCostHour({ migration: name, hour, difference }));
      written.set(name, hour);
    }
  };

  return { look: () => eachMigration(runners(), one) };
};

/** It as a job of the schedule. */
export const costHoursJob = ({ look }: CostHours): Job => ({
  name: "writing down what calls cost",
  cron: "50 */5 * * * *",
  work: look,
});
