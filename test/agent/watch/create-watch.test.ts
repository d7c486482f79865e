import { describe, expect, it } from "vitest";
import { createWatch } from "../../../agent/watch/create-watch.ts";
import type { Decision } from "../../../core/verdict.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";

const MINUTE = 60_000;

/** A ledger that several watches share, and a clock. */
const world = () => {
  const clock = { now: Date.UTC(2026, 10, 20, 2, 0) };
  const told: Extract<Decision, { kind: "page" }>[] = [];
  const history = {
    state: () => ({ ...NOT_STARTED, pagedFor: told.map(({ topic = "" }) => topic) }),
    decide: async (decision: Decision) => {
      if (decision.kind === "page") told.push(decision);
    },
  };
  const watch = () =>
    createWatch(
      {
        key: "flag",
        afterMs: 5 * MINUTE,
        began: (trouble, since) => `${trouble} since ${new Date(since).toISOString().slice(11, 16)}`,
        ended: "well again",
      },
      { history, now: () => clock.now },
    );
  /** Each of `troubles` for a minute. */
  const live = async (one: ReturnType<typeof watch>, ...troubles: readonly (string | null)[]): Promise<void> => {
    for (const trouble of troubles) {
      await one.look(trouble);
      clock.now += MINUTE;
    }
  };
  return { told, watch, live, clock, reasons: () => told.map(({ reason }) => reason) };
};
const times = (count: number, trouble: string | null): readonly (string | null)[] => Array(count).fill(trouble);

describe("a watch", () => {
  it("says nothing of what passes in time", async () => {
    const { watch, live, reasons } = world();
    await live(watch(), ...times(5, "down"), "", ...times(5, "down"), "", "", "");
    expect(reasons()).toEqual([]);
  });

  it("pages once, with what is wrong by then, and says once that it is over", async () => {
    const { watch, live, told } = world();
    await live(watch(), ...times(5, "the connection broke"), ...times(60, "HTTP 401"), "", "", "", "");
    expect(told).toEqual([
      { kind: "page", reason: "HTTP 401 since 02:00", topic: "flag:1" },
      { kind: "page", reason: "well again", topic: "flag:1:over", over: "all" },
    ]);
  });

  it("takes one good look for no end, and what cannot be told for neither", async () => {
    const { watch, live, reasons } = world();
    await live(watch(), ...times(6, "down"), "", "down", "", "down", ...times(30, null));
    expect(reasons()).toEqual(["down since 02:00"]);
  });

  it("pages anew for the next time", async () => {
    const { watch, live, told } = world();
    await live(watch(), ...times(6, "down"), "", "", ...times(6, "down"), "", "");
    expect(told.map(({ topic }) => topic)).toEqual(["flag:1", "flag:1:over", "flag:2", "flag:2:over"]);
  });

  it("repeats nothing after a restart, and is then slow to say that it is over", async () => {
    const { watch, live, told } = world();
    await live(watch(), ...times(6, "down"));
    await live(watch(), ...times(60, "down"));
    expect(told).toHaveLength(1);
    const restarted = watch();
    await live(restarted, ...times(15, ""));
    expect(told).toHaveLength(1);
    await live(restarted, "", "");
    expect(told.map(({ topic }) => topic)).toEqual(["flag:1", "flag:1:over"]);
  });

  describe("beside another agent's, which sees no trouble", () => {
    /** `minutes` of the one in trouble and the other well. */
    const both = async (
      minutes: number,
      { watch, live, clock }: ReturnType<typeof world>,
      from = [watch(), watch()],
    ) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        await from[1]?.look("");
        await live(from[0] ?? watch(), "down");
      }
      return { watches: from, clock };
    };

    it("is ended by that one only when it was well for long since the page", async () => {
      const here = world();
      const idle = here.watch();
      await here.live(idle, ...times(60, ""));
      await both(20, here, [here.watch(), idle]);
      expect(here.told).toHaveLength(1);
    });

    it("does not page and end without end: each turn takes longer, and says since when", async () => {
      const here = world();
      await both(24 * 60, here);
      expect(here.told.length).toBeGreaterThan(2);
      expect(here.told.length).toBeLessThan(20);
      const began = here.told.filter(({ over }) => over === undefined);
      expect(new Set(began.map(({ reason }) => reason))).toEqual(new Set(["down since 02:00"]));
    });

    it("waits as long as the first time before it pages again", async () => {
      const here = world();
      const { watches } = await both(22, here);
      const ended = () => here.told.filter(({ over }) => over !== undefined).length;
      expect([here.told.length, ended()]).toEqual([2, 1]);
      await both(4, here, watches);
      expect(here.told).toHaveLength(2);
      await both(3, here, watches);
      expect(here.told).toHaveLength(3);
    });

    it("is not ended soon by one that had another trouble before", async () => {
      const here = world();
      const other = here.watch();
      await here.live(other, ...times(6, "down"), "", "");
      await both(15, here, [here.watch(), other]);
      expect(here.told.map(({ topic }) => topic)).toEqual(["flag:1", "flag:1:over", "flag:2"]);
    });
  });
});
