import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client";
import { LeewayError } from "../core/errors.ts";
import { storeError } from "./store-error.ts";

/** Where a database is and who asks. */
export interface DatabaseSettings {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Database that unqualified names are looked up in; null = the user's default, before ours exists. */
  readonly database: string | null;
}

/** Rows to insert, already in JSONCompactEachRow. */
export interface RowsToInsert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly lines: string | Uint8Array;
  /** Number of rows in `lines`. */
  readonly rows: number;
  /** An insert under a token that was used before changes nothing. */
  readonly token: string;
}

/** The product's view of a ClickHouse client. Every method but `ping` rejects with a LeewayError. */
export interface Database {
  /** Runs a statement without an answer. */
  readonly command: (sql: string, params?: Record<string, unknown>) => Promise<void>;
  readonly query: <T>(sql: string, params?: Record<string, unknown>) => Promise<T[]>;
  readonly insert: (rows: RowsToInsert) => Promise<void>;
  readonly ping: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

const SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  wait_end_of_query: 1,
};

const INSERT_SETTINGS: ClickHouseSettings = {
  async_insert: 0,
  // Both ends of a materialized view have to know the token, or a repeat doubles the rollup.
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // Rows of many days come in several inserts (rows-by-day.ts), the other tables have a partition for each month at most.
  max_partitions_per_insert_block: "100",
  input_format_null_as_default: 1,
};

/** Longer statements have to be announced; 256 KiB is what ClickHouse takes by default. */
const PLAIN_STATEMENT_BYTES = 200_000;

const REQUEST_TIMEOUT_MS = 120_000;

const verifyWritten = (table: string, sent: number, summary: string | undefined): void => {
  const written = Number(summary ?? sent);
  // A server that skips a repeated token reports 0; fewer rows than sent, but some, means rows were lost.
  if (written > 0 && written < sent)
    throw new LeewayError("store-unavailable", `${table}: ${written} of ${sent} rows were written; insert them again`);
};

/** Connects a client. Nothing is sent before the first call. `down` says why nobody can answer, where that is known. */
export const openDatabase = (settings: DatabaseSettings, down: () => string = () => ""): Database => {
  const client = createClient({
    url: settings.url,
    username: settings.user,
    password: settings.password,
    ...(settings.database === null ? {} : { database: settings.database }),
    application: "leeway",
    request_timeout: REQUEST_TIMEOUT_MS,
    max_open_connections: 16,
    clickhouse_settings: SETTINGS,
    // It would print statements, and rows, to the console.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const guarded = async <T>(what: string, carriesRows: boolean, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const failure = storeError(error, what, carriesRows);
      const why = failure.code === "store-unavailable" ? down() : "";
      throw why === "" ? failure : new LeewayError("store-unavailable", `${what}: ${why}`, { cause: error });
    }
  };
  return {
    command: (sql, params) =>
      guarded("store", false, async () => {
        await client.command({ query: sql, ...(params === undefined ? {} : { query_params: params }) });
      }),
    query: <T>(sql: string, params?: Record<string, unknown>): Promise<T[]> =>
      guarded("store", false, async () => {
        const bytes = Buffer.byteLength(sql);
        const result = await client.query({
          query: sql,
          format: "JSONEachRow",
          ...(params === undefined ? {} : { query_params: params }),
          ...(bytes <= PLAIN_STATEMENT_BYTES ? {} : { clickhouse_settings: { max_query_size: String(bytes + 1) } }),
        });
        return result.json<T>();
      }),
    insert: ({ table, columns, lines, rows, token }) =>
      guarded(table, true, async () => {
        const { stream, summary } = await client.exec({
          query: `INSERT INTO ${table} (${columns.join(", ")}) FORMAT JSONCompactEachRow`,
          values: Readable.from([Buffer.from(lines)], { objectMode: false }),
          clickhouse_settings: { ...INSERT_SETTINGS, insert_deduplication_token: token },
        });
        await buffer(stream);
        verifyWritten(table, rows, summary?.written_rows);
      }),
    ping: async () => (await client.ping()).success,
    close: () => client.close(),
  };
};
