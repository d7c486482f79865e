import { cp } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { KnownRow } from "../../core/span-row.ts";
import { type InstrumentationPair, PAIRS, type PairSpan, TWO_CALLS } from "./instrumentation-pairs.ts";
import { jsonRequest, START_MS } from "./otlp-request.ts";
import type { StoredRow } from "./rows-of.ts";
import { startCollector, type TestCollector } from "./start-collector.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Rows wait until somebody asks for them to be stored. */
const HELD = { batch: { maxRows: 1000, maxDelayMs: 60_000 } };

/** Where a minute begins. */
const BORDER = Math.ceil(START_MS / 60_000) * 60_000;

const requestOf = ({ scope, span }: PairSpan): object => jsonRequest([span], { scope });

const send = async ({ post }: TestCollector, spans: readonly PairSpan[]): Promise<void> => {
  for (const span of spans) expect((await post("/v1/traces", requestOf(span))).status).toBe(200);
};

const idsOf = (rows: readonly StoredRow[]): readonly unknown[] => rows.map(({ span_id }) => span_id).toSorted();

const bestOf = ({ spans, rows }: InstrumentationPair): readonly unknown[] =>
  rows.map((index) => spans[index]?.span.spanId).toSorted();

/** A call as a client for HTTP sees it, and as an SDK does, which knows its tokens. */
const CALL = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" };
const USAGE = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 7 };
const hex = (n: number, digits: number): string => (n + 1).toString(16).padStart(digits, "0");

const pairOf = (n: number, more: Readonly<Record<string, string>> = {}): { poor: PairSpan; better: PairSpan } => {
  const [traceId, poorId, betterId] = [hex(n, 32), hex(2 * n, 16), hex(2 * n + 1, 16)];
  const times = { startMs: START_MS, endMs: START_MS + 1000 };
  return {
    poor: { scope: "http", span: { ...times, traceId, spanId: poorId, attributes: { ...CALL, ...more } } },
    better: {
      scope: "sdk",
      span: { ...times, traceId, spanId: betterId, parentSpanId: poorId, attributes: { ...CALL, ...USAGE } },
    },
  };
};

