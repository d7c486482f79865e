import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aBatch, aSpan } from "./a-span.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

describe("freshness", () => {
  it("is of the last hour only, and null without calls", async () => {
    const end_ms = Math.floor(Date.now()) - 10_000;
    await test
      .store()
      .insertSpans(
        aBatch([
          aSpan({ migration: "f", end_ms, received_ms: end_ms + 30 }),
          aSpan({ migration: "f", end_ms: end_ms - 60_000, received_ms: end_ms + 40, cohort: "canary" }),
          aSpan({ migration: "f", end_ms: end_ms - 3_600_001, cohort: "canary" }),
        ]),
      );
    expect(await test.store().freshness("f")).toEqual({
      newestEnd: end_ms,
      newestReceived: end_ms + 40,
      calls: { baseline: 1, canary: 1 },
      answered: 1,
      segments: [],
    });
    const tagged = [
      aSpan({ migration: "g", end_ms, error: 1, segments: { tier: "a" } }),
      aSpan({ migration: "g", end_ms, segments: { tier: "b", language: "en" } }),
    ];
    await test.store().insertSpans(aBatch([...tagged, tagged[1] ?? aSpan({})]));
    const seen = await test.store().freshness("g");
    expect([seen.calls.baseline, seen.answered, seen.segments?.toSorted()]).toEqual([2, 1, ["language", "tier"]]);
    // A clock that runs ahead must not make an old call look new, for as long as it is ahead.
    await test
      .store()
      .insertSpans(aBatch([aSpan({ migration: "ahead", end_ms: end_ms + 1_800_000, received_ms: end_ms })]));
    expect((await test.store().freshness("ahead")).newestEnd).toBe(end_ms);
    expect(await test.store().freshness("nobody")).toEqual({
      newestEnd: null,
      newestReceived: null,
      calls: { baseline: 0, canary: 0 },
      answered: 0,
      segments: [],
    });
  });
});

describe("recentSpanKeys", () => {
  it("names the newest spans received since, newest first, at most as many as asked", async () => {
    const at = Date.now() + 100_000;
    const spans = [3, 1, 2].map((i) => aSpan({ received_ms: at + i }));
    await test.store().insertSpans(aBatch(spans));
    const [third, first, second] = spans.map(({ trace_id, span_id }) => trace_id + span_id);
    const since = Date.now() + 50_000;
    expect(await test.store().recentSpanKeys(since, 10)).toEqual([third, second, first]);
    expect(await test.store().recentSpanKeys(since, 2)).toEqual([third, second]);
  });
});

describe("recentCalls", () => {
  it("gives what tells other spans of a call, newest first, with unknown counts unknown", async () => {
    const at = Date.now() + 300_000;
    const counts = { input_tokens: 12, output_tokens: null, cached_tokens: null, clock_skew_ms: -40 };
    const call = aSpan({
      ...counts,
      received_ms: at + 1,
      response_id: "chatcmpl-1",
      parent_span_id: "00000000000000aa",
    });
    const newer = aSpan({ received_ms: at + 2 });
    await test.store().insertSpans(aBatch([call]));
    await test.store().insertSpans(aBatch([call, newer]));
    const found = await test.store().recentCalls(at, 10);
    expect(found.map(({ span_id }) => span_id)).toEqual([newer.span_id, call.span_id, call.span_id]);
    const { trace_id, span_id, parent_span_id, service, scope, request_model, response_model, response_id } = call;
    const texts = { trace_id, span_id, parent_span_id, service, scope, request_model, response_model, response_id };
    const times = { start_ms: Math.floor(call.start_ms), end_ms: Math.floor(call.end_ms) };
    expect(found[1]).toEqual({ ...texts, ...times, ...counts });
    expect(await test.store().recentCalls(at, 1)).toHaveLength(1);
  });
});

describe("query", () => {
  it("binds parameters and gives 64-bit counts as numbers", async () => {
    const rows = await test
      .store()
      .query("SELECT {text:String} AS text, toUInt64(7) AS n, {list:Array(String)} AS list", {
        text: "it's \\ \n; DROP",
        list: ["a'b"],
      });
    expect(rows).toEqual([{ text: "it's \\ \n; DROP", n: 7, list: ["a'b"] }]);
  });

  it("rejects with store-query and one line", async () => {
    const failure = await test
      .store()
      .query("SELECT * FROM nowhere")
      .catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: "store-query" });
    expect((failure as Error).message).toMatch(/^store: .*UNKNOWN_TABLE.*$/);
    expect((failure as Error).message).not.toContain("\n");
  });
});
