import type { Engine } from "../../store/embedded/engine.ts";
import { exceptionFrom } from "../../store/embedded/exception.ts";
import type { Entries } from "./attempts.ts";
import type { Ask, Reply } from "./run-corpus.ts";

/** Asks the HTTP interface as its reader: by GET, by POST, and with the format in a header. */
export const askInterface =
  (url: string, reader: { readonly user: string; readonly password: string }): Ask =>
  async ({ sql, settings, format }) => {
    const headers = { "x-clickhouse-user": reader.user, "x-clickhouse-key": reader.password };
    const fields = new URLSearchParams(Object.fromEntries(settings));
    const send = async (path: URLSearchParams, init: RequestInit): Promise<Reply> => {
      const response = await fetch(`${url}/?${path}`, { ...init, headers: { ...headers, ...init.headers } });
      return { answered: response.ok, text: Buffer.from(await response.arrayBuffer()).toString("latin1") };
    };
    const named = new URLSearchParams([...fields, ["default_format", format]]);
    return [
      await send(new URLSearchParams([...named, ["query", sql]]), {}),
      await send(named, { method: "POST", body: sql }),
      await send(fields, { method: "POST", body: sql, headers: { "x-clickhouse-format": format } }),
    ];
  };

/** Asks the engine itself in the reader's role, without the interface that looks at words and settings. */
export const askEngine =
  (engine: Engine): Ask =>
  async ({ sql, settings, format }) => {
    const limits = [["max_execution_time", "5"] as const, ["max_memory_usage", "100000000"] as const];
    const job = { role: "reader", database: "d", params: [], readonly: true } as const;
    try {
      const { bytes } = await engine.run({ ...job, sql, format, settings: [...limits, ...settings] });
      return [{ answered: true, text: Buffer.from(bytes).toString("latin1") }];
    } catch (error) {
      return [{ answered: false, text: exceptionFrom(error).text }];
    }
  };

/** Reads what the engine has; `query` returns the lines of a statement's one column. */
export const entriesOf = async (query: (sql: string) => Promise<readonly string[]>): Promise<Entries> => ({
  "table function": await query("SELECT name FROM system.table_functions ORDER BY name"),
  function: await query("SELECT name FROM system.functions ORDER BY name"),
  format: await query("SELECT name FROM system.formats ORDER BY name"),
  setting: await query("SELECT name FROM system.settings ORDER BY name"),
  "system table": await query("SELECT name FROM system.tables WHERE database = 'system' ORDER BY name"),
  engine: await query(
    "SELECT name FROM system.table_engines UNION DISTINCT SELECT name FROM system.database_engines ORDER BY name",
  ),
});
