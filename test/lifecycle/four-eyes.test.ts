import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../core/ledger.ts";
import { approvalMissing, refuseApprover, revisionMissing } from "../../lifecycle/approver.ts";
import { refuseCommand } from "../../lifecycle/commands/commands.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const STAGE = { kind: "canary", forMs: 1, approval: true } as const;
const migration = aMigration({
  ...{ approvers: ["ana", "bob", "carl"], fourEyes: true },
  stages: [
    { ...STAGE, share: 0.05, approval: false },
    { ...STAGE, share: 0.5 },
    { ...STAGE, share: 0.9 },
  ],
});

const entry = (at: number, event: LedgerEntry["event"], by = "agent"): LedgerEntry => ({
  ...{ id: `${at}`, at, migration: migration.name, by, incident: "" },
  event,
});
const STARTED = entry(1, { type: "started", hash: migration.hash, stage: 0, share: 0.05, approvals: "entry" });
const approval = (at: number, by: string, stage = 0): LedgerEntry =>
  entry(at, { type: "approval", stage, reason: "ok" }, by);
const command = (at: number, name: "rearm" | "rollback" | "advance", by: string, identity: "proven" | "claimed") =>
  entry(at, { type: "command", command: name, reason: "x", identity }, by);
const ask = (by: string, entries: readonly LedgerEntry[], identity: "proven" | "claimed" | "link" = "proven") => {
  const state = foldLedger(migration, entries);
  const refused = refuseCommand(migration, state, { command: "advance", reason: "x", by, identity });
  return refused ?? approvalMissing(migration, state, by);
};

describe("four eyes, where the agent took the document up by itself", () => {
  it("take two different approvers", () => {
    expect(ask("ana", [STARTED])).toMatch(/^approved by ana; under four eyes .* \(bob, carl\)$/);
    expect(ask("ana", [STARTED, approval(2, "ana")])).toContain("ana approved it already: it still needs bob, carl");
    expect(ask("bob", [STARTED, approval(2, "ana")])).toBe("");
  });

  it("do not count an approval of another stage, of nobody's list, or of before a re-arming", () => {
    const moved = [STARTED, approval(2, "ana"), command(3, "advance", "bob", "proven")];
    expect(ask("bob", moved)).toContain("approved by bob");
    expect(ask("bob", [...moved, approval(4, "ana", 0)])).toContain("approved by bob");
    expect(ask("bob", [STARTED, approval(2, "mallory")])).toContain("approved by bob");
    const again = [
      STARTED,
      approval(2, "ana"),
      command(3, "rollback", "x", "claimed"),
      command(4, "rearm", "x", "claimed"),
    ];
    expect(ask("bob", again)).toContain("approved by bob");
  });

  it("let nothing move by an approval alone", () => {
    const entries = [STARTED, approval(2, "ana"), approval(3, "bob"), approval(3, "bob")];
    expect(foldLedger(migration, entries)).toMatchObject({ stage: 0, approvedBy: ["ana", "bob"] });
    expect(ask("ana", entries)).toContain("already");
    expect(ask("carl", entries)).toBe("");
  });
});

describe("four eyes, where it is known who started it", () => {
  const rearmed = [STARTED, command(2, "rollback", "x", "claimed"), command(3, "rearm", "ana", "proven")];

  it("take one other approver", () => {
    expect(ask("ana", rearmed)).toContain("ana asked for what is to be approved: it needs bob, carl");
    expect(ask("bob", rearmed)).toBe("");
  });

  it("do not count whoever gave it another document, nor what was approved before", () => {
    const revision = { hash: migration.hash, stage: 0, before: 0.05, keepsTime: true, restarts: false };
    const event = { type: "command", command: "revise", reason: "x", identity: "proven", revision } as const;
    const revised = [STARTED, approval(2, "bob"), entry(3, event as unknown as LedgerEntry["event"], "ana")];
    expect(foldLedger(migration, revised)).toMatchObject({ askedBy: ["ana"], approvedBy: [] });
    expect(ask("ana", revised)).toContain("ana asked for what is to be approved");
    expect(ask("carl", revised)).toBe("");
  });

  it("know nobody by what they say", () => {
    const said = [STARTED, command(2, "rollback", "x", "claimed"), command(3, "rearm", "ana", "claimed")];
    expect(ask("bob", said)).toContain("approved by bob");
  });
});

