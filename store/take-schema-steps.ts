import type { Database } from "./database.ts";
import { quoteName } from "./quote.ts";
import { MINUTES_VIEW } from "./schema/llm-1m.ts";
import { onCluster, type Placement, tableName } from "./schema/placement.ts";
import { createSteps, SCHEMA_STEPS, STEPS } from "./schema/steps.ts";

/** A user that may not create databases can still work in one that is there. */
const createDatabase = async (placement: Placement, database: Database): Promise<void> => {
  const name = placement.database;
  const found = await database.query("SELECT 1 FROM system.databases WHERE name = {name:String}", { name });
  if (found.length === 0)
    await database.command(`CREATE DATABASE IF NOT EXISTS ${quoteName(name)}${onCluster(placement)}`);
};

/** The UUID of the rollup's view; null where there is no view yet, or where databases give out UUIDs by themselves. */
const readViewUuid = async ({ database: name }: Placement, database: Database): Promise<string | null> => {
  const [found] = await database.query<{ id: string }>(
    `SELECT toString(uuid) AS id FROM system.tables WHERE database = {name:String} AND name = {view:String}
     AND (SELECT any(engine) FROM system.databases WHERE name = {name:String}) = 'Atomic'`,
    { name, view: MINUTES_VIEW },
  );
  return found?.id ?? null;
};

/**
 * Brings a database to the newest schema: creates it and takes the steps it has not taken. Safe for several agents at
 * once, and after a step that was cut short, because every statement is one that may be repeated.
 */
export const takeSchemaSteps = async (placement: Placement, database: Database): Promise<void> => {
  await createDatabase(placement, database);
  await database.command(createSteps(placement));
  const steps = tableName(placement, STEPS);
  const taken = new Set((await database.query<{ id: number }>(`SELECT id FROM ${steps}`)).map(({ id }) => id));
  const missing = SCHEMA_STEPS.filter(({ id }) => !taken.has(id));
  const viewUuid = missing.length === 0 ? null : await readViewUuid(placement, database);
  for (const step of missing) {
    for (const sql of step.sql(placement, viewUuid)) await database.command(sql);
    await database.insert({
      table: steps,
      columns: ["id", "name"],
      lines: `${JSON.stringify([step.id, step.name])}\n`,
      rows: 1,
      token: `schema-step:${step.id}`,
    });
  }
};
