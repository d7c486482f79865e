import { quoteText } from "../quote.ts";
import type { Engine, EngineJob, EngineResult } from "./engine.ts";
import { type Exception, exceptionFrom, exceptionOf } from "./exception.ts";
import type { HttpCall } from "./http-call.ts";
import { type InsertHead, insertHead } from "./insert-data.ts";
import { type Lane, LaneFull } from "./lane.ts";
import { readerSettings, refuseToReader } from "./reader-guard.ts";
import { readStatement, type Statement } from "./statement.ts";

/** Who asks: `admin` may do everything, `reader` may only read tables. */
export type Role = "admin" | "reader";

/** How a call ended. */
export type CallResult =
  | {
      readonly outcome: "done";
      readonly result: EngineResult;
      /** Format of the bytes. */
      readonly format: string;
      /** Rows an INSERT took in; 0 for other statements. */
      readonly written: number;
    }
  | { readonly outcome: "refused"; readonly exception: Exception };

/** Limits of one statement, per role; bytes and seconds. */
export interface Limits {
  readonly memoryBytes: Readonly<Record<Role, number>>;
  readonly seconds: Readonly<Record<Role, number>>;
  /** Bytes of one answer. */
  readonly resultBytes: number;
}

/** Lanes of the engine: rows in, the agent's own queries, people's queries. */
export interface Lanes {
  readonly ingest: Lane;
  readonly agent: Lane;
  readonly readers: Lane;
}

const refused = (exception: Exception): CallResult => ({ outcome: "refused", exception });

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

const baseSettings = (role: Role, limits: Limits): readonly (readonly [string, string])[] => [
  ["max_memory_usage", String(limits.memoryBytes[role])],
  ["max_execution_time", String(limits.seconds[role])],
  ["max_result_bytes", String(limits.resultBytes)],
  // Rows are acknowledged once they are in the table, never while they wait in a buffer.
  ["async_insert", "0"],
];

const jobOf = (
  call: HttpCall,
  role: Role,
  limits: Limits,
  settings: readonly (readonly [string, string])[],
): Omit<EngineJob, "sql"> => ({
  format: call.defaultFormat,
  database: call.database,
  settings: [...baseSettings(role, limits), ...settings],
  params: call.params,
  readonly: role === "reader" || call.reads,
});

const refuseStatement = (role: Role, statement: Statement): Exception | null => {
  if (statement.verb === "") return exceptionOf(62, "SYNTAX_ERROR", "Syntax error: Empty query");
  if (statement.several) return exceptionOf(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)");
  return role === "reader" ? refuseToReader(statement) : null;
};

const settingsOf = (role: Role, call: HttpCall): readonly (readonly [string, string])[] | Exception =>
  role === "reader" ? readerSettings(call.settings) : call.settings;

const isException = (value: readonly (readonly [string, string])[] | Exception): value is Exception => "code" in value;

const withFrame = async (work: () => Promise<CallResult>): Promise<CallResult> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LaneFull)
      return refused(exceptionOf(202, "TOO_MANY_SIMULTANEOUS_QUERIES", "Too many queries wait for the engine."));
    return refused(exceptionFrom(error));
  }
};

/** A call runner over an open engine. Never throws: whatever goes wrong is an exception in ClickHouse's wording. */
export const createCallRunner = (
  limits: Limits,
  { engine, lanes }: { readonly engine: Engine; readonly lanes: Lanes },
): ((call: HttpCall, role: Role) => Promise<CallResult>) => {
  const insert = (head: InsertHead, data: Uint8Array, job: Omit<EngineJob, "sql">): Promise<CallResult> =>
    lanes.ingest.run(() =>
      // Inline binary rows are cut short by the binding, and inline text is parsed on one thread: rows go by file.
      engine.withFile(data, async (path) => {
        const sql = `${head.before} FROM INFILE ${quoteText(path)} ${head.settings} FORMAT ${head.format}`;
        const result = await engine.run({ ...job, sql });
        return { outcome: "done", result, format: job.format, written: result.rows };
      }),
    );
  return (call, role) =>
    withFrame(async () => {
      const settings = settingsOf(role, call);
      if (isException(settings)) return refused(settings);
      const job = jobOf(call, role, limits, settings);
      const rows = role === "admin" ? insertOf(call) : null;
      if (rows !== null) return insert(rows.head, rows.data, job);
      const sql = statementText(call);
      const statement = readStatement(sql);
      const refusal = refuseStatement(role, statement);
      if (refusal !== null) return refused(refusal);
      const lane = role === "reader" ? lanes.readers : lanes.agent;
      const result = await lane.run(() => engine.run({ ...job, sql }));
      const written = statement.verb === "INSERT" ? result.rows : 0;
      return { outcome: "done", result, format: statement.format ?? call.defaultFormat, written };
    });
};
