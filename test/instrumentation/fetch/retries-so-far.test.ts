import { expect, it } from "vitest";
import { afterLast, afterWait, askedWaitMs, NO_RETRIES } from "../../../instrumentation/fetch/retries-so-far.ts";

const NOW = Date.parse("2026-11-30T06:00:00Z");

it.each<[what: string, headers: Record<string, string>, askedMs: number | null]>([
  ["nothing", {}, null],
  ["seconds", { "retry-after": "20" }, 20_000],
  ["a fraction of a second", { "retry-after": "0.25" }, 250],
  ["milliseconds, which go first", { "retry-after-ms": "1500", "retry-after": "20" }, 1500],
  ["milliseconds that are none", { "retry-after-ms": "soon", "retry-after": "20" }, 20_000],
  ["a date", { "retry-after": "Mon, 30 Nov 2026 06:00:30 GMT" }, 30_000],
  ["a date that is past", { "retry-after": "Mon, 30 Nov 2026 05:00:00 GMT" }, null],
  ["a negative number", { "retry-after": "-5" }, null],
  ["no time at all", { "retry-after": "0" }, null],
  ["a word with a number", { "retry-after": "1 apple" }, null],
  ["an hour, longer than SDKs wait", { "retry-after": "3600" }, 3_600_000],
  ["longer than anybody means", { "retry-after": "999999999999" }, null],
  ["an infinite number", { "retry-after": "1e999" }, null],
])("%s asks for a wait", (_what, headers, askedMs) => {
  expect(askedWaitMs(new Headers(headers), NOW)).toBe(askedMs);
});

it("a wait is kept where every one that was asked for is, give or take a timer", () => {
  const asked = { isThrottled: true, askedMs: 1000 };
  const unasked = { isThrottled: false, askedMs: null };
  expect(afterWait(NO_RETRIES, unasked, 10)).toEqual({ waitMs: 10, throttled: 0, kept: null });
  expect(afterWait(NO_RETRIES, asked, 999)).toEqual({ waitMs: 999, throttled: 1, kept: true });
  const broken = afterWait(NO_RETRIES, asked, 500);
  expect(broken.kept).toBe(false);
  expect(afterWait(broken, asked, 2000)).toEqual({ waitMs: 2500, throttled: 2, kept: false });
  expect(afterWait(broken, unasked, 5).kept).toBe(false);
  // A clock that stands still, or goes back, loses no time.
  expect(afterWait(NO_RETRIES, unasked, -3).waitMs).toBe(0);
  expect(afterLast(broken, true).throttled).toBe(2);
});
