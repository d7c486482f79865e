import { expect, it } from "vitest";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { pendingRevisions } from "../../lifecycle/pending-revision.ts";

const entries = (...events: readonly LedgerEvent[]): readonly LedgerEntry[] =>
  events.map((event, at) => ({ id: `${at}`, at, migration: "m", by: "agent", incident: "", event }));
const pending = (nth: number, hash: string): LedgerEvent => ({
  ...{ type: "revision-pending", nth, hash, of: "v2:a", file: "m.yaml", changes: [], more: 0, problem: "" },
});
const gone = (nth: number, hash: string): LedgerEvent => ({ type: "revision-gone", nth, hash, file: "m.yaml" });
const revised = (hash: string): LedgerEvent => ({
  ...{ type: "command", command: "revise", reason: "r" },
  revision: { hash, stage: 0, share: 0.05, before: 0.05, keepsTime: true, restarts: false },
});

it.each<[string, readonly LedgerEntry[], string | null, number]>([
  ["nothing waits at first", [], null, 0],
  ["one that was found", entries(pending(1, "b")), "b", 1],
  ["a newer one takes its place", entries(pending(1, "b"), pending(2, "c")), "c", 2],
  ["it is gone", entries(pending(1, "b"), gone(1, "b")), null, 1],
  ["what is gone is another", entries(pending(1, "b"), pending(2, "c"), gone(1, "b")), "c", 2],
  ["it was taken up", entries(pending(1, "b"), revised("b")), null, 1],
  ["another was taken up", entries(pending(1, "b"), revised("c")), null, 1],
  ["it is back", entries(pending(1, "b"), gone(1, "b"), pending(2, "b")), "b", 2],
  ["two agents found two at once", entries(pending(1, "b"), pending(1, "c")), "c", 1],
  [
    "a re-arming changes nothing of it",
    entries(pending(1, "b"), { type: "command", command: "rearm", reason: "r" }),
    "b",
    1,
  ],
])("%s", (_what, ledger, hash, count) => {
  const { open, count: counted } = pendingRevisions(ledger);
  expect([open?.hash ?? null, counted]).toEqual([hash, count]);
});
