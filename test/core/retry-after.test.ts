import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../core/retry-after.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");

describe("Retry-After", () => {
  it.each<[header: string | null, ms: number | null]>([
    [null, null],
    ["", null],
    ["0", null],
    ["5", 5_000],
    [" 120 ", 120_000],
    ["999999999", 999_999_999_000],
    // Ten digits are no time, and no date either.
    ["9999999999", null],
    ["99999999999999999999", null],
    ["Fri, 02 Jan 2026 03:04:15 GMT", 10_000],
    ["Fri, 02 Jan 2026 03:04:05 GMT", null],
    ["Thu, 01 Jan 2026 00:00:00 GMT", null],
    ["1.5 minutes", null],
    ["soon", null],
  ])("%j asks for %s ms", (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
