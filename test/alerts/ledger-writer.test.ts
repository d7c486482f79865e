import { describe, expect, it } from "vitest";
import type { Journal } from "../../alerts/journal/journal.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { LeewayError } from "../../core/errors.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { recordingLedger } from "./recording-ledger.ts";
import { recordingLog } from "./recording-log.ts";
import { writeThrough } from "./write-through.ts";

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
    expect(await writeThrough(writer, entry("a"), entry("b"))).toBe(true);
    expect(ids(ledger.entries())).toEqual(["a", "b"]);
    expect(log.lines).toEqual([]);
  });

  it("keeps what a failing ledger refuses and stores it, in order, before the next entries", async () => {
    const { ledger, writer, log } = start();
    ledger.behave("fail");
    expect(await writeThrough(writer, entry("a"))).toBe(false);
    expect(await writeThrough(writer, entry("b"))).toBe(false);
    expect(writer.kept()).toHaveLength(2);
    ledger.behave("store");
    expect(await writeThrough(writer, entry("c"))).toBe(true);
    expect(ids(ledger.entries())).toEqual(["a", "b", "c"]);
    expect(writer.kept()).toEqual([]);
    expect(log.lines.join()).toContain("the store is down");
  });

  it("does not wait for a hanging ledger", async () => {
    const { ledger, writer } = start(50);
    ledger.behave("hang");
    expect(await writeThrough(writer, entry("a"))).toBe(false);
    ledger.behave("store");
    expect(await writeThrough(writer)).toBe(true);
    expect(ids(ledger.entries())).toEqual(["a"]);
  });

  it("waits once for a hanging ledger, not for every entry of a rollback", async () => {
    const { ledger, writer, log } = start(50, 60_000);
    ledger.behave("hang");
    expect(await writeThrough(writer, entry("a"))).toBe(false);
    ledger.behave("store");
    expect([await writeThrough(writer, entry("b")), await writeThrough(writer, entry("c"))]).toEqual([false, false]);
    expect(writer.kept()).toHaveLength(3);
    expect(log.lines).toHaveLength(1);
  });

  it("tries again after its pause, everything in order", async () => {
    const { ledger, writer } = start(20, 20);
    ledger.behave("hang");
    await writeThrough(writer, entry("a"));
    ledger.behave("store");
    await expect.poll(() => writeThrough(writer, entry("b"))).toBe(true);
    expect(ids(ledger.entries())[0]).toBe("a");
    expect(writer.kept()).toEqual([]);
  });

  it("stores what is well beside an entry that the database refuses for good, and drops neither", async () => {
    const { ledger, log } = start();
    const appendLedger = (entries: readonly LedgerEntry[]): Promise<void> =>
      entries.some(({ id }) => id === "poison")
        ? Promise.reject(new LeewayError("store-query", "no such date"))
        : ledger.append(entries);
    const writer = createLedgerWriter({}, { appendLedger, log });
    expect(await writeThrough(writer, entry("poison"))).toBe(false);
    expect(await writeThrough(writer, entry("a"))).toBe(true);
    expect(await writeThrough(writer, entry("b"), entry("c"))).toBe(true);
    expect([ids(ledger.entries()), ids(writer.kept()), await writeThrough(writer)]).toEqual([
      ["a", "b", "c"],
      ["poison"],
      false,
    ]);
  });

  it("survives a ledger that throws instead of rejecting", async () => {
    const appendLedger = (): Promise<void> => {
      throw new Error("bug");
    };
    expect(await writeThrough(createLedgerWriter({}, { appendLedger, log: recordingLog() }), entry("a"))).toBe(false);
  });
});

