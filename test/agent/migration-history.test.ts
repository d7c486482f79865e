import { describe, expect, it } from "vitest";
import { createMigrationHistory } from "../../agent/migration-history.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import type { LedgerEvent } from "../../core/ledger.ts";
import { recordingLedger } from "../alerts/recording-ledger.ts";
import { recordingLog } from "../alerts/recording-log.ts";
import { writeThrough } from "../alerts/write-through.ts";
import { documentText, migrationOf } from "./config/documents.ts";

const migration = migrationOf(documentText());
const STARTED: LedgerEvent = { type: "started", hash: migration.hash, stage: 0, share: 0.05 };
const ROLLBACK = { kind: "rollback", rule: "error", reason: "bad" } as const;

const world = () => {
  const shared = recordingLedger();
  let [clock, reading] = [1_000, "work"];
  const agent = () =>
    createMigrationHistory(migration, {
      readLedger: async () => {
        if (reading === "fail") throw new Error("away");
        return structuredClone(shared.entries());
      },
      ledger: createLedgerWriter({ timeoutMs: 50 }, { appendLedger: shared.append, log: recordingLog() }),
      now: () => clock,
    });
  return {
    shared,
    agent,
    at: (time: number): void => {
      clock = time;
    },
    reading: (mood: "work" | "fail"): void => {
      reading = mood;
    },
  };
};

describe("the history of a migration", () => {
  it("is unknown, not empty, until the ledger was read", async () => {
    const { agent, reading } = world();
    reading("fail");
    const history = agent();
    expect(await history.refresh()).toEqual([]);
    expect([history.isKnown(), history.problem()]).toEqual([false, "the ledger cannot be read: away"]);
    reading("work");
    await history.refresh();
    expect([history.isKnown(), history.problem()]).toEqual([true, ""]);
  });

  it("counts what it records at once, under ids that repeat for the same fact", async () => {
    const { agent, shared, at } = world();
    const history = agent();
    await history.record(STARTED, { id: "started" });
    at(2_000);
    await history.record(STARTED, { id: "started" });
    expect(history.state()).toMatchObject({ hash: migration.hash, since: 1_000 });
    expect(shared.entries()).toMatchObject([{ id: "m:started", at: 1_000, by: "agent", migration: "m" }]);
  });

  it("keeps what the store did not take, counts it, and hands it over with the next reading", async () => {
    const { agent, shared } = world();
    const history = agent();
    shared.behave("fail");
    await history.record(STARTED, { id: "started" });
    expect(history.state().hash).toBe(migration.hash);
    shared.behave("store");
    await history.refresh();
    expect(shared.of("started")).toHaveLength(1);
    expect(history.entries()).toHaveLength(1);
  });

  it("goes by the stored version where two agents wrote the same fact down", async () => {
    const { agent, at } = world();
    const [a, b] = [agent(), agent()];
    await a.record(STARTED, { id: "started" });
    at(1_700);
    await b.record(STARTED, { id: "started" });
    expect(b.state().since).toBe(1_700);
    await b.refresh();
    expect(b.state()).toEqual(a.state());
    expect(b.incident()).toBe("m:1000");
  });

  it("hands back only what is new here", async () => {
    const { agent } = world();
    const [a, b] = [agent(), agent()];
    await a.record(STARTED, { id: "started" });
    expect((await b.refresh()).map(({ id }) => id)).toEqual(["m:started"]);
    expect(await b.refresh()).toEqual([]);
    expect(await a.refresh()).toEqual([]);
  });

  it("takes one decision per rollback, rule, stage or reason, until it is re-armed", async () => {
    const { agent, at } = world();
    const history = agent();
    await history.record(STARTED, { id: "started" });
    for (const decision of [
      ROLLBACK,
      ROLLBACK,
      { ...ROLLBACK, rule: "other" },
      { kind: "pause", rule: "a", reason: "x" },
      { kind: "pause", rule: "b", reason: "x" },
      { kind: "advance", toStage: 1, reason: "x" },
      { kind: "advance", toStage: 2, reason: "x" },
      { kind: "page", reason: "x" },
      { kind: "page", reason: "x" },
      { kind: "page", reason: "y" },
      { kind: "continue" },
    ] as const) {
      await history.decide(decision, null);
    }
    expect(history.entries().filter(({ event }) => event.type === "decision")).toHaveLength(7);
    at(9_000);
    await history.record({ type: "command", command: "rearm", reason: "fixed" }, { id: "rearm", by: "ana" });
    await history.decide(ROLLBACK, null);
    expect(history.entries().filter(({ event }) => event.type === "decision")).toHaveLength(8);
    expect(history.state().rollback?.incident).toBe("m:9000");
  });

  it("lets entries made elsewhere count at once through its writer", async () => {
    const { agent, shared } = world();
    const history = agent();
    shared.behave("fail");
    const entry = { id: "x", at: 5, migration: "m", by: "agent", incident: "", event: STARTED };
    expect(await writeThrough(history.writer, entry)).toBe(false);
    expect(history.state().hash).toBe(migration.hash);
    expect(history.writer.kept()).toEqual([entry]);
  });
});
