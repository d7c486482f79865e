import { describe, expect, it } from "vitest";
import { standingOf } from "../../lifecycle/standing.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { aFlippedRollback } from "../fixtures/a-rollback.ts";

const migration = migrationOf(documentText());
const HOUR = 3_600_000;
const state = (fields: Partial<MigrationState> = {}): MigrationState => ({ ...NOT_STARTED, hash: "h", ...fields });

describe("where a migration stands", () => {
  it.each<[string, MigrationState, number, string]>([
    ["under way", state(), 0, "running"],
    ["paused", state({ isPaused: true }), 0, "paused"],
    ["time is up, nobody is asked", state(), 2 * HOUR, "running"],
    ["time is up, a person is asked", state({ stage: 1 }), HOUR, "waiting-for-approval"],
    ["a person will be asked later", state({ stage: 1 }), HOUR - 1, "running"],
    ["over", state({ stage: 2 }), 0, "done"],
    ["rolled back, drain open", state({ rollback: aFlippedRollback() }), 0, "rolling-back"],
    ["rolled back, proven", state({ rollback: aFlippedRollback({ drain: "proven" }) }), 0, "rolled-back"],
    ["rolled back, not followed", state({ rollback: aFlippedRollback({ drain: "overdue" }) }), 0, "not-rolled-back"],
    ["rolled back while paused", state({ isPaused: true, rollback: aFlippedRollback() }), 0, "rolling-back"],
  ])("%s", (_what, at, now, expected) => expect(standingOf(migration, at, now)).toBe(expected));
});
