import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "./engine-client.ts";

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine();
  await test.client.command({ query: "CREATE DATABASE d ENGINE = Atomic" });
  await test.client.command({ query: "CREATE TABLE d.t (a UInt32) ENGINE = MergeTree ORDER BY a" });
  await test.client.insert({ table: "d.t", values: [{ a: 1 }, { a: 2 }], format: "JSONEachRow" });
});
afterAll(() => test.end());

const read = async (sql: string, url = ""): Promise<readonly [number, string]> => {
  const answer = await fetch(`${test.engine.url}/?user=reader&${url}`, { method: "POST", body: sql });
  return [answer.status, await answer.text()];
};

describe("the reader", () => {
  it.each([
    ["SELECT sum(a) FROM d.t", "3\n"],
    ["WITH 2 AS x SELECT x FORMAT JSONEachRow", '{"x":2}\n'],
    ["SHOW TABLES FROM d", "t\n"],
    ["SELECT count() FROM system.databases WHERE name = 'd'", "1\n"],
    ["SELECT timezone()", "UTC\n"],
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
    "SELECT 1 SETTINGS readonly = 0",
    "SELECT 1 SETTINGS max_execution_time = 0",
    "SELECT file('/etc/passwd')",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM `/etc/passwd`",
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

  it("cannot write a file", async () => {
    const path = join(test.dir, "out.csv");
    expect((await read(`SELECT 1 INTO OUTFILE '${path}'`))[0]).toBe(403);
    expect(existsSync(path)).toBe(false);
  });

  it("may ask for less time, as Grafana's client does, and gets no more than thirty seconds", async () => {
    expect((await read("SELECT sleep(3)", "max_execution_time=1"))[0]).toBe(408);
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

  it("has a limit on memory", async () => {
    const [status, text] = await read("SELECT length(groupArray(repeat('x', 1000))) FROM numbers(20000000)");
    expect(status).toBe(500);
    expect(text).toMatch(/MEMORY_LIMIT_EXCEEDED|TIMEOUT_EXCEEDED/);
  });

  it("does not make the agent's own queries wait", async () => {
    const slow = Array.from({ length: 6 }, () => read("SELECT sleep(2)"));
    const start = performance.now();
    await test.rows("SELECT 1 AS one");
    const waited = performance.now() - start;
    await Promise.all(slow);
    expect(waited).toBeLessThan(1_500);
  });
});
