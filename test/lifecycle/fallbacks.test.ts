import { describe, expect, it } from "vitest";
import type { LedgerEvent } from "../../core/ledger.ts";
import type { Route } from "../../core/migration.ts";
import { fallbacksDue } from "../../lifecycle/fallbacks.ts";
import { noticesDue } from "../../lifecycle/notices-due.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { aRollback } from "../fixtures/a-rollback.ts";

const migration = migrationOf(
  documentText({
    route: "route: { flag: model, target: prod, fallback: [builtin, { target: builtin, flag: spare }] }",
  }),
);
const [GATE, SPARE]: readonly [Route, Route] = [
  { flag: "model", target: "builtin" },
  { flag: "spare", target: "builtin" },
];
const CHAIN = [GATE, SPARE];

const stateOf = (share: number) => ({ flag: "f", share, enabled: share > 0, revision: `r${share}` });
const intent = (fallback: Route, before?: number, share = 0): LedgerEvent => ({
  ...{ type: "flip-intent", action: `${fallback.flag}-${share}`, ...fallback, share, fallback },
  ...(before === undefined ? {} : { before }),
});
const readback = (fallback: Route | undefined, share: number, confirmed = true): LedgerEvent => ({
  ...{ type: "flip-readback", action: `a-${share}`, state: stateOf(share), confirmed },
  ...(fallback === undefined ? {} : { fallback }),
});
const failed = (fallback: Route): LedgerEvent => ({
  ...{ type: "flip-result", action: "a", fallback },
  write: { outcome: "failed", why: "auth", detail: "no", retryAfterMs: null },
});
const command = (name: "rollback" | "rearm"): LedgerEvent => ({ type: "command", command: name, reason: "r" });
const STARTED: LedgerEvent = { type: "started", hash: migration.hash, stage: 0, share: 0.05 };

const entriesOf = (...events: readonly LedgerEvent[]) =>
  [STARTED, ...events].map((event, i) => ({
    ...{ id: `e${i}`, at: 1_000 * (i + 1), migration: "m", by: "ada", incident: "m:1000" },
    event,
  }));
const fold = (...events: readonly LedgerEvent[]) => foldLedger(migration, entriesOf(...events));

describe("what the ledger says of fallbacks", () => {
  it("is that a read-back of one confirms no rollback, and starts the watch of the drain", () => {
    const { rollback } = fold(command("rollback"), intent(GATE, 1), readback(GATE, 0));
    expect(rollback).toMatchObject({ isConfirmed: false, flippedAt: 4_000, fallbacks: [{ ...GATE, isDown: true }] });
  });

  it("is no flip where one only says that it wrote", () => {
    const written: LedgerEvent = { type: "flip-result", action: "a", write: { outcome: "written", state: stateOf(0) } };
    expect(fold(command("rollback"), { ...written, fallback: GATE }).rollback?.flippedAt).toBeNull();
    expect(fold(command("rollback"), written).rollback?.flippedAt).toBe(3_000);
  });

  it.each<[string, readonly LedgerEvent[], number | null]>([
    ["known at once", [intent(GATE, 1)], 1],
    ["not known", [intent(GATE)], null],
    ["known after a blind try", [intent(GATE), intent(GATE, 0.4)], 0.4],
    ["known before later tries, which see what the first one did", [intent(GATE, 1), intent(GATE, 0)], 1],
    ["owed from the rollback before", [intent(GATE, 1), command("rearm"), command("rollback"), intent(GATE, 0)], 1],
  ])("is what has to come back: %s", (_name, events, before) => {
    expect(fold(command("rollback"), ...events).unrestored).toEqual([{ ...GATE, before }]);
  });

  it("is owed over a re-arming, until one serves something again", () => {
    const off = [command("rollback"), intent(GATE, 1), readback(GATE, 0), command("rearm")] as const;
    expect(fold(...off)).toMatchObject({ rollback: null, unrestored: [{ ...GATE, before: 1 }] });
    expect(fold(...off, intent(GATE, 0, 1), readback(GATE, 1, false)).unrestored).toHaveLength(1);
    expect(fold(...off, intent(GATE, 0, 1), readback(GATE, 1)).unrestored).toEqual([]);
  });

  it("is nothing to be restored of one that was found off", () => {
    expect(fold(command("rollback"), readback(GATE, 0))).toMatchObject({
      rollback: { fallbacks: [{ ...GATE, isDown: true }] },
      unrestored: [],
    });
  });

  it("is told once for each fallback and outcome, and does not stand for the route's own flag", () => {
    const entries = entriesOf(command("rollback"), failed(GATE), failed(GATE), readback(SPARE, 0), readback(SPARE, 0));
    const news = noticesDue(migration, foldLedger(migration, entries), entries).map(({ news: each }) => each);
    expect(news.filter(({ kind }) => kind === "fell-back")).toMatchObject([
      { kind: "fell-back", fallback: GATE, isDown: false, problem: "auth: no" },
      { kind: "fell-back", fallback: SPARE, isDown: true, problem: "" },
    ]);
    expect(news.some(({ kind }) => kind === "rolled-back")).toBe(false);
  });
});

describe("the fallbacks that are due", () => {
  const [down, tried] = [true, false];
  it.each<[string, number, Parameters<typeof aRollback>[0], readonly Route[]]>([
    ["none before the deadline", 29_999, {}, []],
    ["the first at it", 30_000, {}, [GATE]],
    ["both when nobody acted for twice as long", 60_000, {}, [GATE, SPARE]],
    ["none once the own flag is confirmed", 60_000, { isConfirmed: true }, []],
    ["what was tried, also then", 60_000, { isConfirmed: true, fallbacks: [{ ...GATE, isDown: tried }] }, [GATE]],
    ["no other while one helps", 600_000, { fallbacks: [{ ...GATE, isDown: down }] }, [GATE]],
    ["the next where one does not follow", 60_000, { fallbacks: [{ ...GATE, isDown: tried }] }, [GATE, SPARE]],
    ["the next where calls go on", 60_000, { fallbacks: [{ ...GATE, isDown: down }], drain: "overdue" }, [GATE, SPARE]],
  ])("are %s", (_name, now, rollback, due) => {
    expect(fallbacksDue(CHAIN, aRollback(rollback), now, 30_000)).toEqual(due);
  });
});
