import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FlagReport, isReadFailure, type RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import type { FlagState, FlagWrite } from "../../../core/flag.ts";

type Why = Extract<FlagWrite, { readonly outcome: "failed" }>["why"];

/** What a flag target's test gives the contract to work with. Its flag is at 0% before every test. */
export interface FlagUnderTest {
  readonly flag: RoutedFlag;
  /** Texts that must never show up in an answer. */
  readonly secrets: readonly string[];
  /** Puts the flag back to what it was at the start, with the other side well. */
  readonly reset: () => Promise<void>;
  /** Share of users the flag gives the candidate to, 0-1, as the system's own evaluation has it, within `within`. */
  readonly served: () => Promise<number>;
  /** The same of users with this value of the segment `tier`, null = none; for targets whose capabilities have `segments`. */
  readonly servedTo?: (tier: string | null) => Promise<number>;
  /** How exact `served` is; default 0.03, for a sample of users. */
  readonly within?: number;
  /**
   * Everything of the flag and its surroundings that is not the share: variants, rules, prerequisites, schedules, other
   * environments, other flags. Without versions and times of change.
   */
  readonly neighbours: () => Promise<unknown>;
  /** The flag whole, without versions and times of change. */
  readonly whole: () => Promise<unknown>;
  /** Requests or writes that changed something, so far. */
  readonly writes: () => number;
  /** A person sets the share where people do, or switches the flag off (0). */
  readonly setByHand: (share: number) => Promise<void>;
  /** Somebody changes the flag between the next read of a write and the write itself; null where nothing can be in between. */
  readonly changeInBetween: (() => void) | null;
  /** False where the system counts no changes: a revision then tells states apart, not the times that one was there. Default true. */
  readonly hasVersions?: boolean;
  /** Off is a switch of the system's own that no guard goes with; the change in between is then seen by a write of a share. Default false. */
  readonly killIsUnguarded?: boolean;
  /** What the other side can do, and what it is called. */
  readonly situations: readonly {
    readonly name: string;
    readonly arrange: () => void;
    readonly why: Why;
    /** The wait that is passed on, ms; left out = none is asked for. */
    readonly retryAfterMs?: number;
    /** Default `both`. */
    readonly fails?: "reads" | "writes" | "both";
  }[];
  /** Takes what is sent and never answers; null where it cannot be (a file). */
  readonly hang: (() => void) | null;
  /** Says that a write is done and does nothing; null where it cannot be. */
  readonly lie: (() => void) | null;
  readonly close: () => Promise<void>;
}

const LINE = /^[\x20-\x7e\u00a0-\uffff]{1,300}$/u;

