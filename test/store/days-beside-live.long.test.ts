// @module-tag soak
import { expect, onTestFinished, test } from "vitest";
import { chatSpan, protobufRequest } from "../collector/otlp-request.ts";
import { startCollector } from "../collector/start-collector.ts";
import { openTestStore } from "./test-store.ts";

const DAY_MS = 86_400_000;

/** Calls of one sender whose clock is wrong by up to ninety days, a few of each day. */
const datedRequest = (request: number, now: number): Uint8Array =>
  protobufRequest(
    Array.from({ length: 270 }, (_, index) => {
      const endMs = now - (index % 90) * DAY_MS;
      return { ...chatSpan(1_000_000 + request * 270 + index), startMs: endMs - 500, endMs };
    }),
    { resource: { "service.name": "dated" } },
  );

const liveRequest = (request: number, now: number): Uint8Array =>
  protobufRequest([{ ...chatSpan(request), startMs: now - 500, endMs: now }], { resource: { "service.name": "live" } });

test("a live sender's calls are stored at once beside a sender of ninety days of dates, all of them once", async () => {
  const store = await openTestStore();
  onTestFinished(store.end);
  const { insertSpans, insertOutcomes, query } = store.store();
  const { collector, post } = await startCollector(
    { batch: { maxRows: 20_000, maxDelayMs: 100 } },
    { insert: insertSpans, insertOutcomes, now: Date.now },
  );
  const countOf = async (service: string): Promise<number> => {
    const sql = "SELECT count() AS calls FROM llm_spans WHERE service = {service:String}";
    return (await query<{ calls: number }>(sql, { service }))[0]?.calls ?? -1;
  };
  for (let request = 0; request < 8; request += 1) {
    const now = Date.now();
    for (const body of [datedRequest(request, now), liveRequest(request, now)]) {
      expect((await post("/v1/traces", body)).status).toBe(200);
    }
    // within seconds, and long before the dated calls are
    await expect.poll(() => countOf("live"), { interval: 50 }).toBe(request + 1);
  }
  await collector.flush();
  expect([await countOf("live"), await countOf("dated")]).toEqual([8, 8 * 270]);
  const [rollup] = await query<{ calls: number }>("SELECT sum(calls) AS calls FROM llm_1m");
  expect(rollup).toEqual({ calls: 8 * 271 });
}, 120_000);
