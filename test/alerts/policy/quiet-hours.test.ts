import { describe, expect, it } from "vitest";
import { quietUntil } from "../../../alerts/policy/quiet-hours.ts";

const at = (text: string): number => Date.parse(text);
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const hours = (from: string, to: string, zone = "Europe/Berlin") => ({ from: minutes(from), to: minutes(to), zone });
const NIGHT = hours("22:00", "07:00");

describe("quiet hours", () => {
  it.each<[string, ReturnType<typeof hours>, string, string | null]>([
    ["by day", NIGHT, "2026-11-30T12:00:00Z", null],
    ["a minute before they begin", NIGHT, "2026-11-30T20:59:59Z", null],
    ["from when they begin", NIGHT, "2026-11-30T21:00:00Z", "2026-12-01T06:00:00Z"],
    ["after midnight", NIGHT, "2026-12-01T03:21:17.250Z", "2026-12-01T06:00:00Z"],
    ["in their last second", NIGHT, "2026-12-01T05:59:59Z", "2026-12-01T06:00:00Z"],
    ["when they are over", NIGHT, "2026-12-01T06:00:00Z", null],
    ["within a day", hours("12:00", "13:30", "UTC"), "2026-11-30T12:10:00Z", "2026-11-30T13:30:00Z"],
    [
      "by the clocks of the zone",
      hours("22:00", "07:00", "Asia/Kolkata"),
      "2026-11-30T20:00:00Z",
      "2026-12-01T01:30:00Z",
    ],
    [
      "up to a quarter of an hour's zone",
      hours("22:00", "07:00", "Asia/Kathmandu"),
      "2026-11-30T20:00:00Z",
      "2026-12-01T01:15:00Z",
    ],
    ["over the night clocks go forward", NIGHT, "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"],
    ["over the night clocks go back", NIGHT, "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"],
    ["to an end that the clocks leave out", hours("22:00", "02:30"), "2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z"],
    [
      "to the first of an end that comes twice",
      hours("22:00", "02:30"),
      "2026-10-24T22:00:00Z",
      "2026-10-25T00:30:00Z",
    ],
    [
      "in the second hour of one that comes twice",
      hours("22:00", "02:30"),
      "2026-10-25T01:10:00Z",
      "2026-10-25T01:30:00Z",
    ],
    ["to midnight", hours("18:00", "00:00", "UTC"), "2026-11-30T20:00:00Z", "2026-12-01T00:00:00Z"],
  ])("%s", (_what, quiet, now, end) => {
    expect(quietUntil(quiet, at(now))).toBe(end === null ? null : at(end));
  });

  it("end after every moment in them, and outside them, all year", () => {
    for (let now = at("2026-01-01T00:00:00Z"); now < at("2027-01-01T00:00:00Z"); now += 7 * 3_600_000 + 11 * 60_000) {
      const end = quietUntil(NIGHT, now);
      if (end === null) continue;
      expect(end).toBeGreaterThan(now);
      expect(end - now).toBeLessThanOrEqual(10 * 3_600_000);
      expect(quietUntil(NIGHT, end)).toBeNull();
      expect(quietUntil(NIGHT, end - 60_000)).not.toBeNull();
    }
  });
});
