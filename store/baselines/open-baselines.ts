import type { Database } from "../database.ts";
import { BASELINES, createBaselines, keepBaselinesFor } from "../schema/baselines.ts";
import { contentPlacement } from "../schema/content.ts";
import type { Placement } from "../schema/placement.ts";

/** See Store.keepBaselines. */
export const keepBaselines = async (database: Database, placement: Placement, keepMs: number): Promise<void> => {
  const found = await database.query(
    "SELECT 1 FROM system.tables WHERE database = {database:String} AND name = {name:String}",
    { database: contentPlacement(placement).database, name: BASELINES },
  );
  await database.command(found.length > 0 ? keepBaselinesFor(placement, keepMs) : createBaselines(placement, keepMs));
};
