import { describe, expect, it } from "vitest";
import { createPreflightWatch } from "../../../agent/watch/preflight-watch.ts";
import type { LedgerEntry } from "../../../core/ledger.ts";
import { failedLines } from "../../../lifecycle/preflight.ts";
import { type MigrationState, NOT_STARTED } from "../../../lifecycle/state.ts";
import { aMigration } from "../../fixtures/a-migration.ts";

const migration = aMigration({ stages: [{ kind: "canary", share: 0.2, forMs: 0, approval: false }] });
const NOW = 10_000;
const DRILL = { drill: "0-1", owner: "o", startedAt: NOW, until: NOW + 9_000, flippedAt: null, isConfirmed: true };

/** A pre-flight whose flag system answers when it is let. */
const slowly = (of = migration, entries: readonly LedgerEntry[] = []) => {
  let state: MigrationState = { ...NOT_STARTED, hash: of.hash };
  const answer = Promise.withResolvers<number>();
  const watch = createPreflightWatch(() => of, {
    history: { state: () => state, entries: () => entries },
    latest: () => null,
    freshness: async () =>
      ({ newestEnd: NOW, calls: { canary: 5, baseline: 95 }, answered: 90, segments: [] }) as never,
    flag: {
      inspect: async () => ({
        state: { flag: "f", share: await answer.promise, enabled: true, revision: "1" },
        ...{ variants: [], mayWrite: true, mayWriteBecause: "", facts: [], problems: [] },
      }),
    },
    retirement: () => null,
    probes: async () => "none",
    now: () => NOW,
  });
  return {
    watch,
    answer: answer.resolve,
    be: (change: Partial<MigrationState>): void => {
      state = { ...state, ...change };
    },
  };
};

describe("the watch over the pre-flight", () => {
  it("says what it found", async () => {
    const { watch, answer } = slowly();
    answer(0);
    await watch.look();
    expect(failedLines(watch.latest())).toEqual([expect.stringContaining("serves 0%")]);
  });

  it("asks the ledger when the way back was tried last", async () => {
    const stages = [...migration.stages, { kind: "canary", share: 0.5, forMs: 0, approval: false } as const];
    const of = aMigration({ stages });
    const failedOf = async (entries: readonly LedgerEntry[]) => {
      const { watch, answer, be } = slowly(of, entries);
      be({ asksDrill: true });
      answer(0.2);
      await watch.look();
      return failedLines(watch.latest());
    };
    const begun = {
      type: "drill-started",
      drill: "0-1",
      reason: "r",
      rule: "error",
      share: 0.2,
      until: 9,
      owner: "o",
    } as const;
    const ended = { type: "drill-ended", drill: "0-1", outcome: "proven", why: "" } as const;
    const drilled = [begun, ended].map((event, i) => ({
      ...{ id: `e${i}`, at: NOW - 10 + i, migration: of.name, by: "ana", incident: "m:1", event },
    }));
    expect(await failedOf([])).toEqual([`the way back was never tried: leeway drill ${of.name}`]);
    expect(await failedOf(drilled)).toEqual([]);
  });

  it.each<[string, Partial<MigrationState>, Partial<MigrationState>, number]>([
    ["began", {}, { drills: 1, drill: { ...DRILL, endedAt: null } }, 0.2],
    ["was restored", { drills: 1, drill: { ...DRILL, endedAt: null } }, { drill: null }, 0],
  ])("takes nothing from a look during which a drill %s", async (_what, before, after, share) => {
    const { watch, answer, be } = slowly();
    be(before);
    const look = watch.look();
    be(after);
    answer(share);
    await look;
    expect(watch.latest()).toBeNull();
  });
});
