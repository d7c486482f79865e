import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, type EngineJob, loadChdb, openEngine } from "../../../../store/embedded/engine.ts";
import { HIDDEN_TABLES } from "../../../../store/embedded/reader/reader-tables.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

/* What the engine itself refuses to the reader's role, when nobody looks at the words of a statement. */

let engine: Engine;
let dir = "";
let remove: () => Promise<void>;
beforeAll(async () => {
  const made = await temporaryDirectory();
  [dir, remove] = [made.path, made.remove];
  const chdb = loadChdb();
  if (chdb === null) throw new Error("chdb is a development dependency");
  engine = await openEngine({ dir: join(dir, "engine"), memoryBytes: 4e9, readable: ["d", "it's"] }, chdb);
  writeFileSync(join(dir, "secret.csv"), "secret,b\n1,2\n");
  for (const sql of [
    "CREATE DATABASE d ENGINE = Atomic",
    "CREATE DATABASE `it's` ENGINE = Atomic",
    "CREATE DATABASE other ENGINE = Atomic",
    "CREATE TABLE d.t (a UInt8) ENGINE = MergeTree ORDER BY a",
    "CREATE TABLE `it's`.t (a UInt8) ENGINE = MergeTree ORDER BY a",
    "CREATE TABLE other.t (a UInt8) ENGINE = MergeTree ORDER BY a",
    "INSERT INTO d.t SELECT 1",
  ]) {
    await run(sql, { role: "admin", readonly: false });
  }
});
afterAll(async () => {
  await engine.close();
  await remove();
});

const run = async (sql: string, more: Partial<EngineJob> = {}): Promise<string> => {
  const job = { role: "reader", format: "TSVRaw", database: "", settings: [], params: [], readonly: true } as const;
  return Buffer.from((await engine.run({ ...job, sql, ...more })).bytes)
    .toString()
    .trim();
};

describe("the engine, in the reader's role", () => {
  it("reads the databases it was told, whatever their names", async () => {
    expect(await run("SELECT sum(a) FROM d.t")).toBe("1");
    expect(await run("SELECT count() FROM `it's`.t")).toBe("0");
    expect(await run("SELECT currentRoles()")).toBe("['reader']");
  });

  it.each([
    "SELECT * FROM other.t",
    "SELECT * FROM file('$dir/secret.csv', 'LineAsString')",
    "DESCRIBE TABLE url('file://$dir/secret.csv', 'TSVWithNames')",
    "DESCRIBE TABLE url('file:///proc/self/environ', 'TSVWithNames')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString', 'a String')",
    "SELECT * FROM remote('127.0.0.1', 'd', 't')",
    "SELECT * FROM `$dir/secret.csv`",
    "SELECT * FROM merge('system', 'processes')",
    "SELECT * FROM executable('x.sh', 'TSV', 'a UInt8')",
    "SELECT * FROM sqlite('$dir/secret.csv', 't')",
    "SELECT demangle('x')",
    "CREATE TABLE d.u (a UInt8) ENGINE = Memory",
    "INSERT INTO d.t SELECT 1",
    "INSERT INTO FUNCTION file('$dir/out.csv', 'CSV', 'a UInt8') SELECT 1",
    "CREATE FUNCTION f AS (a) -> a",
    "SELECT 1 SETTINGS output_format_schema = '$dir/out.csv'",
    "EXECUTE AS default SELECT 1",
  ])("refuses %j", async (sql) => {
    await expect(run(sql.replaceAll("$dir", dir))).rejects.toThrow(/Code: (497|164|452|344|636)/);
    expect(existsSync(join(dir, "out.csv"))).toBe(false);
  });

  it("has the settings that name files and machines fixed, for everybody", async () => {
    for (const role of ["reader", "admin"] as const) {
      const settings = [["output_format_schema", join(dir, "out.csv")]] as const;
      await expect(run("SELECT 1 FORMAT Protobuf", { role, readonly: false, settings })).rejects.toThrow("Code: 452");
    }
    expect(existsSync(join(dir, "out.csv"))).toBe(false);
  });

  it("shows no row of the tables that tell of others and of this machine", async () => {
    const there = new Set((await run("SELECT name FROM system.tables WHERE database = 'system'")).split("\n"));
    const shown: string[] = [];
    for (const table of HIDDEN_TABLES.filter((name) => there.has(name))) {
      const rows = await run(`SELECT * FROM system.${table} LIMIT 1`).catch(() => "");
      if (rows !== "") shown.push(table);
    }
    expect(shown).toEqual([]);
    expect(await run("SHOW PROCESSLIST")).toBe("");
    expect(await run("SELECT count() > 0 FROM system.processes", { role: "admin" })).toBe("1");
  });

  it("does not know of these, which is why the words are looked at: a way that closes is good news", async () => {
    expect(await run(`SELECT file('${join(dir, "secret.csv")}')`)).toContain("secret");
    expect(await run("SET ROLE admin; SELECT currentRoles()")).toBe("['admin']");
  });
});
