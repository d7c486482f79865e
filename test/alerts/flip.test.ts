import { describe, expect, it } from "vitest";
import type { FlagCapabilities, FlagReadFailure } from "../../alerts/flags/flag-target.ts";
import { type FlipRequest, flip } from "../../alerts/flip.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import { recordingLedger } from "./recording-ledger.ts";
import { recordingLog } from "./recording-log.ts";
import { scriptedTarget } from "./scripted-target.ts";
import { writeThrough } from "./write-through.ts";

const REQUEST: FlipRequest = {
  migration: "support-bot",
  incident: "incident-1",
  action: "incident-1/off",
  by: "agent",
  share: 0,
  guard: null,
};
const OLD: FlagState = { flag: "model", share: 0.05, enabled: true, revision: "r1" };
const fail = (why: FlagReadFailure["why"], retryAfterMs: number | null = null): FlagReadFailure => ({
  outcome: "failed",
  why,
  detail: `${why} detail`,
  retryAfterMs,
});

const start = (share = 0.05, timeoutMs = 50, capabilities: Partial<FlagCapabilities> = {}) => {
  const clock = { now: 1_000 };
  const ledger = recordingLedger();
  const target = scriptedTarget(share, capabilities);
  const writer = createLedgerWriter({ timeoutMs, pauseMs: 0 }, { appendLedger: ledger.append, log: recordingLog() });
  const run = (changes: Partial<FlipRequest> = {}) =>
    flip(
      { ...REQUEST, ...changes },
      {
        flag: target,
        ledger: writer,
        now: () => clock.now,
        settings: { callMs: 50, readbackMs: 2_000, pauseMs: 200 },
        wait: async (ms) => {
          clock.now += ms;
        },
      },
    );
  return { clock, ledger, target, writer, run };
};

describe("a flip", () => {
  it("writes intent, result and read-back, in this order, and is confirmed by the flag system", async () => {
    const { ledger, target, run } = start();
    expect(await run()).toEqual({
      outcome: "confirmed",
      state: { flag: "model", share: 0, enabled: false, revision: "r2" },
      flippedAt: 1_000,
      wrote: true,
    });
    expect(target.share()).toBe(0);
    expect(ledger.entries().map(({ event: _event, ...entry }) => entry)).toEqual(
      [
        "flip-intent:incident-1/off",
        "flip-result:incident-1/off:written:r2",
        "flip-readback:incident-1/off:true:r2",
      ].map((id) => ({ id, at: 1_000, migration: "support-bot", by: "agent", incident: "incident-1" })),
    );
    expect(ledger.of("flip-intent")).toEqual([
      { type: "flip-intent", action: "incident-1/off", flag: "model", target: "prod", share: 0 },
    ]);
    expect(ledger.of("flip-readback")).toMatchObject([{ confirmed: true, state: { share: 0 } }]);
  });

  it("has its intent in the ledger before the flag system is called", async () => {
    const { ledger, target, run } = start();
    let intents = -1;
    target.nextWrites.push({
      run: () => {
        intents = ledger.of("flip-intent").length;
      },
    });
    await run();
    expect(intents).toBe(1);
  });

  it("may be repeated: same entries, nothing written twice", async () => {
    const { ledger, target, run } = start();
    await run();
    const before = ledger.entries().length;
    expect(await run()).toMatchObject({ outcome: "confirmed", wrote: false });
    expect(target.writes).toHaveLength(1);
    expect(ledger.of("flip-intent")).toHaveLength(1);
    expect(ledger.entries().length).toBe(before + 1);
    await run();
    expect(ledger.entries().length).toBe(before + 1);
  });

  it.each(["conflict", "auth", "not-found", "rate-limited", "transient", "permanent", "approval-required"] as const)(
    "that the flag system refuses (%s) is failed, with its wait, and recorded",
    async (why) => {
      const { ledger, target, run } = start();
      target.nextWrites.push(fail(why, 7_000));
      expect(await run()).toEqual(fail(why, 7_000));
      expect(ledger.of("flip-result")).toEqual([
        { type: "flip-result", action: "incident-1/off", write: fail(why, 7_000) },
      ]);
      expect(ledger.of("flip-readback")).toEqual([]);
      expect(target.share()).toBe(0.05);
    },
  );

  it("leaves a flag alone that changed after it was read", async () => {
    const { target, run } = start();
    expect(await run({ guard: { revision: "r0" } })).toMatchObject({ outcome: "failed", why: "conflict" });
    expect(target.writes).toEqual([]);
  });
});

