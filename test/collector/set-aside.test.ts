import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ALL_STORED, type RowBatch, type StoredRows } from "../../collector/collaborators.ts";
import { chatSpan, jsonRequest, START_MS } from "./otlp-request.ts";
import { rowsOf } from "./rows-of.ts";
import { startCollector } from "./start-collector.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A store that refuses the rows of one service for what they say, and stores all others. */
const createPickyStore = () => {
  const stored: unknown[] = [];
  return {
    stored,
    insert: async (batch: RowBatch): Promise<StoredRows> => {
      const lines = Buffer.from(batch.lines).toString().trimEnd().split("\n");
      const isBad = (line: string) => line.includes('"bad-service"');
      const good = lines.filter((line) => !isBad(line));
      if (good.length > 0) stored.push(...rowsOf({ ...batch, lines: `${good.join("\n")}\n` }));
      return { refused: lines.filter(isBad).map((line) => Buffer.from(`${line}\n`)) };
    },
  };
};

test("rows that the store refuses are kept in a file and counted, and hold up no others", async () => {
  const dir = await temporaryDirectory();
  const store = createPickyStore();
  const { collector, post, log } = await startCollector(
    { spool: { dir, maxBytes: 64 * 1024 ** 2 } },
    { insert: store.insert },
  );
  const bad = { resource: { "service.name": "bad-service" } };
  await post("/v1/traces", jsonRequest([chatSpan(1), chatSpan(2)]));
  await post("/v1/traces", jsonRequest([chatSpan(3)], bad));
  await collector.flush();
  await post("/v1/traces", jsonRequest([chatSpan(4)]));
  await collector.flush();
  expect(store.stored).toMatchObject([1, 2, 4].map((n) => ({ span_id: chatSpan(n).spanId })));
  const files = await readdir(join(dir, "refused"));
  const kept = await Promise.all(files.map((name) => readFile(join(dir, "refused", name), "utf8")));
  expect(kept.map((line) => JSON.parse(line)[1])).toEqual([chatSpan(3).spanId]);
  expect(collector.stats()).toMatchObject({ setAsideRows: 1, spool: { rows: 0, insertFailures: 0 } });
  expect(log.lines.join("\n")).toContain("the store refuses rows for what they say; they are set aside");
});

const DAY_MS = 86_400_000;

test("calls of earlier days wait by themselves: no other call waits behind them", async () => {
  const stuck = Promise.withResolvers<StoredRows>();
  const stored: unknown[] = [];
  const { collector, post } = await startCollector(
    {},
    {
      insert: async (batch) => {
        const rows = rowsOf(batch);
        if (rows.some(({ end_ms }) => Number(end_ms) < START_MS - DAY_MS)) return stuck.promise;
        stored.push(...rows.map(({ span_id }) => span_id));
        return ALL_STORED;
      },
    },
  );
  const old = (n: number) => ({ ...chatSpan(n), startMs: START_MS - n * DAY_MS, endMs: START_MS - n * DAY_MS + 500 });
  const answer = await post(
    "/v1/traces",
    jsonRequest([...Array.from({ length: 80 }, (_, n) => old(n + 3)), chatSpan(1)]),
  );
  expect(answer.status).toBe(200);
  await post("/v1/traces", jsonRequest([chatSpan(2)]));
  await expect.poll(() => stored).toEqual([chatSpan(1).spanId, chatSpan(2).spanId]);
  expect(collector.stats()).toMatchObject({ rows: 82, late: 80, earlierSpool: { rows: 80 } });
  stuck.resolve(ALL_STORED);
  await collector.flush();
  expect(collector.stats()).toMatchObject({ earlierSpool: { rows: 0 } });
});

test("a call of an earlier day that is sent again, after a restart too, is stored once", async () => {
  const dir = await temporaryDirectory();
  const spool = { dir, maxBytes: 64 * 1024 ** 2 };
  const old = { ...chatSpan(1), startMs: START_MS - 9 * DAY_MS, endMs: START_MS - 9 * DAY_MS + 500 };
  const first = await startCollector({ spool }, { insert: () => Promise.reject(new Error("the store is down")) });
  for (let repeat = 0; repeat < 2; repeat += 1) await first.post("/v1/traces", jsonRequest([old]));
  expect(first.collector.stats()).toMatchObject({ rows: 1, duplicates: 1 });
  await first.collector.close();
  const second = await startCollector({ spool });
  await second.post("/v1/traces", jsonRequest([old]));
  await second.collector.flush();
  expect(second.rows()).toHaveLength(1);
});
