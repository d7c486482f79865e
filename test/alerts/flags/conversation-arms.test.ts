import { describe, expect, it } from "vitest";
import {
  type ConversationLimits,
  type ConversationLog,
  createConversationArms,
  type KeptConversation,
} from "../../../alerts/flags/conversation-arms.ts";
import { bucketOfKey, type FlagSplit } from "../../../alerts/flags/evaluate-flag.ts";

const noLog: ConversationLog = {
  load: () => ({ old: [], young: [], since: null }),
  add: () => undefined,
  rotate: () => undefined,
  problem: () => "",
  close: () => Promise.resolve(),
};
const split = (share: number, flag = "model", values = { baseline: "old", canary: "new" }): FlagSplit => ({
  state: { flag, share, enabled: share > 0, revision: `r${share}` },
  values,
});
const create = (limits?: ConversationLimits, now = () => 0, log = noLog) =>
  createConversationArms({ now, log }, limits);

/** A user whose bucket lies between 5% and 25%. */
const user = Array.from({ length: 100 }, (_, i) => `user-${i}`).find((key) => {
  const bucket = bucketOfKey("model", key);
  return bucket > 5_000 && bucket < 25_000;
}) as string;

describe("a conversation", () => {
  it("keeps the baseline it began with while the share rises, and a new one of the same user begins with the canary", () => {
    const arms = create();
    expect(arms.turn(split(0.05), "c1", user)).toEqual(["baseline", "new"]);
    for (const share of [0.25, 0.5, 0.99, 1]) expect(arms.turn(split(share), "c1", user)).toEqual(["baseline", "kept"]);
    expect(arms.turn(split(0.25), "c2", user)).toEqual(["canary", "new"]);
  });

  it("moves to the baseline at its next turn after a rollback, says so once, and never goes back", () => {
    const arms = create();
    arms.turn(split(0.25), "c", user);
    expect(arms.turn(split(0.5), "c", user)).toEqual(["canary", "kept"]);
    expect(arms.turn(split(0), "c", user)).toEqual(["baseline", "moved"]);
    expect(arms.turn(split(0), "c", user)).toEqual(["baseline", "kept"]);
    expect(arms.turn(split(0.99), "c", user)).toEqual(["baseline", "kept"]);
  });

  it("moves where the share was lowered below it, and stays where it was not", () => {
    const arms = create();
    const low = Array.from({ length: 1000 }, (_, i) => `u-${i}`).find((key) => bucketOfKey("model", key) < 3_000) ?? "";
    arms.turn(split(0.25), "low", low);
    arms.turn(split(0.25), "high", user);
    expect([arms.turn(split(0.05), "low", low), arms.turn(split(0.05), "high", user)]).toEqual([
      ["canary", "kept"],
      ["baseline", "moved"],
    ]);
  });

  it("keeps its arm when another user, or nobody, takes the next turn", () => {
    const arms = create();
    const [arm] = arms.turn(split(0.25), "shared", user);
    for (let i = 0; i < 50; i += 1) expect(arms.turn(split(0.25), "shared", `other-${i}`)).toEqual([arm, "kept"]);
    expect(arms.turn(split(0.25), "shared", null)).toEqual([arm, "kept"]);
  });

  it("is dealt by its own id where no user is known, the same way in every agent", () => {
    const ids = Array.from({ length: 2000 }, (_, i) => `c-${i}`);
    const [one, two] = [create(), create()];
    const dealt = ids.map((id) => one.turn(split(0.25), id, null)[0]);
    expect(ids.map((id) => two.turn(split(0.25), id, null)[0])).toEqual(dealt);
    const part = dealt.filter((arm) => arm === "canary").length / ids.length;
    expect(part).toBeGreaterThan(0.21);
    expect(part).toBeLessThan(0.29);
  });

  it("is another one for another flag, and for the next migration of the same flag", () => {
    const arms = create();
    arms.turn(split(0), "c", user);
    expect(arms.turn(split(1, "other"), "c", user)).toEqual(["canary", "new"]);
    expect(arms.turn(split(1, "model", { baseline: "new", canary: "newer" }), "c", user)).toEqual(["canary", "new"]);
    expect(arms.turn(split(1), "c", user)).toEqual(["baseline", "kept"]);
  });

  it.each([
    ["a megabyte", "x".repeat(1024 ** 2)],
    ["control characters", "\0\u001b[2J\r\n\u202e"],
    ["a lone surrogate", "\ud800"],
    ["what looks like another's key", "5:model3:old3:new1:c"],
    ["a name of a method", "__proto__"],
  ])("is told apart and kept with an id of %s", (_what, id) => {
    const arms = create();
    arms.turn(split(0), id, user);
    expect(arms.turn(split(1), id, user)).toEqual(["baseline", "kept"]);
    expect(arms.turn(split(1), `${id}.`, user)).toEqual(["canary", "new"]);
  });
});

describe("the memory", () => {
  it("is bounded, and says how many were forgotten early", () => {
    const arms = create({ keepMs: 1000, generation: 100 });
    for (let i = 0; i < 1000; i += 1) arms.turn(split(0), `c-${i}`, user);
    expect(arms.counts().known).toBeLessThanOrEqual(200);
    expect(arms.counts().forgottenEarly).toBe(800);
    expect(arms.turn(split(1), "c-999", user)).toEqual(["baseline", "kept"]);
  });

  it("keeps a conversation for as long as it is heard of, and forgets one that was not for two terms", () => {
    let now = 0;
    const arms = create({ keepMs: 1000, generation: 100 }, () => now);
    arms.turn(split(0), "alive", user);
    arms.turn(split(0), "quiet", user);
    for (now = 0; now < 10_000; now += 400) {
      arms.turn(split(1), `some-${now}`, user);
      expect(arms.turn(split(1), "alive", user)).toEqual(["baseline", "kept"]);
    }
    expect(arms.turn(split(1), "quiet", user)).toEqual(["canary", "new"]);
    expect(arms.counts().forgottenEarly).toBe(0);
  });

  it("forgets nothing because the clock was set back", () => {
    let now = 1_000_000;
    const arms = create({ keepMs: 1000, generation: 100 }, () => now);
    arms.turn(split(0), "c", user);
    now = 5;
    arms.turn(split(0), "d", user);
    now = 900;
    arms.turn(split(0), "e", user);
    expect(arms.turn(split(1), "c", user)).toEqual(["baseline", "kept"]);
  });

  it("writes nothing for turns that change nothing", () => {
    const added: KeptConversation[] = [];
    const arms = create(undefined, undefined, { ...noLog, add: (kept) => void added.push(kept) });
    for (let i = 0; i < 100; i += 1) arms.turn(split(0.5), "c", user);
    expect(added).toHaveLength(1);
  });
});
