import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aBatch, aSpan, T0 } from "./a-span.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

describe("exposure", () => {
  it("counts the calls that started in [since, until), each once, whenever they ended", async () => {
    const canary = (start_ms: number, instance: string): Parameters<typeof aSpan>[0] => ({
      migration: "x",
      cohort: "canary",
      start_ms,
      end_ms: start_ms + 90_000,
      instance,
    });
    const twice = aSpan(canary(T0 + 10, "pod-b"));
    await test
      .store()
      .insertSpans(
        aBatch([
          aSpan(canary(T0 - 1, "pod-before")),
          aSpan(canary(T0, "pod-a")),
          twice,
          twice,
          aSpan(canary(T0 + 999, "")),
          aSpan(canary(T0 + 1_000, "pod-after")),
          aSpan({ migration: "x", cohort: "baseline", start_ms: T0 + 5, end_ms: T0 + 6 }),
          aSpan({ migration: "x", cohort: "shadow", start_ms: T0 + 5, end_ms: T0 + 6 }),
          aSpan({ migration: "y", cohort: "canary", start_ms: T0 + 5, end_ms: T0 + 6 }),
        ]),
      );
    expect(await test.store().exposure({ migration: "x", since: T0, until: T0 + 1_000 })).toEqual({
      since: T0,
      until: T0 + 1_000,
      canaryCalls: 3,
      baselineCalls: 1,
      lastCanaryStart: T0 + 999,
      instances: ["pod-a", "pod-b"],
    });
  });

  it("says null, not zero, for the last canary call when there was none", async () => {
    expect(await test.store().exposure({ migration: "none", since: T0, until: T0 + 1_000 })).toEqual({
      since: T0,
      until: T0 + 1_000,
      canaryCalls: 0,
      baselineCalls: 0,
      lastCanaryStart: null,
      instances: [],
    });
  });
});

describe("canaryDuration", () => {
  it("is a quantile of the canary calls that ended in [since, until), and null without any", async () => {
    const took = (duration_ms: number, cohort: "canary" | "baseline", end_ms = T0 + 500): ReturnType<typeof aSpan> =>
      aSpan({ migration: "slow", cohort, start_ms: end_ms - duration_ms, end_ms, duration_ms });
    await test
      .store()
      .insertSpans(
        aBatch([
          ...[100, 200, 300].map((ms) => took(ms, "canary")),
          took(9_000, "baseline"),
          took(8_000, "canary", T0 + 1_000),
        ]),
      );
    const request = { since: T0, until: T0 + 1_000, quantile: 0.5 };
    expect(await test.store().canaryDuration({ migration: "slow", ...request })).toBe(200);
    expect(await test.store().canaryDuration({ migration: "none", ...request })).toBeNull();
  });
});

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
    });
    // A clock that runs ahead must not make an old call look new, for as long as it is ahead.
    await test
      .store()
      .insertSpans(aBatch([aSpan({ migration: "ahead", end_ms: end_ms + 1_800_000, received_ms: end_ms })]));
    expect((await test.store().freshness("ahead")).newestEnd).toBe(end_ms);
    expect(await test.store().freshness("nobody")).toEqual({
      newestEnd: null,
      newestReceived: null,
      calls: { baseline: 0, canary: 0 },
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
