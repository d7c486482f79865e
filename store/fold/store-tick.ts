import { LeewayError } from "../../core/errors.ts";
import type { Tick } from "../../core/sample.ts";
import type { Database } from "../database.ts";
import { momentText } from "../epoch-sql.ts";
import { SAMPLES } from "../schema/samples.ts";
import type { Cell } from "./cell.ts";
import { readTick } from "./read-ticks.ts";

const COLUMNS = [
  "migration",
  "tick_from",
  "tick_to",
  "stage",
  "share",
  "slot",
  "cohort",
  "segment",
  "signal",
  "n",
  "sum",
  "bins",
];

/** What all rows of a tick have in common. */
type TickHead = Pick<Tick, "migration" | "from" | "to" | "stage" | "share">;

const encode = ({ migration, from, to, stage, share }: TickHead, cell: Cell): string =>
  JSON.stringify([
    migration,
    momentText(from),
    momentText(to),
    stage,
    share,
    cell.slot / 1000,
    cell.cohort,
    cell.segment,
    cell.signal,
    cell.n,
    cell.sum,
    cell.bins,
  ]);

/**
 * Stores a tick's cells and returns what is stored: all rows go into one block under a token named after the tick, so
 * that of two agents that fold it one wins, and both read its rows.
 */
export const storeTick = async (database: Database, head: TickHead, cells: readonly Cell[]): Promise<Tick> => {
  await database.insert({
    table: SAMPLES,
    columns: COLUMNS,
    lines: `${cells.map((cell) => encode(head, cell)).join("\n")}\n`,
    rows: cells.length,
    token: `samples:${head.migration}:${head.to}`,
  });
  const tick = await readTick(database, head.migration, head.to);
  if (tick !== null) return tick;
  throw new LeewayError("store-unavailable", `${SAMPLES}: the tick just written cannot be read back; fold it again`);
};
