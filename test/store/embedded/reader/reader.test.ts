import { existsSync } from "node:fs";
import { join } from "node:path";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "../engine-client.ts";

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine();
  await test.client.command({ query: "CREATE DATABASE d ENGINE = Atomic" });
  await test.client.command({ query: "CREATE DATABASE other ENGINE = Atomic" });
  await test.client.command({ query: "CREATE TABLE d.t (a UInt32) ENGINE = MergeTree ORDER BY a" });
  await test.client.command({ query: "CREATE TABLE other.t (a UInt32) ENGINE = MergeTree ORDER BY a" });
  await test.client.insert({ table: "d.t", values: [{ a: 1 }, { a: 2 }], format: "JSONEachRow" });
});
afterAll(() => test.end());

const read = async (sql: string, url = ""): Promise<readonly [number, string]> => {
  const answer = await test.ask(`/?${url}`, { method: "POST", body: sql });
  return [answer.status, await answer.text()];
};

/** Runs until it is stopped. */
const ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";

describe("the reader", () => {
  it.each([
    ["SELECT sum(a) FROM d.t", "3\n"],
    ["SELECT sum(a) FROM t", "3\n"],
    ["WITH 2 AS x SELECT x FORMAT JSONEachRow", '{"x":2}\n'],
    ["SHOW TABLES FROM d", "t\n"],
    ["SHOW DATABASES", "d\n"],
    ["SELECT count() FROM system.databases WHERE name = 'd'", "1\n"],
    ["SELECT name FROM system.databases", "d\n"],
    ["SELECT count() FROM system.columns WHERE table = 't'", "1\n"],
    ["SELECT timezone()", "UTC\n"],
    ["SELECT currentUser(), currentDatabase()", "default\td\n"],
  ])("may ask %j", async (sql, expected) => {
    expect(await read(sql)).toEqual([200, expected]);
  });

  it.each([
    "INSERT INTO d.t VALUES (3)",
    "CREATE TABLE d.u (a UInt8) ENGINE = Memory",
    "CREATE TEMPORARY TABLE u (a UInt8)",
    "DROP TABLE d.t",
    "TRUNCATE TABLE d.t",
    "ALTER TABLE d.t DELETE WHERE 1",
    "EXPLAIN PIPELINE INSERT INTO d.t VALUES (3)",
    "OPTIMIZE TABLE d.t",
    "SYSTEM FLUSH LOGS",
    "KILL QUERY WHERE 1",
    "SET readonly = 0",
    "SET ROLE admin",
    "SELECT 1 SETTINGS readonly = 0",
    "SELECT 1 SETTINGS max_execution_time = 0",
    "SELECT * FROM other.t",
    "DESCRIBE TABLE other.t",
    "SHOW CREATE TABLE other.t",
    "SELECT file('/etc/passwd')",
    "SELECT arrayMap(file, ['/etc/passwd'])",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM `/etc/passwd`",
    "SELECT * FROM default.`/etc/passwd`",
    "DESCRIBE TABLE `/etc/passwd`",
    "DESCRIBE TABLE url('file:///proc/self/environ', 'TSVWithNames')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM s3('http://127.0.0.1:1/b/k', 'CSV')",
    "SELECT * FROM remote('127.0.0.1', 'd', 't')",
    "SELECT * FROM executable('x.sh', 'TSV', 'a UInt8')",
  ])("may not run %j", async (sql) => {
    const [status, text] = await read(sql);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain("root:");
    expect(await read("SELECT sum(a) FROM d.t")).toEqual([200, "3\n"]);
  });

  it("cannot write a file, neither by a clause nor by a format's schema", async () => {
    const path = join(test.dir, "out.csv");
    expect((await read(`SELECT 1 INTO OUTFILE '${path}'`))[0]).toBe(403);
    const url = `output_format_schema=${encodeURIComponent(path)}`;
    expect((await read("SELECT 1 AS `a;` FORMAT Protobuf", url))[0]).toBe(403);
    expect((await read("SELECT 1", `${url}&default_format=Protobuf`))[0]).toBe(403);
    expect((await read("SELECT 1", "default_format=Protobuf"))[0]).toBe(403);
    expect(existsSync(path)).toBe(false);
  });

  it("may not look into other databases by its own", async () => {
    expect((await read("SELECT * FROM processes", "database=system"))[0]).toBe(403);
    expect((await read("SELECT * FROM t", "database=other"))[0]).toBe(403);
    expect(await read("SELECT currentDatabase()", "database=default")).toEqual([200, "d\n"]);
  });

  it("may ask for less time, as Grafana's client does, and gets no more than thirty seconds", async () => {
    expect((await read(ENDLESS, "max_execution_time=1"))[0]).toBe(408);
    expect(await read("SELECT getSetting('max_execution_time')", "max_execution_time=600")).toEqual([200, "30\n"]);
    expect((await read("SELECT 1", "max_memory_usage=0"))[0]).toBe(403);
    expect((await read("SELECT 1", "readonly=0"))[0]).toBe(403);
  });

  it("may send what Grafana's client sends: its first query, a row limit, a time zone", async () => {
    const handshake = await read("SELECT displayName(), version(), revision(), timezone()", "max_execution_time=60");
    expect(handshake).toEqual([200, expect.stringMatching(/\t\d+\.\d+\S*\t\d+\tUTC\n$/)]);
    const url = "default_format=Native&client_protocol_version=54460&limit=2&session_timezone=Europe/Vienna&database=d";
    expect((await read("SELECT a, toString(a) FROM t", url))[0]).toBe(200);
    expect(await read("SELECT number FROM numbers(9)", "limit=2")).toEqual([200, "0\n1\n"]);
  });

  it("is served through ClickHouse's own client, with parameters", async () => {
    const { user: username, password } = test.engine.reader;
    const client = createClient({
      url: test.engine.url,
      username,
      password,
      database: "d",
      log: { level: ClickHouseLogLevel.OFF },
    });
    const found = await client.query({
      query: "SELECT a, {text:String} AS text FROM t WHERE a IN {list:Array(UInt32)} ORDER BY a",
      query_params: { text: "it's", list: [2, 3] },
      format: "JSONEachRow",
    });
    expect(await found.json()).toEqual([{ a: 2, text: "it's" }]);
    await expect(client.command({ query: "DROP TABLE t" })).rejects.toMatchObject({ code: "164" });
    await client.close();
  });

  it("has a limit on memory, rows and bytes", async () => {
    const heavy = await read("SELECT length(groupArray(repeat('x', 1000))) FROM numbers(20000000)");
    expect(heavy).toEqual([500, expect.stringMatching(/MEMORY_LIMIT_EXCEEDED|TIMEOUT_EXCEEDED/)]);
    const long = await read("SELECT number FROM numbers(1000001)");
    expect(long).toEqual([500, expect.stringContaining("TOO_MANY_ROWS_OR_BYTES")]);
    const wide = await read("SELECT repeat('x', 1000000) FROM numbers(40)");
    expect(wide).toEqual([500, expect.stringContaining("TOO_MANY_ROWS_OR_BYTES")]);
    const named = await read(`SELECT 1 AS ${"x".repeat(1000)} FROM numbers(100000) FORMAT JSONEachRow`);
    expect(named).toEqual([500, expect.stringMatching(/TOO_MANY_ROWS_OR_BYTES|MEMORY_LIMIT_EXCEEDED/)]);
    const [status] = await read(`SELECT '${"x".repeat(300_000)}'`);
    expect(status).toBe(413);
  });

  it("does not make the agent's own queries wait", async () => {
    const slow = Array.from({ length: 6 }, () => read(ENDLESS, "max_execution_time=2"));
    const start = performance.now();
    await test.rows("SELECT 1 AS one");
    const waited = performance.now() - start;
    await Promise.all(slow);
    expect(waited).toBeLessThan(1_500);
  });
});