/** A journal in memory that can be told to fail. */
const scriptedJournal = () => {
  const held = new Map<string, LedgerEntry>();
  let problem = "";
  const journal: Journal = {
    add: async (entries) => {
      if (problem === "") for (const entry of entries) held.set(entry.id, entry);
      return problem;
    },
    forget: (entries) => {
      for (const { id } of entries) held.delete(id);
    },
    pending: () => [...held.values()],
    problem: () => problem,
    close: async () => undefined,
  };
  const fail = (text: string): void => {
    problem = text;
  };
  return { journal, fail, held: () => [...held.keys()] };
};

const startWithJournal = (left: readonly LedgerEntry[] = []) => {
  const ledger = recordingLedger();
  const { journal, fail, held } = scriptedJournal();
  const writer = createLedgerWriter(
    { timeoutMs: 2_000, pauseMs: 0, noteMs: 50 },
    { appendLedger: ledger.append, log: recordingLog(), journal, left },
  );
  return { ledger, writer, fail, held };
};

describe("noting an entry", () => {
  it.each(["hang", "fail"] as const)("waits for the journal alone while the ledger does %s", async (mode) => {
    const { ledger, writer, held } = startWithJournal();
    ledger.behave(mode);
    const started = performance.now();
    for (const id of ["a", "b", "c"]) expect(await writer.note(entry(id))).toBe("");
    expect(performance.now() - started).toBeLessThan(1_900);
    expect(held()).toEqual(["a", "b", "c"]);
    ledger.behave("store");
    expect(await writeThrough(writer)).toBe(true);
    expect([ids(ledger.entries()), held(), writer.kept()]).toEqual([["a", "b", "c"], [], []]);
  });

  it("hands it to the ledger without being asked again", async () => {
    const { ledger, writer, held } = startWithJournal();
    await writer.note(entry("a"));
    await expect.poll(() => ids(ledger.entries())).toEqual(["a"]);
    await expect.poll(held).toEqual([]);
  });

  it("counts as on record when the ledger took what the journal could not", async () => {
    const { writer, fail } = startWithJournal();
    fail("ENOSPC");
    expect(await writer.note(entry("a"))).toBe("");
  });

  it.each(["hang", "fail"] as const)(
    "says why it is on no record when the ledger does %s as well, and keeps it",
    async (mode) => {
      const { ledger, writer, fail } = startWithJournal();
      fail("ENOSPC");
      ledger.behave(mode);
      expect(await writer.note(entry("a"))).toBe("ENOSPC");
      expect(ids(writer.kept())).toEqual(["a"]);
      ledger.behave("store");
      await expect.poll(() => writeThrough(writer)).toBe(true);
      expect(ids(ledger.entries())).toEqual(["a"]);
    },
  );
});

describe("writing with a journal", () => {
  it("has the entry in the journal before the ledger is asked, until it is stored", async () => {
    const seen: (readonly string[])[] = [];
    const { journal, held } = scriptedJournal();
    const appendLedger = async (): Promise<void> => void seen.push(held());
    const writer = createLedgerWriter({}, { appendLedger, log: recordingLog(), journal });
    await writeThrough(writer, entry("a"));
    expect([seen, held()]).toEqual([[["a"]], []]);
  });

  it("hands over what an earlier run left before anything else", async () => {
    const { ledger, writer } = startWithJournal([entry("left-1"), entry("left-2")]);
    expect(ids(writer.kept())).toEqual(["left-1", "left-2"]);
    expect(await writeThrough(writer, entry("new"))).toBe(true);
    expect(ids(ledger.entries())).toEqual(["left-1", "left-2", "new"]);
  });

  it("stores everything once, in order, however writes and notes overlap", async () => {
    const { ledger, writer } = startWithJournal();
    const all = Array.from({ length: 30 }, (_, i) => entry(`n${i}`));
    await Promise.all(all.map((each, i) => (i % 3 === 0 ? writer.note(each) : writeThrough(writer, each))));
    expect(await writeThrough(writer)).toBe(true);
    expect(ids(ledger.entries())).toEqual(ids(all));
    expect(writer.kept()).toEqual([]);
  });
});