describe("the read-back", () => {
  it("is repeated while the flag system still shows the old share", async () => {
    const { target, run, clock } = start();
    target.nextReads.push(OLD, OLD, OLD);
    expect(await run()).toMatchObject({ outcome: "confirmed", flippedAt: 1_000 });
    expect(clock.now).toBe(1_600);
  });

  it("is repeated while the flag cannot be read", async () => {
    const { target, run } = start();
    target.nextReads.push(fail("transient"), fail("rate-limited"));
    expect(await run()).toMatchObject({ outcome: "confirmed" });
  });

  it("contradicts a write that was acknowledged and not carried out", async () => {
    const { target, run, ledger, clock } = start();
    const lie: FlagWrite = { outcome: "written", state: { flag: "model", share: 0, enabled: false, revision: "r9" } };
    target.nextWrites.push(lie);
    expect(await run()).toMatchObject({
      outcome: "unconfirmed",
      state: { share: 0.05 },
      why: "written as 0, but the flag reads 0.05",
    });
    expect(clock.now).toBeLessThanOrEqual(3_000);
    expect(ledger.of("flip-readback")).toMatchObject([{ confirmed: false, state: { share: 0.05 } }]);
  });

  it("that never succeeds leaves the flip unconfirmed", async () => {
    const { target, run, ledger } = start();
    target.nextReads.push(...Array.from({ length: 50 }, () => fail("auth")));
    expect(await run()).toMatchObject({
      outcome: "unconfirmed",
      state: null,
      why: expect.stringContaining("auth detail"),
    });
    expect(ledger.of("flip-readback")).toEqual([]);
  });

  it("takes a share as confirmed that differs by rounding only", async () => {
    const { target, run } = start(0.5);
    target.nextReads.push({ ...OLD, share: 0.07 + 1e-12 });
    expect(await run({ share: 0.07 })).toMatchObject({ outcome: "confirmed" });
  });
});

