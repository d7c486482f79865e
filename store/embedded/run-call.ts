import { quoteText } from "../quote.ts";
import type { Engine, EngineJob, EngineResult } from "./engine.ts";
import type { Role } from "./engine-config.ts";
import { type Exception, exceptionFrom, exceptionOf } from "./exception.ts";
import type { HttpCall } from "./http-call.ts";
import { type InsertHead, insertHead } from "./insert-data.ts";
import { type Lane, LaneFull } from "./lane.ts";
import { readerSettings } from "./reader/reader-settings.ts";
import { refuseFormat, refuseToReader } from "./reader/refuse-to-reader.ts";
import { readStatement, type Statement } from "./statement.ts";

/** How a statement that ran ended. */
export interface CallDone {
  readonly result: EngineResult;
  /** Format of the bytes. */
  readonly format: string;
  /** Rows an INSERT took in; 0 for other statements. */
  readonly written: number;
}

/**
 * Runs a call and hands its result over; resolves with the exception to report, or null once it is handed over. A
 * reader keeps its place in the lane until then: answers that wait to be fetched are bounded as well.
 */
export type RunCall = (
  call: HttpCall,
  role: Role,
  deliver: (done: CallDone) => Promise<void>,
) => Promise<Exception | null>;

/** Limits of one statement, per role; bytes and seconds. */
export interface Limits {
  readonly memoryBytes: Readonly<Record<Role, number>>;
  readonly seconds: Readonly<Record<Role, number>>;
  /** Bytes of one answer. */
  readonly resultBytes: Readonly<Record<Role, number>>;
}

/** Lanes of the engine: rows in, the agent's own queries, people's queries. */
export interface Lanes {
  readonly ingest: Lane;
  readonly agent: Lane;
  readonly readers: Lane;
}

const LATIN1_HEAD = 65_536;

const insertOf = (call: HttpCall): { readonly head: InsertHead; readonly data: Uint8Array } | null => {
  const inUrl = call.query !== "";
  // Keywords and names of columns are found in latin1, where a character is a byte and offsets fit the raw body.
  const text = inUrl ? Buffer.from(call.query) : Buffer.from(call.body);
  const head = insertHead(text.subarray(0, inUrl ? text.length : LATIN1_HEAD).toString("latin1"));
  if (head === null) return null;
  const rest = text.subarray(head.dataStart);
  const utf8 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");
  return {
    head: { ...head, before: utf8(head.before), settings: utf8(head.settings) },
    data: inUrl ? Buffer.concat([rest, call.body]) : rest,
  };
};

const statementText = ({ query, body }: HttpCall): string => {
  const text = Buffer.from(body).toString("utf8");
  return query === "" || text === "" ? query + text : `${query}\n${text}`;
};

const MAX_READER_ROWS = 1_000_000;

const baseSettings = (role: Role, limits: Limits): readonly (readonly [string, string])[] => [
  ["max_memory_usage", String(limits.memoryBytes[role])],
  ["max_execution_time", String(limits.seconds[role])],
  ["max_result_bytes", String(limits.resultBytes[role])],
  // Rows are acknowledged once they are in the table, never while they wait in a buffer.
  ["async_insert", "0"],
  ...(role === "admin"
    ? []
    : [
        ["max_result_rows", String(MAX_READER_ROWS)] as const,
        ["max_threads", "2"] as const,
        // Longer ones are no questions but data.
        ["max_query_size", "262144"] as const,
      ]),
];

const jobOf = (
  call: HttpCall,
  role: Role,
  limits: Limits,
  settings: readonly (readonly [string, string])[],
): Omit<EngineJob, "sql"> => ({
  role,
  format: call.defaultFormat,
  database: call.database,
  settings: [...baseSettings(role, limits), ...settings],
  params: call.params,
  readonly: role === "reader" || call.reads,
});

const refuseStatement = (statement: Statement): Exception | null => {
  if (statement.verb === "") return exceptionOf(62, "SYNTAX_ERROR", "Syntax error: Empty query");
  if (statement.several) return exceptionOf(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)");
  return null;
};

const isException = (value: readonly (readonly [string, string])[] | Exception): value is Exception => "code" in value;

const withFrame = async (work: () => Promise<Exception | null>): Promise<Exception | null> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LaneFull)
      return exceptionOf(202, "TOO_MANY_SIMULTANEOUS_QUERIES", "Too many queries wait for the engine.");
    return exceptionFrom(error);
  }
};