describe("while the row of a call waits", () => {
  const alike = [...PAIRS, ...TWO_CALLS].filter(({ count }) => count === undefined);

  test.each(alike)("one request each, in both orders, is as good as one request: $pair", async (pair) => {
    for (const order of [pair.spans, pair.spans.toReversed()]) {
      const collector = await startCollector(HELD);
      await send(collector, [...order, ...order]);
      await collector.collector.flush();
      expect(idsOf(collector.rows())).toEqual(bestOf(pair));
    }
  });

  test("the better span takes its place, and its tokens are those of the call", async () => {
    const collector = await startCollector(HELD);
    const { poor, better } = pairOf(1);
    await send(collector, [poor, better, poor, better, better]);
    await collector.collector.flush();
    expect(collector.rows()).toMatchObject([{ span_id: better.span.spanId, input_tokens: 100, cost_usd: 0.1 }]);
    expect(collector.collector.stats()).toMatchObject({
      ...{ rows: 1, exchanged: 1, covered: 2, duplicates: 2, betterTooLate: 0 },
      spool: { insertedRows: 1 },
    });
  });

  test("a poorer span, and one that is as good, change nothing", async () => {
    const collector = await startCollector(HELD);
    const { poor, better } = pairOf(1);
    await send(collector, [
      better,
      poor,
      { ...better, scope: "another", span: { ...better.span, spanId: hex(77, 16) } },
    ]);
    await collector.collector.flush();
    expect(idsOf(collector.rows())).toEqual([better.span.spanId]);
    expect(collector.collector.stats()).toMatchObject({ rows: 1, exchanged: 0, covered: 2, betterTooLate: 0 });
  });

  test("a better span whose call ended in another minute is counted in that one alone", async () => {
    const collector = await startCollector(HELD, { now: () => BORDER + 3000 });
    const { poor, better } = pairOf(1);
    const ending = (endMs: number) => ({ startMs: BORDER - 1000, endMs });
    await send(collector, [
      { ...poor, span: { ...poor.span, ...ending(BORDER - 1) } },
      { ...better, span: { ...better.span, ...ending(BORDER + 4) } },
    ]);
    await collector.collector.flush();
    expect(collector.rows()).toMatchObject([{ span_id: better.span.spanId, end_ms: BORDER + 4 }]);
  });

  test("both of our attempts are calls, where the span around them came first", async () => {
    const collector = await startCollector(HELD);
    const { poor } = pairOf(1);
    const attempt = (n: number, from: number, to: number): PairSpan => ({
      scope: "leeway",
      span: {
        ...{ traceId: poor.span.traceId ?? "", parentSpanId: poor.span.spanId ?? "", spanId: hex(100 + n, 16) },
        ...{ startMs: START_MS + from, endMs: START_MS + to, attributes: { ...CALL, ...USAGE } },
      },
    });
    const attempts = [attempt(0, 0, 300), attempt(1, 400, 1000)];
    await send(collector, [poor]);
    await collector.post(
      "/v1/traces",
      jsonRequest(
        attempts.map(({ span }) => span),
        { scope: "leeway" },
      ),
    );
    await collector.collector.flush();
    expect(idsOf(collector.rows())).toEqual(attempts.map(({ span }) => span.spanId));
  });

  test("spans that arrive at once, in any order, are one row a call", async () => {
    const collector = await startCollector(HELD);
    const pairs = Array.from({ length: 60 }, (_, n) => pairOf(n));
    const spans = pairs.flatMap(({ poor, better }, n) => (n % 2 === 0 ? [poor, better, poor] : [better, poor, better]));
    const answers = await Promise.all(spans.map((span) => collector.post("/v1/traces", requestOf(span))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await collector.collector.flush();
    expect(idsOf(collector.rows())).toEqual(pairs.map(({ better }) => better.span.spanId).toSorted());
  });
});

describe("when the row of a call does not wait any more", () => {
  test("it stays, whatever comes, and that is counted", async () => {
    const collector = await startCollector(HELD);
    const { poor, better } = pairOf(1);
    await send(collector, [poor]);
    await collector.collector.flush();
    await send(collector, [better, better, poor]);
    await collector.collector.flush();
    expect(idsOf(collector.rows())).toEqual([poor.span.spanId]);
    expect(collector.collector.stats()).toMatchObject({ rows: 1, exchanged: 0, covered: 2, betterTooLate: 1 });
  });

  test("because it was never written, another span of the call is the row", async () => {
    const spool = { dir: await temporaryDirectory(), maxBytes: 800 };
    const collector = await startCollector({ ...HELD, spool });
    const segments = Array.from({ length: 10 }, (_, n) => [`leeway.segment.s${n}`, "x".repeat(200)] as const);
    const { poor, better } = pairOf(1, Object.fromEntries(segments));
    expect((await collector.post("/v1/traces", requestOf(poor))).status).toBe(503);
    await send(collector, [better, poor]);
    await collector.collector.flush();
    expect(idsOf(collector.rows())).toEqual([better.span.spanId]);
  });
});

describe("after a restart", () => {
  test("a call of which only the key is known is not lost with what could not be written beside it", async () => {
    const spool = { dir: await temporaryDirectory(), maxBytes: 800 };
    const { poor, better } = pairOf(1);
    const recentSpanKeys = async () => [`${poor.span.traceId}${poor.span.spanId}`];
    const collector = await startCollector({ ...HELD, spool }, { recentSpanKeys });
    const others = Array.from({ length: 4 }, (_, n) => pairOf(10 + n).poor.span);
    const request = jsonRequest([poor.span, ...others], { scope: "http" });
    expect((await collector.post("/v1/traces", request)).status).toBe(503);
    await send(collector, [better]);
    await collector.collector.flush();
    expect(collector.rows()).toEqual([]);
  });

  const down = { insert: () => Promise.reject(new Error("no store")) };

  test("a call that waits on disk is one row, and its better span comes too late", async () => {
    const spool = { dir: await temporaryDirectory(), maxBytes: 1_000_000 };
    const { poor, better } = pairOf(1);
    const before = await startCollector({ ...HELD, spool }, down);
    await send(before, [poor]);
    await before.collector.close();
    const after = await startCollector({ ...HELD, spool });
    await send(after, [better, poor]);
    await after.collector.flush();
    expect(idsOf(after.rows())).toEqual([poor.span.spanId]);
  });

  test("an exchange of before a crash holds, and neither span becomes another row", async () => {
    const spool = { dir: await temporaryDirectory(), maxBytes: 1_000_000 };
    const { poor, better } = pairOf(1);
    const before = await startCollector({ ...HELD, spool });
    await send(before, [poor, better]);
    // what a crash at this moment would leave, without its lock
    const left = await temporaryDirectory();
    await cp(spool.dir, left, { recursive: true, filter: (path) => !path.endsWith("lock") });
    const after = await startCollector({ ...HELD, spool: { ...spool, dir: left } });
    await send(after, [poor, better]);
    await after.collector.flush();
    expect(after.rows()).toMatchObject([{ span_id: better.span.spanId, input_tokens: 100 }]);
  });

  test("a call that the store has gets no second row", async () => {
    const { poor, better } = pairOf(1);
    const asked: number[] = [];
    const known: KnownRow = {
      ...{ trace_id: poor.span.traceId ?? "", span_id: poor.span.spanId ?? "", parent_span_id: "" },
      ...{ start_ms: START_MS, end_ms: START_MS + 1000, clock_skew_ms: 0, service: "support-api", scope: "http" },
      ...{ request_model: "gpt-4o", response_model: "", response_id: "" },
      ...{ input_tokens: null, output_tokens: null, cached_tokens: null },
    };
    const recentCalls = async (sinceMs: number): Promise<readonly KnownRow[]> => {
      asked.push(sinceMs);
      return [known];
    };
    const collector = await startCollector(HELD, { recentCalls });
    await send(collector, [better]);
    await collector.collector.flush();
    expect(collector.rows()).toEqual([]);
    expect(collector.collector.stats()).toMatchObject({ rows: 0, covered: 1 });
    expect(asked).toEqual([START_MS + 2000 - 900_000]);
  });

  test("a store that does not answer is no reason not to start, and the log says what may come of it", async () => {
    const recentCalls = () => Promise.reject(new Error("no store"));
    const collector = await startCollector(HELD, { recentCalls });
    await send(collector, [pairOf(1).poor]);
    expect(collector.log.lines.join("\n")).toContain("warn collector: recent calls are not known yet");
  });
});
