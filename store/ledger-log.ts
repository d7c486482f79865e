import { createHash } from "node:crypto";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Database } from "./database.ts";
import { epochOf, momentOf, momentText } from "./epoch-sql.ts";
import { LEDGER } from "./schema/ledger.ts";

const COLUMNS = ["id", "at", "migration", "by", "incident", "type", "event", "line"];

const encode = (entry: LedgerEntry, line: number): string => {
  const { id, at, migration, by, incident, event } = entry;
  const text = (value: string): string => value.toWellFormed();
  const json = JSON.stringify(event, (_key, value) => (typeof value === "string" ? text(value) : value));
  return JSON.stringify([text(id), momentText(at), migration, text(by), text(incident), event.type, json, line]);
};

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * See Store.appendLedger. All entries are in one insert, so either all are added or none. A single entry is inserted
 * under its id: of several agents that write the same fact down at once the database keeps the first, for all of them
 * to read back, whatever the others say of it.
 */
export const appendLedger = async (database: Database, entries: readonly LedgerEntry[]): Promise<void> => {
  const [first] = entries;
  if (first === undefined) return;
  const lines = `${entries.map(encode).join("\n")}\n`;
  const token = entries.length === 1 ? `ledger-id:${digest(first.id)}` : `ledger:${digest(lines)}`;
  await database.insert({ table: LEDGER, columns: COLUMNS, lines, rows: entries.length, token });
};

type Row = Omit<LedgerEntry, "event"> & { readonly event: string };

const entryOf = ({ id, at, migration, by, incident, event }: Row): LedgerEntry => ({
  id,
  at,
  migration,
  by,
  incident,
  event: JSON.parse(event) as LedgerEvent,
});

/** See Store.readLedger. The first row of an id counts. */
export const readLedger = async (database: Database, migration: string | null): Promise<LedgerEntry[]> => {
  const rows = await database.query<Row>(
    `SELECT id, at_ms AS at, migration, by, incident, event FROM (
       SELECT id, ${epochOf("at")} AS at_ms, migration, by, incident, event, written, line FROM ${LEDGER}
       ${migration === null ? "" : "WHERE migration = {migration:String}"}
       ORDER BY written, line LIMIT 1 BY id
     ) ORDER BY at_ms, written, line`,
    migration === null ? {} : { migration },
  );
  return rows.map(entryOf);
};

/** What was added to a ledger from some moment on. */
export interface LedgerPart {
  /** In the order they were added. */
  readonly entries: readonly LedgerEntry[];
  /** When the newest of them was added, by the database's clock, epoch ms; null when there is none. */
  readonly newest: number | null;
}

/** See Store.ledgerSince. */
export const ledgerSince = async (database: Database, migration: string, since: number): Promise<LedgerPart> => {
  const rows = await database.query<Row & { readonly added: number }>(
    `SELECT id, ${epochOf("at")} AS at, migration, by, incident, event, toUnixTimestamp64Milli(written) AS added
     FROM ${LEDGER} WHERE migration = {migration:String} AND written >= ${momentOf("since")}
     ORDER BY written, line LIMIT 1 BY id`,
    { migration, since },
  );
  return { entries: rows.map(entryOf), newest: rows.at(-1)?.added ?? null };
};

/** What is stored under the id of a claim, and whether its try has ended. */
export interface LedgerClaim {
  /** The first entry of the claim's id; null when it cannot be seen yet. */
  readonly holder: LedgerEntry | null;
  /** How long ago it was stored, by the database's clock, ms. */
  readonly ageMs: number;
  readonly settled: LedgerEntry | null;
}

/** See Store.claimLedger. */
export const claimLedger = async (database: Database, claim: LedgerEntry, settledBy: string): Promise<LedgerClaim> => {
  await appendLedger(database, [claim]);
  const rows = await database.query<Row & { readonly age: number }>(
    `SELECT id, at_ms AS at, migration, by, incident, event, age FROM (
       SELECT id, ${epochOf("at")} AS at_ms, migration, by, incident, event, written, line,
         greatest(0, dateDiff('millisecond', written, now64(6, 'UTC'))) AS age FROM ${LEDGER}
       WHERE migration = {migration:String} AND id IN ({claim:String}, {settledBy:String})
       ORDER BY written, line LIMIT 1 BY id
     )`,
    { migration: claim.migration, claim: claim.id, settledBy },
  );
  const [holder, settled] = [claim.id, settledBy].map((id) => rows.find((row) => row.id === id));
  return {
    holder: holder === undefined ? null : entryOf(holder),
    ageMs: holder?.age ?? 0,
    settled: settled === undefined ? null : entryOf(settled),
  };
};
