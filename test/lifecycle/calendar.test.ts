import { describe, expect, it } from "vitest";
import type { ClosedTime } from "../../core/migration.ts";
import { closedText, closedUntil } from "../../lifecycle/calendar.ts";

const zone = "Europe/Berlin";
const WEEKEND: ClosedTime = { days: [6, 0], zone };
const NIGHT: ClosedTime = { from: 18 * 60, to: 8 * 60, zone };
const at = (text: string): number => Date.parse(text);
const until = (times: readonly ClosedTime[], now: string): string | null => {
  const end = closedUntil(times, at(now));
  return typeof end === "number" ? new Date(end).toISOString().slice(0, 16) : end;
};

describe("times in which nothing advances", () => {
  it.each<[string, readonly ClosedTime[], string, string | null]>([
    ["none", [], "2026-11-28T12:00Z", null],
    ["a Friday afternoon", [WEEKEND, NIGHT], "2026-11-27T16:59Z", null],
    ["Friday evening waits for Monday morning", [WEEKEND, NIGHT], "2026-11-27T17:00Z", "2026-11-30T07:00"],
    ["Saturday at noon too", [WEEKEND, NIGHT], "2026-11-28T11:00Z", "2026-11-30T07:00"],
    ["a weekend alone ends at midnight of the zone", [WEEKEND], "2026-11-28T11:00Z", "2026-11-29T23:00"],
    ["it begins at midnight of the zone", [WEEKEND], "2026-11-27T22:59:59Z", null],
    ["hours over midnight", [NIGHT], "2026-11-24T23:30Z", "2026-11-25T07:00"],
    ["the last second of them", [NIGHT], "2026-11-25T06:59:59Z", "2026-11-25T07:00"],
    ["the first open minute", [NIGHT], "2026-11-25T07:00Z", null],
    ["hours of one day", [{ from: 720, to: 780, zone: "UTC" }], "2026-11-25T12:30Z", "2026-11-25T13:00"],
    ["a night in which clocks go back is an hour longer", [NIGHT], "2026-10-24T20:00Z", "2026-10-25T07:00"],
    ["and one in which they go forward an hour shorter", [NIGHT], "2026-03-28T20:00Z", "2026-03-29T06:00"],
    [
      "an end that the clocks leave out is over after it",
      [{ from: 60, to: 150, zone }],
      "2026-03-29T00:30Z",
      "2026-03-29T01:00",
    ],
    [
      "an hour that comes twice is closed twice",
      [{ from: 120, to: 180, zone }],
      "2026-10-25T00:10Z",
      "2026-10-25T02:00",
    ],
    ["a zone of half hours", [{ from: 0, to: 60, zone: "Asia/Kolkata" }], "2026-11-25T18:45Z", "2026-11-25T19:30"],
    [
      "each by the clocks of its own zone",
      [NIGHT, { from: 480, to: 600, zone: "UTC" }],
      "2026-11-25T06:00Z",
      "2026-11-25T07:00",
    ],
  ])("%s", (_what, times, now, expected) => expect(until(times, now)).toBe(expected));

  it("that leave nothing open say so", () => {
    expect(
      closedUntil(
        [
          { from: 0, to: 720, zone },
          { from: 720, to: 0, zone },
        ],
        0,
      ),
    ).toBe("never");
  });

  it("are open at the minute they say, and closed until then: every hour of a year", () => {
    for (let now = at("2026-01-01T00:13Z"); now < at("2027-01-01T00:00Z"); now += 13 * 3_600_000) {
      const end = closedUntil([WEEKEND, NIGHT], now);
      if (typeof end !== "number") continue;
      expect(closedUntil([WEEKEND, NIGHT], end)).toBeNull();
      expect(closedUntil([WEEKEND, NIGHT], end - 60_000)).toBe(end);
    }
  });

  it("are written as the document writes them", () => {
    expect([WEEKEND, NIGHT, { days: [5], zone }].map(closedText)).toEqual([
      "weekend Europe/Berlin",
      "18:00-08:00 Europe/Berlin",
      "Fri Europe/Berlin",
    ]);
  });
});
