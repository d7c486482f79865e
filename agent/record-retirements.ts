import type { Migration, ModelConfiguration } from "../core/migration.ts";
import { retirementKey } from "../lifecycle/ledger-ids.ts";
import { type Retirement, retirementsDue } from "../lifecycle/retirement-due.ts";
import type { MigrationHistory } from "./migration-history.ts";
import type { FindLife } from "./models/find-life.ts";

/** When a model is retired, and who says so; null = unknown, or no day was announced. */
export const retirementOf = (
  find: FindLife,
  { model, provider }: Pick<ModelConfiguration, "model" | "provider">,
): Retirement | null => {
  const life = find(model, provider);
  if (life === null || life.retires === null) return null;
  return { retires: life.retires, source: life.source === "" ? life.table : life.source };
};

/** Puts on record, once for each mark, that a model of the migration is retired soon; people are told by that. */
export const recordRetirements = async (
  migration: Migration,
  history: Pick<MigrationHistory, "record" | "state">,
  find: FindLife,
  now: number,
): Promise<void> => {
  if (history.state().hash === null) return;
  const known = (model: string, provider: string | null) => retirementOf(find, { model, provider });
  for (const event of retirementsDue(migration, known, now)) await history.record(event, { id: retirementKey(event) });
};