/** What every flag target has to hold, whatever it talks to. */
export const describeFlagContract = (name: string, start: () => Promise<FlagUnderTest>): void => {
  describe(`the flag contract: ${name}`, () => {
    let under: FlagUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    beforeEach(() => under.reset());
    afterAll(() => under?.close());

    const clean = <T extends object>(answer: T): T => {
      for (const secret of under.secrets) expect(JSON.stringify(answer)).not.toContain(secret);
      if ("detail" in answer) expect(answer.detail).toMatch(LINE);
      return answer;
    };
    const readState = async (): Promise<FlagState> => {
      const answer = clean(await under.flag.read());
      if (isReadFailure(answer)) throw new Error(answer.detail);
      return answer;
    };
    const inspect = async (): Promise<FlagReport> => {
      const answer = clean(await under.flag.inspect());
      if (isReadFailure(answer)) throw new Error(answer.detail);
      return answer;
    };
    const set = async (share: number, guard: { readonly revision: string } | null = null): Promise<FlagWrite> =>
      clean(await under.flag.setShare(share, guard));
    /** Two shares the system can serve. */
    const shares = (): readonly [number, number] => (under.flag.capabilities.shareStep >= 1 ? [1, 1] : [0.05, 0.5]);
    const expectServed = async (share: number): Promise<void> =>
      expect(Math.abs((await under.served()) - share)).toBeLessThanOrEqual(share === 0 ? 0 : (under.within ?? 0.03));

    it("reads a flag that is off", async () => {
      expect(await readState()).toMatchObject({ flag: under.flag.flag, share: 0, enabled: false });
      await expectServed(0);
    });

    it("sets a share, reads it back, and users are served it", async () => {
      for (const share of shares()) {
        const write = await set(share, await readState());
        expect(["written", "unchanged"]).toContain(write.outcome);
        const state = await readState();
        expect(state).toMatchObject({ share, enabled: true });
        expect("state" in write && write.state).toEqual(state);
        await expectServed(share);
      }
    });

    it("switches off, and nobody is served the candidate any more", async () => {
      await set(shares()[1]);
      expect(await set(0)).toMatchObject({ outcome: "written", state: { share: 0, enabled: false } });
      expect(await readState()).toMatchObject({ share: 0, enabled: false });
      await expectServed(0);
    });

    it("leaves a flag alone that is there already", async () => {
      expect(await set(0)).toMatchObject({ outcome: "unchanged" });
      await set(shares()[0]);
      const [before, writes] = [await under.whole(), under.writes()];
      expect(await set(shares()[0])).toMatchObject({ outcome: "unchanged", state: { share: shares()[0] } });
      expect(await under.whole()).toEqual(before);
      expect(under.writes()).toBe(writes);
    });

    it("touches nothing but the share, up, down and off", async () => {
      const before = await under.neighbours();
      for (const share of [shares()[0], shares()[1], shares()[0], 0, shares()[1], 0]) {
        await set(share);
        expect(await under.neighbours()).toEqual(before);
      }
    });

    it("is as it was before it was switched off, when the share comes back", async () => {
      await set(shares()[0]);
      const before = await under.whole();
      await set(0);
      await set(shares()[0]);
      expect(await under.whole()).toEqual(before);
    });

    it("serves a segment alone, says to whom, and widens to everybody, where it can", async () => {
      expect(under.flag.capabilities.segments).toBe(under.servedTo !== undefined);
      if (under.servedTo === undefined) return;
      const audience = { segment: "tier", values: ["internal", "low-risk"] };
      const [few, many] = shares();
      const give = async (share: number, whom: typeof audience | null): Promise<FlagWrite> =>
        clean(await under.flag.setShare(share, await readState(), false, whom));
      await give(many, null);
      const [plain, neighbours] = [await under.whole(), await under.neighbours()];
      await give(0, null);
      expect(await give(many, audience)).toMatchObject({ outcome: "written", state: { share: many, audience } });
      expect(await readState()).toMatchObject({ share: many, audience });
      for (const [tier, share] of [
        ["internal", many],
        ["low-risk", many],
        ["Internal", 0],
        ["", 0],
        [null, 0],
      ] as const)
        expect(Math.abs((await under.servedTo(tier)) - share)).toBeLessThanOrEqual(share === 0 ? 0 : 0.03);
      expect(await give(many, audience)).toMatchObject({ outcome: "unchanged" });
      const [before] = [await readState()];
      expect(await give(many, null)).toMatchObject({ outcome: "written" });
      expect(await readState()).not.toHaveProperty("audience");
      expect((await readState()).revision).not.toBe(before.revision);
      expect(await under.servedTo(null)).toBeGreaterThan(0);
      expect([await under.whole(), await under.neighbours()]).toEqual([plain, neighbours]);
      await give(few, audience);
      expect(await give(few, { segment: "plan", values: ["1", "true"] })).toMatchObject({ outcome: "written" });
      expect(await readState()).toMatchObject({ share: few, audience: { segment: "plan", values: ["1", "true"] } });
      expect(await under.servedTo("internal")).toBe(0);
      await give(few, audience);
      await give(0, audience);
      for (const tier of ["internal", null]) expect(await under.servedTo(tier)).toBe(0);
    });

    it("has another revision after every change, by us or by a person", async () => {
      const revisions = [(await readState()).revision];
      await set(shares()[0]);
      revisions.push((await readState()).revision);
      await set(0);
      revisions.push((await readState()).revision);
      await under.setByHand(shares()[1]);
      revisions.push((await readState()).revision);
      if (under.hasVersions === false)
        for (const [at, each] of revisions.entries()) expect(each).not.toBe(revisions[at - 1]);
      else expect(new Set(revisions).size).toBe(revisions.length);
      expect((await readState()).revision).toBe(revisions.at(-1));
    });

    it("reads what a person set", async () => {
      await under.setByHand(shares()[1]);
      expect(await readState()).toMatchObject({ share: shares()[1], enabled: true });
      await under.setByHand(0);
      expect(await readState()).toMatchObject({ share: 0, enabled: false });
    });

    it("writes nothing on a guard that is out of date, and off all the same without one", async () => {
      const guard = await readState();
      await under.setByHand(shares()[1]);
      const [before, writes] = [await under.whole(), under.writes()];
      expect(await set(shares()[0] === shares()[1] ? 0 : shares()[0], guard)).toMatchObject({
        outcome: "failed",
        why: "conflict",
      });
      expect(await under.whole()).toEqual(before);
      expect(under.writes()).toBe(writes);
      expect(await set(0, null)).toMatchObject({ outcome: "written" });
    });

    it("sees a change between its look and its write, where it guards", async () => {
      if (!under.flag.capabilities.guards || under.changeInBetween === null) return;
      await set(shares()[1]);
      const guard = await readState();
      under.changeInBetween();
      expect(await set(under.killIsUnguarded ? shares()[0] : 0, guard)).toMatchObject({
        outcome: "failed",
        why: "conflict",
      });
    });

    it("is told by what the flag reads that it is off, and is written all the same when asked to again", async () => {
      expect(await set(0)).toMatchObject({ outcome: "unchanged" });
      expect(["written", "unchanged"]).toContain((await under.flag.setShare(0, null, true)).outcome);
      expect(await readState()).toMatchObject({ share: 0 });
    });

    it.each([-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the share %f", async (share) => {
      const writes = under.writes();
      expect(await set(share)).toMatchObject({ outcome: "failed", why: "permanent" });
      expect(under.writes()).toBe(writes);
    });

    it("refuses a share between two that it can serve", async () => {
      const { shareStep } = under.flag.capabilities;
      if (shareStep === 0) return;
      expect(await set(shareStep / 2)).toMatchObject({ outcome: "failed", why: "permanent" });
    });

    it("tells each failure apart, on one line and without secrets", async () => {
      for (const { name: situation, arrange, why, retryAfterMs = null, fails = "both" } of under.situations) {
        await under.reset();
        await set(shares()[1]);
        arrange();
        const write = fails === "reads" ? null : await set(0);
        if (write !== null)
          expect({ situation, write }).toMatchObject({ situation, write: { outcome: "failed", why, retryAfterMs } });
        if (fails === "writes") continue;
        const read = clean(await under.flag.read());
        expect({ situation, read }).toMatchObject({ situation, read: { outcome: "failed", why, retryAfterMs } });
        const report = clean(await under.flag.inspect());
        expect({ situation, report }).toMatchObject({ situation, report: { outcome: "failed", why } });
      }
      await under.reset();
    });

    it("gives up on a system that hangs", async () => {
      if (under.hang === null) return;
      under.hang();
      expect(await set(0)).toMatchObject({ outcome: "failed", why: "transient" });
      expect(clean(await under.flag.read())).toMatchObject({ outcome: "failed", why: "transient" });
    });

    it("is not taken in by a system that says it did what it did not", async () => {
      if (under.lie === null) return;
      await set(shares()[1]);
      under.lie();
      await set(0);
      expect((await readState()).share).toBe(shares()[1]);
    });

    it("reports what people have to know, and serves on what it served", async () => {
      await set(shares()[1]);
      const before = await under.whole();
      const report = await inspect();
      expect(report).toMatchObject({ state: { share: shares()[1] }, problems: [] });
      expect(report.mayWrite).not.toBe(false);
      for (const text of [report.mayWriteBecause, ...report.facts.flat(), ...report.variants.map((v) => v.name)])
        expect(text).toMatch(LINE);
      expect(await under.whole()).toEqual(before);
    });
  });
};
