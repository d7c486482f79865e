import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBuiltinTarget } from "../../alerts/flags/builtin.ts";
import type { FlagReadFailure } from "../../alerts/flags/flag-target.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { type DesiredShare, reconcile } from "../../alerts/reconcile.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { recordingLedger } from "./recording-ledger.ts";
import { recordingLog } from "./recording-log.ts";
import { scriptedTarget } from "./scripted-target.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const DESIRED: DesiredShare = {
  migration: "support-bot",
  incident: "incident-1",
  action: "incident-1/off",
  by: "agent",
  share: 0,
  latched: true,
  lastSet: { share: 0.05 },
};
const UNREADABLE: FlagReadFailure = { outcome: "failed", why: "transient", detail: "HTTP 503", retryAfterMs: null };

const start = (share: number) => {
  const clock = { now: 1_000 };
  const ledger = recordingLedger();
  const target = scriptedTarget(share);
  const writer = createLedgerWriter({}, { appendLedger: ledger.append, log: recordingLog() });
  const run = (changes: Partial<DesiredShare> = {}) =>
    reconcile(
      { ...DESIRED, ...changes },
      {
        flag: target,
        ledger: writer,
        now: () => clock.now,
        settings: { callMs: 100, readbackMs: 400, pauseMs: 200 },
        wait: async (ms) => {
          clock.now += ms;
        },
      },
    );
  return { ledger, target, run };
};

describe("a round of reconciling", () => {
  it("writes what the flag reads already once more when it is asked to, latched, and puts it on record", async () => {
    const { ledger, run } = start(0);
    expect(await run({ again: true })).toMatchObject({ outcome: "flipped", result: { outcome: "confirmed" } });
    expect(ledger.entries().map(({ event }) => event.type)).toEqual(["flip-intent", "flip-result", "flip-readback"]);
    expect(await run({ again: true, latched: false })).toMatchObject({ outcome: "in-place" });
  });

  it("writes nothing, to flag or ledger, while the flag serves what it should", async () => {
    const { target, ledger, run } = start(0);
    expect(await run()).toMatchObject({ outcome: "in-place", state: { share: 0 } });
    expect(await run({ share: 1e-10 })).toMatchObject({ outcome: "in-place" });
    expect([target.writes, ledger.entries()]).toEqual([[], []]);
  });

  it("flips what is not, and finds it in place the next time", async () => {
    const { target, run } = start(0.05);
    expect(await run()).toMatchObject({
      outcome: "flipped",
      result: { outcome: "confirmed" },
      conflicts: 0,
      before: { share: 0.05 },
    });
    expect(await run()).toMatchObject({ outcome: "in-place" });
    expect(target.writes).toEqual([{ from: 0.05, to: 0 }]);
  });

  it("sets the flag off again when somebody switches it on during the latch", async () => {
    const { target, run } = start(0.05);
    await run();
    target.changeByHand(0.5);
    expect(await run()).toMatchObject({ outcome: "flipped", result: { outcome: "confirmed" } });
    expect(target.share()).toBe(0);
  });
});

