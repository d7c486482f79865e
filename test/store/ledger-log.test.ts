import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../core/ledger.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const AT = 1_790_000_000_123;

const entry = (id: string, fields: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id,
  at: AT,
  migration: "m",
  by: "agent",
  incident: "",
  event: { type: "command", command: "pause", reason: `reason of ${id}` },
  ...fields,
});

const idsOf = (entries: readonly LedgerEntry[]): readonly string[] => entries.map(({ id }) => id);

describe("the ledger", () => {
  it("gives back what was appended, to the millisecond and the last character", async () => {
    const odd = entry("odd", {
      migration: "odd",
      by: "ana@example.com",
      incident: "i-1",
      event: {
        type: "flip-result",
        action: "a\t'\\\n\u0000 日本",
        write: { outcome: "failed", why: "conflict", detail: '"quoted"', retryAfterMs: null },
      },
    });
    await test.store().appendLedger([odd]);
    expect(await test.store().readLedger("odd")).toEqual([odd]);
  });

  it("is ordered by time, then by when an entry was added", async () => {
    await test.store().appendLedger([entry("c", { at: AT + 5 }), entry("a")]);
    await test.store().appendLedger([entry("b")]);
    await test.store().appendLedger([entry("z", { at: AT - 1 })]);
    expect(idsOf(await test.store().readLedger("m"))).toEqual(["z", "a", "b", "c"]);
  });

  it("keeps the order of entries that were appended at once without waiting", async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `n${i}`);
    await Promise.all(ids.map((id) => test.store().appendLedger([entry(id, { migration: "order" })])));
    expect(idsOf(await test.store().readLedger("order"))).toEqual(ids);
  });

  it("reads the first entry of an id, also when a repeat says something else or sits in another batch", async () => {
    const first = entry("same", { migration: "repeat" });
    await test.store().appendLedger([first, entry("other", { migration: "repeat" })]);
    await test.store().appendLedger([first]);
    await test.store().appendLedger([{ ...first, by: "someone", at: AT - 50 }]);
    await test.reopen();
    await test.store().appendLedger([first, entry("third", { migration: "repeat" })]);
    const read = await test.store().readLedger("repeat");
    expect(idsOf(read)).toEqual(["same", "other", "third"]);
    expect(read[0]).toEqual(first);
  });

  it("reads what was added from a moment on, in the order it was added, with the moment of the newest", async () => {
    const store = test.store();
    await store.appendLedger([entry("s1", { migration: "since", at: AT + 9 })]);
    const first = await store.ledgerSince("since", 0);
    expect([idsOf(first.entries), typeof first.newest]).toEqual([["s1"], "number"]);
    await store.appendLedger([entry("s2", { migration: "since", at: AT }), entry("s3", { migration: "since" })]);
    await store.appendLedger([entry("s1", { migration: "since", by: "late" })]);
    const newest = first.newest ?? 0;
    const after = await store.ledgerSince("since", newest);
    expect(idsOf(after.entries)).toEqual(["s1", "s2", "s3"]);
    expect(after.entries[0]?.by).toBe("agent");
    expect(after.newest).toBeGreaterThanOrEqual(newest);
    expect(await store.ledgerSince("since", newest + 3_600_000)).toEqual({ entries: [], newest: null });
  });

  it("reads one migration or all, and takes an empty append", async () => {
    await test.store().appendLedger([]);
    await test.store().appendLedger([entry("elsewhere", { migration: "other", at: AT + 1000 })]);
    expect(idsOf(await test.store().readLedger("other"))).toEqual(["elsewhere"]);
    const all = idsOf(await test.store().readLedger(null));
    expect(all).toContain("elsewhere");
    expect(all).toContain("z");
    expect(await test.store().readLedger("nobody")).toEqual([]);
  });
});

describe("one fact that several write down at once", () => {
  it("is the same for all that read it back, whichever was first", async () => {
    for (let round = 0; round < 20; round++) {
      const id = `fact-${round}`;
      const versions = ["ana", "bob", "eve"].map((by, i) => entry(id, { migration: "facts", by, at: AT + i }));
      const seen = await Promise.all(
        versions.map(async (version) => {
          await test.store().appendLedger([version]);
          return (await test.store().readLedger("facts")).find((each) => each.id === id);
        }),
      );
      expect(new Set(seen.map((each) => each?.by)).size).toBe(1);
    }
    expect(await test.store().query("SELECT count() AS n FROM ledger WHERE migration = 'facts'")).toEqual([{ n: 20 }]);
  });
});

describe("claiming", () => {
  const claim = (id: string, owner: string): LedgerEntry =>
    entry(id, {
      migration: "claims",
      event: { type: "claim", notice: "n", channel: "slack", attempt: 1, turn: 1, owner },
    });

  it("gives exactly one of many at once the claim, and all the same answer", async () => {
    for (let round = 0; round < 20; round++) {
      const owners = Array.from({ length: 6 }, (_, i) => `run-${i}`);
      const answers = await Promise.all(
        owners.map((owner) => test.store().claimLedger(claim(`claim-${round}`, owner), "none")),
      );
      const holders = new Set(answers.map(({ holder }) => holder?.event.type === "claim" && holder.event.owner));
      expect(holders.size).toBe(1);
      expect(owners).toContain([...holders][0]);
    }
  });

  it("says how old the claim is, and what ended the try", async () => {
    const ending = entry("delivery:n:slack:1", { migration: "claims" });
    const first = await test.store().claimLedger(claim("old", "a"), ending.id);
    expect(first).toMatchObject({ holder: { event: { owner: "a" } }, settled: null });
    await test.store().appendLedger([ending]);
    const second = await test.store().claimLedger(claim("old", "b"), ending.id);
    expect(second).toMatchObject({ holder: { event: { owner: "a" } }, settled: ending });
    expect(second.ageMs).toBeGreaterThanOrEqual(first.ageMs);
    expect(second.ageMs).toBeLessThan(60_000);
  });

  it("outlives the store that it was made through", async () => {
    await test.store().claimLedger(claim("kept", "a"), "none");
    await test.reopen();
    expect(await test.store().claimLedger(claim("kept", "b"), "none")).toMatchObject({
      holder: { event: { owner: "a" } },
    });
  });
});
