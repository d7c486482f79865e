import { createHash } from "node:crypto";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Database } from "./database.ts";
import { epochOf, momentText } from "./epoch-sql.ts";
import { LEDGER } from "./schema/ledger.ts";

const COLUMNS = ["id", "at", "migration", "by", "incident", "type", "event", "line"];

const encode = (entry: LedgerEntry, line: number): string => {
  const { id, at, migration, by, incident, event } = entry;
  const text = (value: string): string => value.toWellFormed();
  const json = JSON.stringify(event, (_key, value) => (typeof value === "string" ? text(value) : value));
  return JSON.stringify([text(id), momentText(at), migration, text(by), text(incident), event.type, json, line]);
};

/** See Store.appendLedger. All entries are in one insert, so either all are added or none. */
export const appendLedger = async (database: Database, entries: readonly LedgerEntry[]): Promise<void> => {
  if (entries.length === 0) return;
  const lines = `${entries.map(encode).join("\n")}\n`;
  const token = `ledger:${createHash("sha256").update(lines).digest("hex")}`;
  await database.insert({ table: LEDGER, columns: COLUMNS, lines, rows: entries.length, token });
};

type Row = Omit<LedgerEntry, "event"> & { readonly event: string };

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
  return rows.map(({ event, ...entry }) => ({ ...entry, event: JSON.parse(event) as LedgerEvent }));
};