describe("a flag system that misbehaves", () => {
  const forever = (): Promise<never> => new Promise(() => undefined);

  it("and hangs costs no more than its deadline", async () => {
    const { target, run } = start();
    target.nextWrites.push(forever);
    const started = performance.now();
    expect(await run()).toMatchObject({
      outcome: "failed",
      why: "transient",
      detail: expect.stringContaining("50 ms"),
    });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("and hangs at the read-back is read again", async () => {
    const { target, run } = start();
    target.nextReads.push(forever);
    expect(await run()).toMatchObject({ outcome: "confirmed" });
  });

  it.each([
    ["rejects", () => Promise.reject(new Error("token hush-hush"))],
    [
      "throws",
      () => {
        throw new Error("token hush-hush");
      },
    ],
  ])("and %s is a failure that repeats no message", async (_what, broken) => {
    const { target, run, ledger } = start();
    target.nextWrites.push(broken as () => Promise<FlagWrite>);
    expect(await run()).toMatchObject({ outcome: "failed", why: "transient" });
    expect(JSON.stringify(ledger.entries())).not.toContain("hush");
  });
});

describe("a target that throws before it returns a promise", () => {
  it("is a failure, and leaves no rejection nobody listens to", async () => {
    const broken = (): never => {
      throw new Error("bug");
    };
    const rejections: unknown[] = [];
    const listen = (reason: unknown): void => void rejections.push(reason);
    process.on("unhandledRejection", listen);
    const ledger = createLedgerWriter({}, { appendLedger: recordingLedger().append, log: recordingLog() });
    const flag = { ...scriptedTarget(0), read: broken, setShare: broken };
    expect(await flip(REQUEST, { flag, ledger, now: () => 1 })).toMatchObject({
      outcome: "failed",
      why: "transient",
    });
    await new Promise((next) => setImmediate(next));
    process.off("unhandledRejection", listen);
    expect(rejections).toEqual([]);
  });
});

describe("a ledger that hangs", () => {
  const hanging = (share: number, timeoutMs: number) => {
    const world = start(share, timeoutMs);
    world.ledger.behave("hang");
    return world;
  };

  it.each([
    ["to 0", { share: 0 }],
    ["to less than it was read to serve", { share: 0.02, from: 0.05 }],
    ["to what it was read to serve", { share: 0.05, from: 0.05 }],
  ])("is not waited for by a flip %s", async (_what, changes) => {
    const { run } = hanging(0.05, 60_000);
    const started = performance.now();
    expect(await run(changes)).toMatchObject({ outcome: "confirmed" });
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it.each([
    ["more than it was read to serve", { share: 0.25, from: 0.05 }],
    ["anything above 0 while it is unknown what it serves", { share: 0.02 }],
  ])("keeps a flip from setting %s", async (_what, changes) => {
    const { target, run } = hanging(0.05, 50);
    expect(await run(changes)).toMatchObject({ outcome: "failed", why: "ledger" });
    expect(target.writes).toEqual([]);
  });
});

describe("a raise", () => {
  it("that was overtaken by another decision while the ledger was written to is not carried out", async () => {
    const { target, ledger, writer } = start(0.05);
    const result = await flip(
      { ...REQUEST, share: 0.25, from: 0.05 },
      { flag: target, ledger: writer, now: () => 1, isStillWanted: () => false },
    );
    expect(result).toMatchObject({ outcome: "failed", why: "superseded" });
    expect([target.writes, ledger.of("flip-intent").length]).toEqual([[], 1]);
  });
});

describe("a ledger that does not answer", () => {
  it.each(["fail", "hang"] as const)(
    "(%s) does not keep a rollback from happening, and is written later",
    async (mode) => {
      const { target, run, ledger, writer } = start();
      ledger.behave(mode);
      expect(await run()).toMatchObject({ outcome: "confirmed" });
      expect(target.share()).toBe(0);
      ledger.behave("store");
      await writeThrough(writer);
      expect(ledger.entries().map((entry) => entry.event.type)).toEqual([
        "flip-intent",
        "flip-result",
        "flip-readback",
      ]);
    },
  );

  it.each(["fail", "hang"] as const)("(%s) keeps exposure from rising", async (mode) => {
    const { target, run, ledger } = start();
    ledger.behave(mode);
    expect(await run({ share: 0.25 })).toMatchObject({ outcome: "failed", why: "ledger" });
    expect(target.writes).toEqual([]);
  });
});

describe("a flag system that cannot make a write depend on what was read", () => {
  const guarded = { share: 0.25, from: 0.05, guard: { revision: "r1" } };

  it("is read once more right before the write, which then needs no guard", async () => {
    const { target, run } = start(0.05, 50, { guards: false });
    expect(await run(guarded)).toMatchObject({ outcome: "confirmed", state: { share: 0.25 } });
    expect(target.writes).toEqual([{ from: 0.05, to: 0.25 }]);
  });

  it("is left alone when somebody changed the flag in between", async () => {
    const { target, run } = start(0.05, 50, { guards: false });
    target.changeByHand(0.5);
    expect(await run(guarded)).toMatchObject({ outcome: "failed", why: "conflict" });
    expect(target.writes).toEqual([]);
  });
});
