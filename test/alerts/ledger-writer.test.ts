import { describe, expect, it } from "vitest";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { recordingLedger } from "./recording-ledger.ts";
import { recordingLog } from "./recording-log.ts";

const entry = (id: string): LedgerEntry => ({
  id,
  at: 1,
  migration: "m",
  by: "agent",
  incident: "",
  event: { type: "command", command: "pause", reason: "r" },
});
const start = (timeoutMs = 5_000, pauseMs = 0) => {
  const ledger = recordingLedger();
  const log = recordingLog();
  return { ledger, log, writer: createLedgerWriter({ timeoutMs, pauseMs }, { appendLedger: ledger.append, log }) };
};
const ids = (entries: readonly LedgerEntry[]): string[] => entries.map((e) => e.id);

describe("writing to the ledger", () => {
  it("says when the entries are stored", async () => {
    const { ledger, writer, log } = start();
    expect(await writer.write(entry("a"), entry("b"))).toBe(true);
    expect(ids(ledger.entries())).toEqual(["a", "b"]);
    expect(log.lines).toEqual([]);
  });

  it("keeps what a failing ledger refuses and stores it, in order, before the next entries", async () => {
    const { ledger, writer, log } = start();
    ledger.behave("fail");
    expect(await writer.write(entry("a"))).toBe(false);
    expect(await writer.write(entry("b"))).toBe(false);
    expect(writer.backlog()).toBe(2);
    ledger.behave("store");
    expect(await writer.write(entry("c"))).toBe(true);
    expect(ids(ledger.entries())).toEqual(["a", "b", "c"]);
    expect(writer.backlog()).toBe(0);
    expect(log.lines.join()).toContain("the store is down");
  });

  it("does not wait for a hanging ledger", async () => {
    const { ledger, writer } = start(50);
    ledger.behave("hang");
    expect(await writer.write(entry("a"))).toBe(false);
    ledger.behave("store");
    expect(await writer.write()).toBe(true);
    expect(ids(ledger.entries())).toEqual(["a"]);
  });

  it("waits once for a hanging ledger, not for every entry of a rollback", async () => {
    const { ledger, writer, log } = start(50, 60_000);
    ledger.behave("hang");
    expect(await writer.write(entry("a"))).toBe(false);
    ledger.behave("store");
    expect([await writer.write(entry("b")), await writer.write(entry("c"))]).toEqual([false, false]);
    expect(writer.backlog()).toBe(3);
    expect(log.lines).toHaveLength(1);
  });

  it("tries again after its pause, everything in order", async () => {
    const { ledger, writer } = start(20, 20);
    ledger.behave("hang");
    await writer.write(entry("a"));
    ledger.behave("store");
    await expect.poll(() => writer.write(entry("b"))).toBe(true);
    expect(ids(ledger.entries())[0]).toBe("a");
    expect(writer.backlog()).toBe(0);
  });

  it("survives a ledger that throws instead of rejecting", async () => {
    const appendLedger = (): Promise<void> => {
      throw new Error("bug");
    };
    expect(await createLedgerWriter({}, { appendLedger, log: recordingLog() }).write(entry("a"))).toBe(false);
  });
});
