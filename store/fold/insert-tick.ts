import type { Tick } from "../../core/sample.ts";
import type { Database } from "../database.ts";
import { momentText } from "../epoch-sql.ts";
import { SAMPLES } from "../schema/samples.ts";
import type { Cell } from "./cell.ts";

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
 * Stores a tick's cells. All rows go into one block under a token named after the tick, so that of two agents that fold
 * it one wins.
 */
export const insertTick = (database: Database, head: TickHead, cells: readonly Cell[]): Promise<void> =>
  database.insert({
    table: SAMPLES,
    columns: COLUMNS,
    lines: `${cells.map((cell) => encode(head, cell)).join("\n")}\n`,
    rows: cells.length,
    token: `samples:${head.migration}:${head.to}`,
  });
