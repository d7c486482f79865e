import { describe, expect, it } from "vitest";
import { recordApprovalDue } from "../../agent/record-approval-due.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { Judgement, Verdict } from "../../core/verdict.ts";
import { idInMigration } from "../../lifecycle/ledger-ids.ts";
import type { PreflightCheck } from "../../lifecycle/preflight.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration } from "../fixtures/a-migration.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

const HOUR = 3_600_000;
const STAGE = { kind: "canary", forMs: HOUR, approval: true } as const;
const migration = aMigration({
  stages: [
    { ...STAGE, share: 0.05, approval: false },
    { ...STAGE, share: 0.5 },
    { ...STAGE, share: 0.9 },
  ],
});
const OK: readonly PreflightCheck[] = [{ check: "flag", outcome: "ok", line: "fine" }];
const FAILED: readonly PreflightCheck[] = [{ check: "flag", outcome: "failed", line: "the flag may not be written" }];
const judged = (outcome: "clear" | "undecided", stage = 0): Judgement => {
  const rule = { rule: "error", severity: "rollback", evidence: anEvidence() } as const;
  const verdict: Verdict = outcome === "clear" ? { ...rule, outcome } : { ...rule, outcome, why: "no-data" };
  return { migration: migration.name, at: 0, stage, verdicts: [verdict] };
};

const world = (events: readonly LedgerEvent[] = []) => {
  const entries: LedgerEntry[] = [];
  const add = (event: LedgerEvent, id: string, at: number): void => {
    if (entries.some((entry) => entry.id === id)) return;
    entries.push({ id, at, migration: migration.name, by: "agent", incident: "", event });
  };
  add({ type: "started", hash: migration.hash, stage: 0, share: 0.05, approvals: "entry" }, "started", 0);
  for (const [i, event] of events.entries()) add(event, `e${i}`, 1);
  const look = (now: number, judgement: Judgement | null = judged("clear"), checks: typeof OK | null = OK) =>
    recordApprovalDue(
      migration,
      {
        state: () => foldLedger(migration, entries),
        entries: () => entries,
        record: async (event, { id }) => {
          add(event, idInMigration(migration.name, id), now);
          return "";
        },
      },
      { judgement, checks, now },
    );
  const holds = (): readonly string[] =>
    entries.flatMap(({ event }) => (event.type === "approval-due" ? [event.hold] : []));
  return { look, holds, add };
};

describe("an approval that is due", () => {
  it("is on record once, when the time is up and nothing else keeps the stage", async () => {
    const { look, holds } = world();
    await look(HOUR - 1);
    expect(holds()).toEqual([]);
    for (const later of [0, 1, 2]) await look(HOUR + later);
    expect(holds()).toEqual([""]);
  });

  it("is on record while something keeps it too, and once more when nothing does; then no more", async () => {
    const { look, holds } = world();
    await look(HOUR, judged("undecided"));
    await look(HOUR, judged("clear"), FAILED);
    await look(2 * HOUR);
    await look(3 * HOUR, judged("undecided"));
    expect(holds()).toEqual([
      expect.stringMatching(/^the time of stage 1 of 3 is up and it does not end: .*error/),
      "",
    ]);
  });

  it("calls nothing ready that was not looked at since the stage began", async () => {
    const { look, holds } = world();
    await look(HOUR, null);
    await look(HOUR, judged("clear", 1));
    await look(HOUR, judged("clear"), null);
    expect(holds()).toEqual([]);
  });

  it.each<[string, readonly LedgerEvent[]]>([
    ["paused", [{ type: "command", command: "pause", reason: "r" }]],
    ["rolled back", [{ type: "command", command: "rollback", reason: "r" }]],
    [
      "during a drill",
      [{ type: "drill-started", drill: "0-1", reason: "r", rule: "", share: 0.05, until: 9 * HOUR, owner: "o" }],
    ],
  ])("is none while it is %s", async (_what, events) => {
    const { look, holds } = world(events);
    await look(2 * HOUR);
    expect(holds()).toEqual([]);
  });

  it("is another at the next stage, and none at one that waits for nobody", async () => {
    const { look, holds, add } = world();
    await look(HOUR);
    add({ type: "command", command: "advance", reason: "r", stage: 0 }, "advanced", HOUR);
    await look(2 * HOUR, judged("clear", 1));
    expect(holds()).toEqual(["", ""]);
    add({ type: "command", command: "advance", reason: "r", stage: 1 }, "again", 2 * HOUR);
    await look(9 * HOUR, judged("clear", 2));
    expect(holds()).toEqual(["", ""]);
  });
});
