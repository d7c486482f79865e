import { describe, expect, it } from "vitest";
import { createLedgerTime } from "../../../agent/clock/ledger-time.ts";
import type { LedgerEntry } from "../../../core/ledger.ts";

const T0 = Date.UTC(2026, 10, 2, 3);

describe("entries of the future", () => {
  const entry = (id: string, at: number): LedgerEntry => ({
    ...{ id, at, migration: "m", by: "agent", incident: "" },
    event: { type: "started", hash: "h", stage: 0, share: 0 },
  });

  it("count as made when they were first seen, then and later; others as they are", () => {
    let now = T0;
    const { past } = createLedgerTime(() => now);
    const entries = [entry("a", T0 - 5), entry("b", T0 + 86_400_000)];
    expect(past(entries).map(({ at }) => at)).toEqual([T0 - 5, T0]);
    now = T0 + 60_000;
    expect(past([...entries, entry("c", now)]).map(({ at }) => at)).toEqual([T0 - 5, T0, now]);
  });

  it("come before what was written since, in the order they had", () => {
    const { past } = createLedgerTime(() => T0);
    const future = [entry("b", T0 + 61_000), entry("c", T0 + 86_400_000)];
    past(future);
    expect(past([entry("a", T0 - 5), entry("e", T0), ...future]).map(({ id }) => id)).toEqual(["a", "b", "c", "e"]);
  });

  it("stay as they are where another agent's clock is ahead by seconds: both have to agree on them", () => {
    const { past, next } = createLedgerTime(() => T0);
    expect(past([entry("a", T0 + 300)])).toEqual([entry("a", T0 + 300)]);
    expect(next(entry("b", T0))).toEqual(entry("b", T0));
  });

  it("keep their order among those that were there with them, of the present as well", () => {
    const { past } = createLedgerTime(() => T0);
    expect(past([entry("rollback", T0), entry("rearm", T0 + 61_000)]).map(({ id }) => id)).toEqual([
      "rollback",
      "rearm",
    ]);
  });

  it("are followed by what is written next, also where that is read anew", () => {
    const time = createLedgerTime(() => T0);
    expect(time.next(entry("a", T0))).toEqual(entry("a", T0));
    const future = [entry("b", T0 + 86_400_000)];
    time.past(future);
    const [c, d] = [time.next(entry("c", T0)), time.next(entry("d", T0 + 1))];
    expect(time.past([...future, c]).map(({ id, at }) => [id, at])).toEqual([
      ["b", T0],
      ["c", T0],
    ]);
    expect([c.at, d.at]).toEqual([T0 + 86_400_001, T0 + 86_400_001]);
    const later = createLedgerTime(() => T0 + 60_000);
    expect(later.past([...future, c]).map(({ id }) => id)).toEqual(["b", "c"]);
  });
});
