import { LeewayError, messageOf } from "../../core/errors.ts";
import type { Database } from "../database.ts";
import { CONTENT, contentPlacement, createContent, createContentDatabase, keepContentFor } from "../schema/content.ts";
import type { Placement } from "../schema/placement.ts";

/** True where content has been kept once: its table is there. */
const isThere = async (database: Database, placement: Placement): Promise<boolean> => {
  const rows = await database.query(
    "SELECT 1 FROM system.tables WHERE database = {database:String} AND name = {name:String}",
    { database: contentPlacement(placement).database, name: CONTENT },
  );
  return rows.length > 0;
};

/** See Store.keepContent. */
export const keepContent = async (database: Database, placement: Placement, keepMs: number): Promise<void> => {
  if (await isThere(database, placement)) {
    await database.command(keepContentFor(placement, keepMs));
    return;
  }
  const own = contentPlacement(placement).database;
  const found = await database.query("SELECT 1 FROM system.databases WHERE name = {own:String}", { own });
  if (found.length === 0)
    await database.command(createContentDatabase(placement)).catch((error: unknown) => {
      throw new LeewayError(
        "store-query",
        `content.keep: the database ${own} cannot be created: ${messageOf(error)}; create it, or give the user of store.user the right to`,
        { cause: error },
      );
    });
  await database.command(createContent(placement, keepMs));
};
