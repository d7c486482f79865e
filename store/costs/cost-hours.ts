import type { Arm } from "../../core/cohort.ts";
import type { CostDifference } from "../../core/cost-difference.ts";
import type { CostHour } from "../../core/cost-hour.ts";
import type { Database } from "../database.ts";
import { COST_HOUR_COLUMNS, COST_HOURS } from "../schema/cost-hours.ts";

type Cells = readonly (string | number | null)[];

/** What every row of an hour says: both arms' cost a call, calls and calls left out. */
const arms = (difference: CostDifference): Cells => {
  const of = (arm: Arm) => difference.counts[arm];
  const usd = (arm: Arm): number | null => (difference.outcome === "explained" ? difference.costUsd[arm] : null);
  const leftOut = (arm: Arm): number => of(arm).withoutUsage + of(arm).withoutPrice;
  return [
    ...[usd("baseline"), usd("canary"), of("baseline").priced, of("canary").priced],
    ...[leftOut("baseline"), leftOut("canary")],
  ];
};

const rowsOf = (difference: CostDifference): readonly Cells[] =>
  difference.outcome === "unknown"
    ? [["", 0, null, null, ...arms(difference), difference.why]]
    : difference.parts.map(({ factor, usd, figures }) => [
        ...[factor, usd, figures.baseline, figures.canary],
        ...[...arms(difference), ""],
      ]);

/** See Store.insertCostHour. */
export const insertCostHour = async (database: Database, { migration, hour, difference }: CostHour): Promise<void> => {
  const rows = rowsOf(difference).map((cells) => JSON.stringify([migration, Math.floor(hour / 1000), ...cells]));
  await database.insert({
    table: COST_HOURS,
    columns: COST_HOUR_COLUMNS,
    lines: `${rows.join("\n")}\n`,
    rows: rows.length,
    token: `cost-hour:${migration}:${hour}`,
  });
};

/** See Store.newestCostHour. */
export const newestCostHour = async (database: Database, migration: string): Promise<number | null> => {
  const [found] = await database.query<{ readonly newest: number; readonly n: number }>(
    `SELECT toFloat64(toUnixTimestamp(max(hour))) * 1000 AS newest, toFloat64(count()) AS n FROM ${COST_HOURS}
     WHERE migration = {migration:String}`,
    { migration },
  );
  return found === undefined || found.n === 0 ? null : found.newest;
};
