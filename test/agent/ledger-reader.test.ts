import { describe, expect, it } from "vitest";
import { createLedgerReader } from "../../agent/ledger-reader.ts";
import type { LedgerEntry } from "../../core/ledger.ts";

const MINUTE = 60_000;

/** A ledger in memory with the database's clock, and how many entries each reading got. */
const start = () => {
  const rows: { readonly entry: LedgerEntry; readonly written: number }[] = [];
  const read: number[] = [];
  const clock = { now: 1_000_000_000 };
  let fails = false;
  const fail = (does: boolean): void => {
    fails = does;
  };
  const reader = createLedgerReader({
    now: () => clock.now,
    ledgerSince: async (migration, since) => {
      if (fails) throw new Error("down");
      const found = rows.filter((row) => row.entry.migration === migration && row.written >= since);
      const first = found.filter(({ entry }, i) => found.findIndex((other) => other.entry.id === entry.id) === i);
      read.push(first.length);
      return { entries: first.map(({ entry }) => entry), newest: found.at(-1)?.written ?? null };
    },
  });
  const add = (id: string, at: number, written = clock.now, reason = ""): void => {
    const event = { type: "command", command: "pause", reason } as const;
    rows.push({ entry: { id, at, migration: "m", by: "ana", incident: "", event }, written });
  };
  return { add, read, reader, clock, fail };
};

const ids = (entries: readonly LedgerEntry[]): readonly string[] => entries.map(({ id }) => id);

describe("a ledger that is read again and again", () => {
  it("is given whole each time, and read from where it was left", async () => {
    const { add, read, reader, clock } = start();
    for (let i = 0; i < 100; i++) add(`old-${i}`, i, clock.now - 60 * MINUTE + i);
    add("a", 1_000);
    expect(await reader("m")).toHaveLength(101);
    add("b", 2_000);
    expect(ids(await reader("m")).slice(-2)).toEqual(["a", "b"]);
    expect(read).toEqual([101, 2]);
  });

  it("has what became visible late, up to ten minutes after it was added", async () => {
    const { add, reader, clock } = start();
    add("a", 1_000);
    await reader("m");
    add("late", 500, clock.now - 9 * MINUTE);
    expect(ids(await reader("m"))).toEqual(["late", "a"]);
  });

  it("is read whole again once an hour, and after a clock that was set back", async () => {
    const { add, reader, clock } = start();
    add("a", 1_000);
    await reader("m");
    add("later", 500, clock.now - 30 * MINUTE);
    expect(ids(await reader("m"))).toEqual(["a"]);
    clock.now += 60 * MINUTE;
    expect(ids(await reader("m"))).toEqual(["later", "a"]);
    clock.now -= 24 * 60 * MINUTE;
    expect(ids(await reader("m"))).toEqual(["later", "a"]);
  });

  it("keeps the first version of an entry, whatever is added under its id later", async () => {
    const { add, reader } = start();
    add("a", 1_000, undefined, "first");
    await reader("m");
    add("a", 1_000, undefined, "second");
    expect(await reader("m")).toMatchObject([{ event: { reason: "first" } }]);
  });

  it("fails when the store does, and then goes on from what it knew", async () => {
    const { add, reader, fail } = start();
    add("a", 1_000);
    await reader("m");
    fail(true);
    await expect(reader("m")).rejects.toThrow("down");
    fail(false);
    add("b", 2_000);
    expect(ids(await reader("m"))).toEqual(["a", "b"]);
  });

  it("is kept apart from another one's", async () => {
    const { add, reader } = start();
    add("a", 1_000);
    await reader("m");
    expect(await reader("other")).toEqual([]);
  });
});
