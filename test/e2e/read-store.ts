import type { LedgerEvent } from "../../core/ledger.ts";

/** Asks the embedded engine over ClickHouse's HTTP interface, as the user and with the password in `url`. */
export const readStore = async <T>(url: string, sql: string): Promise<readonly T[]> => {
  const settings = "database=leeway&output_format_json_quote_64bit_integers=0";
  const { origin, username, password } = new URL(url);
  const response = await fetch(`${origin}/?${settings}`, {
    method: "POST",
    headers: { "x-clickhouse-user": username, "x-clickhouse-key": password },
    body: `${sql} FORMAT JSONEachRow`,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
};

/** Every row of the ledger, repeats included. */
export const readLedgerRows = async (
  url: string,
): Promise<readonly { readonly id: string; readonly event: LedgerEvent }[]> => {
  const rows = await readStore<{ id: string; event: string }>(url, "SELECT id, event FROM ledger ORDER BY at");
  return rows.map(({ id, event }) => ({ id, event: JSON.parse(event) as LedgerEvent }));
};
