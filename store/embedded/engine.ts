import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Session } from "chdb";
import { quoteName, quoteText } from "../quote.ts";
import { type Role, writeEngineConfig } from "./engine-config.ts";
import type { EngineWords } from "./reader/refuse-to-reader.ts";

type Chdb = typeof import("chdb");

/** One statement for the engine, with all the state it needs. */
export interface EngineJob {
  readonly sql: string;
  /** What it may do, as the engine itself sees it. */
  readonly role: Role;
  /** Output format where the statement names none. */
  readonly format: string;
  /** Database that unqualified names are looked up in; empty = the engine's default. */
  readonly database: string;
  /** Applied in order, before anything else of the job. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** Values of `{name:Type}` placeholders, escaped as ClickHouse's HTTP interface expects them. */
  readonly params: readonly (readonly [name: string, value: string])[];
  /** True = the engine itself refuses every write and every further setting. */
  readonly readonly: boolean;
}

/** What a statement returned. */
export interface EngineResult {
  readonly bytes: Uint8Array;
  /** Rows the statement read; for an INSERT, the rows it took in. */
  readonly rows: number;
  readonly seconds: number;
}

/** The ClickHouse engine inside this process. */
export interface Engine {
  readonly version: string;
  readonly words: EngineWords;
  /** Rejects with the binding's error, whose message is the engine's exception. */
  readonly run: (job: EngineJob) => Promise<EngineResult>;
  /** Hands `data` to `use` as the path of a temporary file, and removes it. */
  readonly withFile: <T>(data: Uint8Array, use: (path: string) => Promise<T>) => Promise<T>;
  /** Waits for running statements and lets go of the directory. */
  readonly close: () => Promise<void>;
}

/** Modules whose neighbourhood is searched for chdb: this one, and the directory the agent runs in. */
const SEARCHED: readonly string[] = [import.meta.url, join(process.cwd(), "package.json")];

/** Loads the optional package `chdb` as a module at `searched` would; null when it is not installed. */
export const loadChdb = (searched: readonly string[] = SEARCHED): Chdb | null => {
  for (const from of searched) {
    const require = createRequire(from);
    try {
      require.resolve("chdb");
    } catch {
      continue;
    }
    return require("chdb") as Chdb;
  }
  return null;
};

const assignments = (pairs: readonly (readonly [string, string])[], prefix: string): string =>
  pairs.length === 0
    ? ""
    : `SET ${pairs.map(([name, value]) => `${prefix}${quoteName(name)} = ${quoteText(value)}`).join(", ")}`;

const preamble = (job: EngineJob): string =>
  [
    `SET ROLE ${job.role}`,
    job.database === "" ? "" : `USE ${quoteName(job.database)}`,
    assignments(job.settings, ""),
    // A parameter is a setting whose name starts with param_, so its name cannot be quoted apart from the prefix.
    assignments(
      job.params.map(([name, value]) => [`param_${name}`, value] as const),
      "",
    ),
    job.readonly ? "SET readonly = 1" : "",
  ]
    .filter((statement) => statement !== "")
    .join("; ");

const runIn = async (session: Session, job: EngineJob): Promise<EngineResult> => {
  await session.queryAsync(preamble(job));
  const result = await session.queryAsync(job.sql, { format: job.format });
  return { bytes: result.bytes(), rows: result.rowsRead, seconds: result.elapsed };
};

const wordsOf = async (session: Session): Promise<EngineWords> => {
  const column = async (table: string): Promise<ReadonlySet<string>> => {
    const names = await session.queryAsync(`SELECT lower(name) FROM system.${table}`, { format: "TSVRaw" });
    return new Set(names.text().trim().split("\n"));
  };
  return { functions: await column("functions"), formats: await column("formats") };
};

/**
 * Opens the engine on `dir`, whose databases `readable` the reader's role may look at. Every job gets a connection of its own (0.5 ms): settings are sticky on a connection,
 * where a leftover insert token silently swallows the next insert, and a query that fails half-way leaves its rows to
 * the next one. `memoryBytes` bounds the whole process, merges in the background included. Throws the binding's error
 * when the directory cannot be opened.
 */
export const openEngine = async (
  {
    dir,
    memoryBytes,
    readable,
  }: { readonly dir: string; readonly memoryBytes: number; readonly readable: readonly string[] },
  chdb: Chdb,
): Promise<Engine> => {
  const files = join(dir, "incoming");
  await mkdir(dir, { recursive: true });
  const config = await writeEngineConfig(dir, readable);
  const anchor = new chdb.Session(dir, {
    connectionArgs: [`--config-file=${config}`, `--max_server_memory_usage=${memoryBytes}`],
  });
  await rm(files, { recursive: true, force: true });
  await mkdir(files);
  const version = (await anchor.queryAsync("SELECT version()", { format: "TSVRaw" })).text().trim();
  const words = await wordsOf(anchor);
  return {
    version,
    words,
    run: async (job) => {
      const session = new chdb.Session(dir);
      try {
        return await runIn(session, job);
      } finally {
        session.close();
      }
    },
    withFile: async (data, use) => {
      const path = join(files, randomUUID());
      await writeFile(path, data);
      try {
        return await use(path);
      } finally {
        await rm(path, { force: true });
      }
    },
    close: async () => {
      await chdb.drainPending();
      anchor.close();
      await chdb.drainPending();
    },
  };
};