describe("while latched", () => {
  it("exposure below the desired one is left where it is", async () => {
    const { target, run } = start(0.01);
    expect(await run({ share: 0.05 })).toMatchObject({ outcome: "held", state: { share: 0.01 } });
    expect(target.writes).toEqual([]);
  });

  it("a change in between is counted, read, and overruled while it still exposes more", async () => {
    const { target, run } = start(0.05);
    target.nextWrites.push({ run: () => target.changeByHand(0.5) });
    expect(await run()).toMatchObject({ outcome: "flipped", conflicts: 1, result: { outcome: "confirmed" } });
    expect(target.writes).toEqual([{ from: 0.5, to: 0 }]);
  });

  it("a change in between that goes further down stands", async () => {
    const { target, run } = start(0.5);
    target.nextWrites.push({ run: () => target.changeByHand(0.01) });
    expect(await run({ share: 0.05 })).toMatchObject({ outcome: "held", state: { share: 0.01 } });
    expect(target.writes).toEqual([]);
  });

  it("a fight over the flag ends after three tries, as a conflict", async () => {
    const { target, run } = start(0.05);
    for (const share of [0.2, 0.3, 0.4]) target.nextWrites.push({ run: () => target.changeByHand(share) });
    expect(await run()).toMatchObject({
      outcome: "flipped",
      conflicts: 3,
      result: { outcome: "failed", why: "conflict" },
    });
  });

  it("a flag that cannot be read is switched off blindly", async () => {
    const { target, run } = start(0.05);
    target.nextReads.push(UNREADABLE);
    expect(await run()).toMatchObject({ outcome: "flipped", before: null, result: { outcome: "confirmed" } });
    expect(target.share()).toBe(0);
  });

  it("a flag that cannot be read is not set to anything above 0: that might raise it", async () => {
    const { target, run } = start(0.01);
    target.nextReads.push(UNREADABLE);
    expect(await run({ share: 0.05 })).toEqual({ outcome: "unreadable", failure: UNREADABLE });
    expect(target.writes).toEqual([]);
  });

  it("no write ever raises exposure, whatever people and failures do in between (300 seeded stories)", async () => {
    let writes = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seededRandom(seed);
      const pick = (): number => Math.round(random() * 4) / 4;
      const { target, run } = start(pick());
      for (let round = 0; round < 8; round += 1) {
        if (random() < 0.3) target.changeByHand(pick());
        if (random() < 0.4) target.nextWrites.push({ run: () => target.changeByHand(pick()) });
        if (random() < 0.2) target.nextWrites.push(UNREADABLE);
        if (random() < 0.2) target.nextReads.push(UNREADABLE);
        await run({ share: pick(), lastSet: random() < 0.5 ? null : { share: pick() } });
        target.nextReads.length = 0;
        target.nextWrites.length = 0;
      }
      expect(target.writes.filter(({ from, to }) => to > from)).toEqual([]);
      writes += target.writes.length;
    }
    expect(writes).toBeGreaterThan(300);
  });
});

describe("while not latched", () => {
  const ramp = { latched: false, share: 0.25, lastSet: { share: 0.05 } };

  it("the share this agent set is moved on", async () => {
    const { target, run } = start(0.05);
    expect(await run(ramp)).toMatchObject({ outcome: "flipped", result: { outcome: "confirmed" } });
    expect(target.share()).toBe(0.25);
  });

  it("a flag this agent never set is taken over", async () => {
    const { target, run } = start(0);
    await run({ ...ramp, lastSet: null });
    expect(target.share()).toBe(0.25);
  });

  it.each([0, 0.6])("the share %f somebody else set stands, and is reported", async (share) => {
    const { target, run } = start(share);
    expect(await run(ramp)).toMatchObject({ outcome: "overridden", state: { share } });
    expect(target.writes).toEqual([]);
  });

  it("a change in between stands: the conflict is reported and nothing is tried again", async () => {
    const { target, run } = start(0.05);
    target.nextWrites.push({ run: () => target.changeByHand(0.01) });
    expect(await run(ramp)).toMatchObject({ outcome: "flipped", conflicts: 1, result: { why: "conflict" } });
    expect(target.share()).toBe(0.01);
  });

  it("a flag that cannot be read is left alone", async () => {
    const { target, run } = start(0.05);
    target.nextReads.push(UNREADABLE);
    expect(await run({ ...ramp, share: 0 })).toMatchObject({ outcome: "unreadable" });
    expect(target.writes).toEqual([]);
  });
});

describe("with the builtin target", () => {
  it("rolls back on disk, is confirmed from disk, and serves the baseline", async () => {
    const file = join(temporaryDirectory(), "flags.json");
    const log = recordingLog();
    const ledger = recordingLedger();
    const target = createBuiltinTarget({ file }, { log });
    const flag = target.bind({ flag: "model", target: "builtin" }, { baseline: "old", canary: "new" });
    await target.setShare("model", 0.05, null);
    const writer = createLedgerWriter({}, { appendLedger: ledger.append, log });
    const result = await reconcile(DESIRED, { flag, ledger: writer, now: () => 5 });
    expect(result).toMatchObject({ outcome: "flipped", result: { outcome: "confirmed", state: { share: 0 } } });
    expect(target.served().get("model")?.state.enabled).toBe(false);
    await expect(createBuiltinTarget({ file }, { log }).read("model")).resolves.toMatchObject({ share: 0 });
  });
});
