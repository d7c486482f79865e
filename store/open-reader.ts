import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CostCell } from "../core/cost-cell.ts";
import { LeewayError } from "../core/errors.ts";
import type { HandoffReading } from "../core/handoff.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { Tick } from "../core/sample.ts";
import type { SignalName } from "../core/signals.ts";
import { baselineUsage, type CallUsage } from "./baseline-usage.ts";
import { type CostRequest, costCells } from "./cost-cells.ts";
import { type Database, type DatabaseSettings, openDatabase } from "./database.ts";
import { passwordPath, readReaderPassword } from "./embedded/reader-password.ts";
import { startEmbedded } from "./embedded/start-embedded.ts";
import { READER } from "./embedded/users.ts";
import type { CallRange } from "./fold/call-range.ts";
import { pastOf } from "./fold/fold-past.ts";
import {
  baselineCalls,
  baselineValue,
  effectsOver,
  type HalvesRequest,
  halves,
  type TimedEffects,
} from "./fold/halves.ts";
import { type MergeRequest, mergedTicks, tickSpan } from "./fold/merged-ticks.ts";
import { readHandoffs } from "./handoff-cells.ts";
import { readLedger } from "./ledger-log.ts";
import { modelsSeen, type SeenModel } from "./models-seen.ts";
import type { StoreParts, StoreSettings } from "./open-store.ts";
import { SCHEMA_STEPS, STEPS } from "./schema/steps.ts";

/** The store for those who only look back. Rejects like Store. */
export interface StoreReader {
  /** See mergedTicks(). */
  readonly mergedTicks: (request: MergeRequest) => AsyncIterable<Tick>;
  /** The same for the ticks that Store.foldPast stored of the time before the migration. */
  readonly pastTicks: (request: MergeRequest) => AsyncIterable<Tick>;
  /** See tickSpan(). */
  readonly tickSpan: (request: Pick<MergeRequest, "migration" | "origin" | "until">) => ReturnType<typeof tickSpan>;
  /** The entries of one migration; by `at`, then in the order they were added. */
  readonly readLedger: (migration: string) => Promise<LedgerEntry[]>;
  /** See baselineCalls(). */
  readonly baselineCalls: (range: CallRange) => ReturnType<typeof baselineCalls>;
  /** See baselineValue(). */
  readonly baselineValue: (
    range: CallRange,
    of: { readonly signal: SignalName; readonly quantile: number },
  ) => ReturnType<typeof baselineValue>;
  /** See effectsOver(). */
  readonly effectsOver: (range: CallRange) => Promise<readonly TimedEffects[]>;
  /** See halves(). */
  readonly halves: (request: HalvesRequest, calls: number) => AsyncIterable<Tick>;
  /** See modelsSeen(). */
  readonly modelsSeen: (since: number) => Promise<readonly SeenModel[]>;
  /** See Store.costCells. */
  readonly costCells: (request: CostRequest) => Promise<readonly CostCell[]>;
  /** See Store.handoffs. */
  readonly handoffs: (request: CallRange) => Promise<HandoffReading>;
  /** See baselineUsage(). */
  readonly baselineUsage: (
    migration: Pick<Migration, "match" | "baseline">,
    range: { readonly from: number; readonly to: number },
  ) => Promise<CallUsage>;
  readonly close: () => Promise<void>;
}

type Place = Omit<DatabaseSettings, "database">;

interface Opened {
  readonly place: Place;
  readonly end: () => Promise<void>;
  /** What to say when nobody answers there; null = what the database client says. */
  readonly silent: string | null;
}

const nothingToEnd = (): Promise<void> => Promise.resolve();

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** True when a living agent holds the directory: its engine answers, and a second one could not open it. */
export const isHeld = (dir: string): boolean => {
  try {
    const pid = Number(readFileSync(join(dir, "clickhouse", "agent.pid"), "utf8"));
    return pid > 0 && isAlive(pid);
  } catch {
    return false;
  }
};

