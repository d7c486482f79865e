import { expect, it } from "vitest";
import { writeNotice } from "../../alerts/write-notice.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const migration = aMigration({ name: "m" });
const context = { migration, incident: "m:1", startedWith: migration.hash, link: "" };
const ending = { model: "old", retires: "2027-01-14", source: "https://vendor.example/ends" } as const;

it("says which arm ends when, who says so, and what to do; it opens nothing, and warns from 30 days on", () => {
  const far = { kind: "retiring", ...ending, arms: ["baseline"], daysLeft: 80, withinDays: 90 } as const;
  const notice = writeNotice({ at: 1, inIncident: false, news: far }, context);
  expect(notice).toMatchObject({ type: "stage", severity: "info", phase: "update", incident: "" });
  expect(notice.title).toBe("m: the baseline old is retired in 80 days, on 2027-01-14");
  expect(notice.summary).toContain("a rollback leads to a model that does not answer");
  expect(notice.summary).toContain(ending.source);

  const gone = { ...far, arms: ["baseline", "canary"], daysLeft: -3, withinDays: 0 } as const;
  const late = writeNotice({ at: 1, inIncident: false, news: gone }, context);
  expect(late).toMatchObject({ severity: "warning" });
  expect(late.title).toBe("m: the baseline and candidate old is retired since 2027-01-14");
  expect(late.id).not.toBe(notice.id);
});
