import { describe, expect, it, test } from "vitest";
import { standingOf } from "../../lifecycle/standing.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { aFlippedRollback } from "../fixtures/a-rollback.ts";

const migration = migrationOf(documentText());
const HOUR = 3_600_000;
const state = (fields: Partial<MigrationState> = {}): MigrationState => ({ ...NOT_STARTED, hash: "h", ...fields });
/** Of a migration that an earlier version started. */
const old = (fields: Partial<MigrationState> = {}): MigrationState => state({ ...fields, approvals: "leaving" });

describe("where a migration stands", () => {
  it.each<[string, MigrationState, number, string]>([
    ["under way", state(), 0, "running"],
    ["paused", state({ isPaused: true }), 0, "paused"],
    ["time is up, nobody is asked", state({ stage: 1 }), 2 * HOUR, "running"],
    ["before a stage that asks a person", state(), HOUR, "waiting-for-approval"],
    ["a person will be asked later", state(), HOUR - 1, "running"],
    ["in the stage that asked", state({ stage: 1 }), HOUR, "running"],
    ["an earlier version's, in the stage that asks", old({ stage: 1 }), HOUR, "waiting-for-approval"],
    ["an earlier version's, before that stage", old(), HOUR, "running"],
    ["over", state({ stage: 2 }), 0, "done"],
    ["rolled back, drain open", state({ rollback: aFlippedRollback() }), 0, "rolling-back"],
    ["rolled back, proven", state({ rollback: aFlippedRollback({ drain: "proven" }) }), 0, "rolled-back"],
    ["rolled back, not followed", state({ rollback: aFlippedRollback({ drain: "overdue" }) }), 0, "not-rolled-back"],
    ["rolled back while paused", state({ isPaused: true, rollback: aFlippedRollback() }), 0, "rolling-back"],
  ])("%s", (_what, at, now, expected) => expect(standingOf(migration, at, now)).toBe(expected));
});

test("a first stage that asks for approval is waited for from the start", () => {
  const asking = migrationOf(documentText({ stages: "stages: [{ canary: 5%, for: 1h, approval: true }]" }));
  expect(standingOf(asking, state({ stage: -1 }), 0)).toBe("waiting-for-approval");
});
