import { describe, expect, it } from "vitest";
import { retirementsDue } from "../../lifecycle/retirement-due.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const arm = (model: string, prompt = "1") => ({ model, provider: null, prompt: { name: "p", version: prompt } });
const migration = aMigration({ baseline: arm("old"), candidate: arm("new") });
const DAY = 86_400_000;
const ENDS = Date.parse("2027-01-14");
const find = (model: string) => (model === "old" ? { retires: "2027-01-14", source: "vendor" } : null);
const at = (daysBefore: number, of = migration) => retirementsDue(of, find, ENDS - daysBefore * DAY);

describe("the mark of a retirement", () => {
  it.each([
    [91, []],
    [90.001, []],
    [90, [90]],
    [31, [90]],
    [30, [30]],
    [20, [30]],
    [7, [7]],
    [0.01, [7]],
    [0, [0]],
    [-400, [0]],
  ])("%d days before: %o", (days, marks) => {
    expect(at(days).map(({ withinDays }) => withinDays)).toEqual(marks);
  });

  it("is told with the days that are left, not with its own", () => {
    expect(at(20)).toEqual([
      {
        ...{ type: "retirement", model: "old", arms: ["baseline"], source: "vendor" },
        ...{ retires: "2027-01-14", daysLeft: 20, withinDays: 30 },
      },
    ]);
  });

  it("is told once of a model that both arms have", () => {
    const ofPrompts = aMigration({ baseline: arm("old"), candidate: arm("old", "2") });
    expect(at(5, ofPrompts).map(({ arms }) => arms)).toEqual([["baseline", "canary"]]);
  });
});