const MEMORY_LIMIT_EXCEEDED = 241;

/** A statement that took longer may have taken much. */
const HEAVY_SECONDS = 0.5;

const PURGE: EngineJob = {
  sql: "SYSTEM JEMALLOC PURGE",
  role: "admin",
  format: "Null",
  database: "",
  settings: [],
  params: [],
  readonly: false,
};

const tooLarge = (bytes: number): Exception =>
  exceptionOf(396, "TOO_MANY_ROWS_OR_BYTES", `reader: an answer may have ${bytes} bytes; ask for less.`);

/**
 * A call runner over an open engine. `readable` are the databases of the reader, who is in the first when it names
 * none. Never throws for what the engine said: that is an exception in ClickHouse's wording.
 */
export const createCallRunner = (
  limits: Limits,
  parts: { readonly engine: Engine; readonly lanes: Lanes; readonly readable: readonly [string, ...string[]] },
): RunCall => {
  const { engine, lanes, readable } = parts;

  const insert = async (head: InsertHead, data: Uint8Array, job: Omit<EngineJob, "sql">): Promise<CallDone> =>
    lanes.ingest.run(() =>
      // Inline binary rows are cut short by the binding, and inline text is parsed on one thread: rows go by file.
      engine.withFile(data, async (path) => {
        const sql = `${head.before} FROM INFILE ${quoteText(path)} ${head.settings} FORMAT ${head.format}`;
        const result = await engine.run({ ...job, sql });
        return { result, format: job.format, written: result.rows };
      }),
    );

  const runAsAdmin: (call: HttpCall, deliver: (done: CallDone) => Promise<void>) => Promise<Exception | null> = async (
    call,
    deliver,
  ) => {
    const job = jobOf(call, "admin", limits, call.settings);
    const rows = insertOf(call);
    if (rows !== null) {
      await deliver(await insert(rows.head, rows.data, job));
      return null;
    }
    const sql = statementText(call);
    const statement = readStatement(sql);
    const refusal = refuseStatement(statement);
    if (refusal !== null) return refusal;
    const result = await lanes.agent.run(() => engine.run({ ...job, sql }));
    const written = statement.verb === "INSERT" ? result.rows : 0;
    await deliver({ result, format: statement.format ?? call.defaultFormat, written });
    return null;
  };

  const refuseReader = ({ database, defaultFormat }: HttpCall, statement: Statement): Exception | null => {
    if (!["", "default", ...readable].includes(database)) {
      return exceptionOf(497, "ACCESS_DENIED", `reader: ${readable.join(", ")} may be read, no other database.`);
    }
    return refuseStatement(statement) ?? refuseFormat(defaultFormat) ?? refuseToReader(statement, engine.words);
  };

  /**
   * Lets the allocator hand what a heavy statement took back to the system before the next one takes as much elsewhere.
   * An engine that has another allocator says no, which is no harm.
   */
  const giveBack = async (): Promise<void> => {
    await engine.run(PURGE).catch(() => undefined);
  };

  const runAsReader: typeof runAsAdmin = async (call, deliver) => {
    const settings = readerSettings(call.settings);
    if (isException(settings)) return settings;
    const sql = statementText(call);
    const statement = readStatement(sql);
    const refusal = refuseReader(call, statement);
    if (refusal !== null) return refusal;
    // Clients that were told no database name the one every server has.
    const database = readable.find((name) => name === call.database) ?? readable[0];
    const job = jobOf({ ...call, database }, "reader", limits, settings);
    return lanes.readers.run(async () => {
      const result = await engine.run({ ...job, sql }).catch(async (error: unknown) => {
        if (exceptionFrom(error).code === MEMORY_LIMIT_EXCEEDED) await giveBack();
        throw error;
      });
      if (result.bytes.length > limits.resultBytes.reader) return tooLarge(limits.resultBytes.reader);
      await deliver({ result, format: statement.format ?? call.defaultFormat, written: 0 });
      if (result.seconds > HEAVY_SECONDS) await giveBack();
      return null;
    });
  };

  return (call, role, deliver) =>
    withFrame(() => (role === "reader" ? runAsReader(call, deliver) : runAsAdmin(call, deliver)));
};
