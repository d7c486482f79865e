import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "./eventually.ts";
import { chatSpan, jsonRequest } from "./otlp-request.ts";
import { startCollector } from "./start-collector.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
  rows.map(({ span_id }) => span_id).sort();

test("a collector whose spool is removed while it runs acknowledges nothing that is lost, and goes on", async () => {
  const dir = await temporaryDirectory();
  const spool = { dir, maxBytes: 1e8 };
  const { post, rows, collector } = await startCollector({ spool, batch: { maxRows: 1000, maxDelayMs: 60_000 } });
  const send = async (n: number): Promise<number> => (await post("/v1/traces", jsonRequest([chatSpan(n)]))).status;
  expect(await send(1)).toBe(200);
  await rm(dir, { recursive: true });
  const first = await send(2);
  expect([200, 503]).toContain(first);
  await eventually(async () => (await send(2)) === 200);
  expect(await send(3)).toBe(200);
  await collector.flush();
  expect(idsOf(rows())).toEqual([1, 2, 3].map((n) => chatSpan(n).spanId));
  expect(await readdir(dir)).toContain("lock");
  expect(collector.problems()).toEqual([]);
});

test("a collector whose spool another agent took answers 503 and says so, and is closed without touching it", async () => {
  const dir = await temporaryDirectory();
  const { post, collector, log } = await startCollector({ spool: { dir, maxBytes: 1e8 } });
  let beats = 0;
  const other = setInterval(() => {
    beats += 1;
    void writeFile(join(dir, "lock"), `${process.pid} fedcba9876543210 ${beats}`);
  }, 100);
  onTestFinished(() => clearInterval(other));
  await rm(join(dir, "lock"));
  await writeFile(join(dir, "lock"), `${process.pid} fedcba9876543210 0`);
  const answer = await post("/v1/traces", jsonRequest([chatSpan(1)]));
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(collector.problems()).toEqual([expect.stringMatching(/another agent has taken the spool.*restart this one/)]);
  expect(log.lines.join("\n")).toContain("another agent has taken the directory");
  const before = await readdir(dir);
  await collector.close();
  expect(await readdir(dir)).toEqual(before);
});