const openRunning = async ({ dir, port }: StoreSettings): Promise<Opened> => {
  const password = await readReaderPassword(dir);
  if (password === null) {
    throw new LeewayError(
      "store-unavailable",
      `store.dir: an agent holds ${dir}, but there is no ${passwordPath(dir)}; restart the agent, which makes a new one`,
    );
  }
  const silent = `store.port: no engine answers on 127.0.0.1:${port}, though an agent holds ${dir}; give the port that agent was started with`;
  return { place: { url: `http://127.0.0.1:${port}`, user: READER, password }, end: nothingToEnd, silent };
};

const openEmbedded = async (settings: StoreSettings, parts: StoreParts): Promise<Opened> => {
  const { dir, hosts, database } = settings;
  if (isHeld(dir)) return openRunning(settings);
  if (!existsSync(join(dir, "clickhouse"))) {
    throw new LeewayError(
      "store-unavailable",
      `store.dir: ${dir} holds no store yet; start the agent first, or name the right leeway.yaml with --config`,
    );
  }
  // Any free port: the agent's may be another program's meanwhile.
  // How the engine is held is the agent's to say; here somebody reads a report.
  const log = { ...parts.log, info: () => undefined };
  const embedded = await startEmbedded({ dir, port: 0, hosts, readable: [database] }, { ...parts, log });
  return { place: embedded, end: embedded.close, silent: null };
};

const OLD_SCHEMA = "the store was written by another version and has no table or column of this one";

const checkSchema = async (database: Database): Promise<void> => {
  const newest = SCHEMA_STEPS.at(-1)?.id ?? 0;
  const [row] = await database.query<{ taken: number }>(`SELECT max(id) AS taken FROM ${STEPS}`);
  if ((row?.taken ?? 0) >= newest) return;
  throw new LeewayError(
    "store-query",
    `${OLD_SCHEMA}; start this version's agent once, which brings the schema up to date`,
  );
};

const readerOf = (database: Database, end: () => Promise<void>): StoreReader => ({
  mergedTicks: (request) => mergedTicks(database, request),
  pastTicks: (request) => mergedTicks(database, { ...request, migration: pastOf(request.migration) }),
  tickSpan: (request) => tickSpan(database, request),
  readLedger: (migration) => readLedger(database, migration),
  baselineCalls: (range) => baselineCalls(database, range),
  baselineValue: (range, of) => baselineValue(database, range, of),
  effectsOver: (range) => effectsOver(database, range),
  halves: (request, calls) => halves(database, request, calls),
  modelsSeen: (since) => modelsSeen(database, since),
  costCells: (request) => costCells(database, request),
  handoffs: (request) => readHandoffs(database, request),
  baselineUsage: (migration, range) => baselineUsage(database, migration, range),
  close: async () => {
    await database.close();
    await end();
  },
});

/**
 * Opens the store for reading, and changes nothing in it. A server is asked as the configured user. The embedded engine
 * of a running agent is asked as its read-only user; without an agent the engine is started here, and the directory is
 * taken until `close`. Throws LeewayError `store-unavailable`, `store-engine-missing`, `store-locked`,
 * `agent-unreachable` when an agent holds the directory and its engine does not answer, or `store-query` when the schema
 * is older than this version.
 */
export const openReader = async (settings: StoreSettings, parts: StoreParts): Promise<StoreReader> => {
  const { url, user, password, database: name } = settings;
  const opened: Opened =
    url === "embedded"
      ? await openEmbedded(settings, parts)
      : { place: { url, user, password }, end: nothingToEnd, silent: null };
  const database = openDatabase({ ...opened.place, database: name });
  const reader = readerOf(database, opened.end);
  try {
    if (opened.silent !== null && !(await database.ping())) throw new LeewayError("agent-unreachable", opened.silent);
    await checkSchema(database);
    return reader;
  } catch (error) {
    await reader.close();
    throw error;
  }
};
