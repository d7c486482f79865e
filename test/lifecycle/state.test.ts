import { describe, expect, it } from "vitest";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const STAGES = [0.05, 0.25, 0.5].map((share) => ({ kind: "canary" as const, share, forMs: 1000, approval: false }));
const MIGRATION = aMigration({ stages: STAGES });

const stateAfter = (...events: readonly LedgerEvent[]) => {
  const started: LedgerEvent = { type: "started", hash: "h", stage: 0, share: 0.05 };
  const entries = [started, ...events].map(
    (event, i): LedgerEntry => ({ id: `e${i}`, at: i + 1, migration: "m", by: "ana", incident: "", event }),
  );
  return foldLedger(MIGRATION, entries);
};
const byPerson = (stage?: number): LedgerEvent => ({
  type: "command",
  command: "advance",
  reason: "go",
  ...(stage === undefined ? {} : { stage }),
});
const byAgent = (toStage: number): LedgerEvent => ({
  type: "decision",
  decision: { kind: "advance", toStage, reason: "clear" },
  judgement: null,
});

describe("an advance", () => {
  it.each<[string, readonly LedgerEvent[], number]>([
    ["of a person and of the agent for one stage is one", [byPerson(0), byAgent(1)], 1],
    ["of the agent and of a person for one stage is one", [byAgent(1), byPerson(0)], 1],
    ["of two people for one stage is one", [byPerson(0), byPerson(0)], 1],
    ["of two agents for one stage is one", [byAgent(1), byAgent(1)], 1],
    ["for each stage in turn leads on", [byPerson(0), byAgent(2), byPerson(2)], 3],
    ["that comes late does not lead back", [byPerson(0), byPerson(1), byAgent(1)], 2],
    ["of before stages were named leads one on, as it did then", [byPerson(), byPerson()], 2],
    ["beyond the end stays there", [byPerson(0), byPerson(1), byPerson(2), byPerson(3), byAgent(9)], 3],
  ])("%s", (_what, events, stage) => {
    expect(stateAfter(...events).stage).toBe(stage);
  });

  it("that changes nothing does not let the stage's time begin anew", () => {
    expect(stateAfter(byPerson(0), byAgent(1), byPerson(0)).stageSince).toBe(2);
  });
});

describe("a claim", () => {
  it("changes nothing", () => {
    const claim: LedgerEvent = { type: "claim", notice: "n", channel: "c", attempt: 1, turn: 1, owner: "o" };
    expect(stateAfter(claim)).toEqual(stateAfter());
  });
});
