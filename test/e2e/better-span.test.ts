import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../collector/collector-settings.ts";
import { type Collector, createCollector } from "../../collector/create-collector.ts";
import type { Tick } from "../../core/sample.ts";
import { jsonRequest } from "../collector/otlp-request.ts";
import { unstored } from "../collector/unstored.ts";
import { recordingLog } from "../store/recording-log.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";

/* Two spans of one call in two requests, to what is judged and what the dashboard shows: real engine. */

const MINUTE_MS = 60_000;

let test: TestStore;
let collector: Collector;

const start = (): Promise<Collector> => {
  const { insertSpans: insert, recentSpanKeys, recentCalls } = test.store();
  return createCollector(
    {
      ...DEFAULT_COLLECTOR_SETTINGS,
      listen: { host: "127.0.0.1", port: 0 },
      spool: { dir: join(test.dir, "spool"), maxBytes: 10_000_000 },
      batch: { maxRows: 1000, maxDelayMs: 60_000 },
    },
    {
      ...unstored(recordingLog().log),
      ...{ insert, recentSpanKeys, recentCalls },
      assign: () => ({ migration: "m", cohort: "canary" }),
      price: ({ input_tokens }) => (input_tokens === null ? null : input_tokens / 1000),
    },
  );
};

beforeEach(async () => {
  test = await openTestStore();
  collector = await start();
});
afterEach(async () => {
  await collector.close();
  await test.end();
});

/** The end of a minute that is over. */
const border = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const CALL = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" };
const USAGE = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 7 };
const poor = { spanId: "00000000000000aa", startMs: border - 900, endMs: border - 2, attributes: CALL };
const better = {
  ...{ spanId: "00000000000000bb", parentSpanId: poor.spanId, startMs: border - 900, endMs: border + 3 },
  attributes: { ...CALL, ...USAGE },
};

const send = async (scope: string, span: object): Promise<void> => {
  const body = JSON.stringify(jsonRequest([span], { scope }));
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${collector.url}/v1/traces`, { method: "POST", headers, body })).status).toBe(200);
};
const sendPoor = (): Promise<void> => send("http", poor);
const sendBetter = (): Promise<void> => send("sdk", better);

const fold = (from: number, to: number): Promise<Tick> =>
  test.store().foldTick({ migration: "m", from, to, stage: 0, share: 0.05, segments: [] });

/** Calls, those with a cost, and the cost: of a tick, and of the rollup by minutes. */
const inTick = ({ calls, samples }: Tick): readonly (number | undefined)[] => {
  const cost = samples.find(({ signal, cohort }) => signal === "cost_usd" && cohort === "canary");
  return [calls.find(({ cohort }) => cohort === "canary")?.calls, cost?.n ?? 0, cost?.sum ?? 0];
};
const inRollup = (): Promise<object[]> =>
  test.store().query(
    `SELECT toUnixTimestamp(minute) * 1000 AS minute, sum(calls) AS calls, sum(cost_usd_known) AS known, sum(cost_usd_sum) AS usd
       FROM llm_1m GROUP BY minute ORDER BY minute`,
  );

it("is one call with its cost, in one tick and one minute, also when all comes again after a restart", async () => {
  await sendPoor();
  await sendBetter();
  await collector.flush();
  const rolled = [{ minute: border, calls: 1, known: 1, usd: 0.1 }];
  expect(inTick(await fold(border - MINUTE_MS, border))).toEqual([0, 0, 0]);
  expect(inTick(await fold(border, border + 1000))).toEqual([1, 1, 0.1]);
  expect(await inRollup()).toEqual(rolled);
  await collector.close();
  await test.reopen();
  collector = await start();
  await sendPoor();
  await sendBetter();
  await collector.flush();
  expect(inTick(await fold(border + 1000, border + 2000))).toEqual([0, 0, 0]);
  expect(await inRollup()).toEqual(rolled);
});

it("stays as it was counted, where the better span comes after it was stored, before a restart or after", async () => {
  await sendPoor();
  await collector.flush();
  const rolled = [{ minute: border - MINUTE_MS, calls: 1, known: 0, usd: 0 }];
  expect(inTick(await fold(border - MINUTE_MS, border))).toEqual([1, 0, 0]);
  await sendBetter();
  await collector.flush();
  expect(inTick(await fold(border, border + 1000))).toEqual([0, 0, 0]);
  await collector.close();
  collector = await start();
  await sendBetter();
  await collector.flush();
  expect(inTick(await fold(border + 1000, border + 2000))).toEqual([0, 0, 0]);
  expect(await inRollup()).toEqual(rolled);
});