describe("nobody without a password", () => {
  it.each([
    ["nobody", {}],
    ["default", { "x-clickhouse-user": "default", "x-clickhouse-key": "" }],
    ["reader without one", { "x-clickhouse-user": "reader" }],
    ["reader with a wrong one", { "x-clickhouse-user": "reader", "x-clickhouse-key": "guess" }],
    ["basic authentication with a wrong one", { authorization: `Basic ${btoa("reader:guess")}` }],
  ])("%s is answered", async (_name, headers) => {
    for (const init of [{ headers }, { headers, method: "POST", body: "SELECT 1" }]) {
      const answer = await fetch(`${test.engine.url}/?query=SELECT+1`, init);
      expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([403, "516"]);
      expect(await answer.text()).toContain("leeway reader");
    }
  });

  it("is answered before the body is read", async () => {
    const body = new Uint8Array(8 * 1024 ** 2);
    const answer = await fetch(`${test.engine.url}/`, { method: "POST", body });
    expect(answer.status).toBe(403);
  });

  it("may have the password in a form", async () => {
    const form = new FormData();
    form.set("user", test.engine.reader.user);
    form.set("password", test.engine.reader.password);
    form.set("query", "SELECT 1");
    const answer = await fetch(`${test.engine.url}/`, { method: "POST", body: form });
    expect(answer.status).toBe(403);
  });
});