describe("under four eyes", () => {
  it("no word without a token is an approval, and no link", () => {
    expect(ask("ana", [STARTED], "claimed")).toContain("is only said, and the document asks for four eyes");
    expect(ask("ana", [STARTED], "link")).toContain("a link says nothing");
    expect(refuseApprover({ approvers: ["ana"] }, { by: "ana", identity: "claimed" })).toBeNull();
  });

  it("a rollback and a pause need nobody else", () => {
    const state = foldLedger(migration, [STARTED]);
    for (const each of ["rollback", "pause"] as const)
      expect(refuseCommand(migration, state, { command: each, reason: "x", by: "x", identity: "claimed" })).toBeNull();
  });

  it("takes no approval during a drill, and keeps the one that was given before", () => {
    const drill = { drill: "1-1", reason: "r", rule: "", share: 0.05, until: 90_000, owner: "run" };
    const during = [STARTED, approval(2, "ana"), entry(3, { type: "drill-started", ...drill })];
    expect(ask("bob", during)).toContain("a drill is under way");
    const after = [...during, entry(4, { type: "drill-ended", drill: "1-1", outcome: "flipped", why: "" })];
    expect(ask("bob", after)).toContain("a drill is under way");
    expect(ask("bob", [...after, entry(5, { type: "drill-restored", drill: "1-1", share: 0.05, settledAt: 6 })])).toBe(
      "",
    );
  });
});

describe("a changed document under four eyes", () => {
  const HASH = { b: `v2:${"b".repeat(64)}`, c: `v2:${"c".repeat(64)}` } as const;
  const taken = (which: keyof typeof HASH) => ({
    ...{ hash: HASH[which], stage: 0, share: 0.05, before: 0.05, keepsTime: true, restarts: false },
  });
  const word = (at: number, by: string, which: keyof typeof HASH = "b"): LedgerEntry =>
    entry(at, { type: "revision-approval", hash: HASH[which], reason: "typo" }, by);
  const revise = (
    by: string,
    entries: readonly LedgerEntry[],
    { which = "b", identity = "proven" }: { which?: keyof typeof HASH; identity?: "proven" | "claimed" } = {},
  ): string => {
    const state = foldLedger(migration, entries);
    const request = { command: "revise", reason: "x", by, identity, revision: { revision: taken(which) } } as const;
    return refuseCommand(migration, state, request) ?? revisionMissing(migration, state, HASH[which], by);
  };

  it("is taken up by two different approvers, who say so of the same content", () => {
    expect(revise("ana", [STARTED])).toBe(
      "asked for by ana; under four eyes it is taken up when another approver gives leeway revise too (bob, carl)",
    );
    expect(revise("ana", [STARTED, word(2, "ana")])).toBe(
      "taking its changed document up needs one of its approvers (ana, bob, carl); ana approved it already: it still needs bob, carl",
    );
    expect(revise("bob", [STARTED, word(2, "ana")])).toBe("");
    expect(revise("bob", [STARTED, word(2, "ana", "c")])).toContain("asked for by bob");
  });

  it("takes nobody's word without a token, and none of who is no approver", () => {
    expect(revise("ana", [STARTED], { identity: "claimed" })).toContain("the document asks for four eyes");
    expect(revise("mallory", [STARTED])).toContain("needs one of its approvers");
    expect(revise("bob", [STARTED, word(2, "mallory")])).toContain("asked for by bob");
  });

  it("counts no word of before a re-arming, nor an approval of the next stage", () => {
    const again = [command(3, "rollback", "x", "claimed"), command(4, "rearm", "x", "claimed")];
    expect(revise("bob", [STARTED, word(2, "ana"), ...again])).toContain("asked for by bob");
    expect(revise("bob", [STARTED, approval(2, "ana")])).toContain("asked for by bob");
    expect(ask("bob", [STARTED, word(2, "ana")])).toContain("approved by bob");
  });

  it("leaves the one who was asked the second pair of eyes for the next stage, and the one who asked none", () => {
    const event = {
      type: "command",
      command: "revise",
      reason: "x",
      identity: "proven",
      revision: taken("b"),
    } as const;
    const revised = [STARTED, word(2, "ana"), entry(3, event, "bob")];
    expect(foldLedger(migration, revised)).toMatchObject({ askedBy: ["ana"], revisionApprovals: [] });
    expect(ask("ana", revised)).toContain("ana asked for what is to be approved");
    expect(ask("bob", revised)).toBe("");
  });

  it("needs one where the document asks for no four eyes", () => {
    const plain = { ...migration, fourEyes: false };
    expect(revisionMissing(plain, foldLedger(plain, [STARTED]), HASH.b, "ana")).toBe("");
  });
});
