import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBuiltinTarget } from "../../../alerts/flags/builtin.ts";
import { createConversationArms } from "../../../alerts/flags/conversation-arms.ts";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import { handleOfrep } from "../../../alerts/flags/ofrep.ts";
import type { Audience } from "../../../core/audience.ts";
import type { FlagState } from "../../../core/flag.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const directory = temporaryDirectory();
let count = 0;
const FORGETFUL = {
  load: () => ({ old: [], young: [], since: 0 }),
  add: () => undefined,
  rotate: () => undefined,
  problem: () => "",
  close: async () => undefined,
};
const start = (file = join(directory, `segment-${count++}`, "flags.json")) => {
  const conversations = createConversationArms({ now: () => 0, log: FORGETFUL });
  const target = createBuiltinTarget({ file }, { log: recordingLog(), conversations });
  target.define("model", { baseline: "old", canary: "new" });
  const read = async (): Promise<FlagState> => {
    const state = await target.read("model");
    if (isReadFailure(state)) throw new Error(state.detail);
    return state;
  };
  const set = (share: number, audience: Audience | null = null) =>
    target.setShare("model", share, null, false, audience);
  const body = (context: object): Record<string, unknown> =>
    (handleOfrep({ key: "model", body: { context }, ifNoneMatch: null }, target.served()).body ?? {}) as Record<
      string,
      unknown
    >;
  const arm = (context: object): unknown => body(context).variant;
  return { file, target, read, set, body, arm };
};

const INTERNAL: Audience = { segment: "tier", values: ["internal"] };
const USERS = Array.from({ length: 400 }, (_, i) => `user-${i}`);

describe("a share for a segment", () => {
  it("is given to that segment alone, and read back with whom it is for", async () => {
    const { set, arm, read, body } = start();
    expect(await set(1, INTERNAL)).toMatchObject({ outcome: "written", state: { share: 1, audience: INTERNAL } });
    expect(await read()).toMatchObject({ share: 1, audience: INTERNAL, enabled: true });
    expect(arm({ targetingKey: "ana", tier: "internal" })).toBe("canary");
    expect(body({ targetingKey: "ana", tier: "external" })).toMatchObject({
      variant: "baseline",
      reason: "TARGETING_MATCH",
      metadata: { segment: "tier internal" },
    });
  });

  it.each<[string, object]>([
    ["no attribute", {}],
    ["another value", { tier: "external" }],
    ["other case", { tier: "Internal" }],
    ["blanks around it", { tier: " internal " }],
    ["null", { tier: null }],
    ["a list that holds it", { tier: ["internal"] }],
    ["an object", { tier: { internal: true } }],
    ["the empty text", { tier: "" }],
    ["the attribute in other case", { Tier: "internal" }],
    ["the name on the span", { "leeway.segment.tier": "internal" }],
    ["strange characters", { tier: "internal\u0000" }],
  ])("gives nobody else the candidate: %s", async (_what, context) => {
    const { set, arm } = start();
    await set(1, INTERNAL);
    expect(arm({ targetingKey: "ana", ...context })).toBe("baseline");
    expect(arm({ conversationId: "c1", ...context })).toBe("baseline");
    expect(arm(context)).toBe("baseline");
  });

  it.each<[string, unknown, string]>([
    ["a number", 3, "3"],
    ["a truth value", true, "true"],
    ["a text with strange characters", "a=b \u{1f600}'\"\\", "a=b \u{1f600}'\"\\"],
    ["a text longer than what a span keeps", "x".repeat(100), "x".repeat(64)],
  ])("takes %s as it is written", async (_what, said, value) => {
    const { set, arm } = start();
    await set(1, { segment: "tier", values: [value] });
    expect(arm({ targetingKey: "ana", tier: said })).toBe("canary");
  });

  it("tells values apart as the document does", async () => {
    const { set, arm } = start();
    await set(1, { ...INTERNAL, normalise: ["trim", "lower"] });
    expect(arm({ targetingKey: "ana", tier: " Internal " })).toBe("canary");
  });

  it("needs a targeting key of the segment alone", async () => {
    const { set, body } = start();
    await set(0.5, INTERNAL);
    expect(body({ tier: "internal" })).toMatchObject({ errorCode: "TARGETING_KEY_MISSING" });
    expect(body({ tier: "external" })).toMatchObject({ variant: "baseline" });
    expect(body({ tier: "internal", targetingKey: "ana" })).toMatchObject({ reason: "SPLIT" });
  });

  it("keeps who had the candidate when it widens to everybody", async () => {
    const { set, arm } = start();
    await set(0.2, INTERNAL);
    const had = USERS.filter((targetingKey) => arm({ targetingKey, tier: "internal" }) === "canary");
    expect(had.length).toBeGreaterThan(40);
    await set(0.2);
    expect(USERS.filter((targetingKey) => arm({ targetingKey, tier: "internal" }) === "canary")).toEqual(had);
    await set(0.4);
    expect(had.every((targetingKey) => arm({ targetingKey }) === "canary")).toBe(true);
  });

  it("moves a conversation of the candidate to the baseline, for good, at a turn that is not of the segment", async () => {
    const { set, body } = start();
    await set(1, INTERNAL);
    const turn = (context: object) => body({ conversationId: "c1", ...context });
    expect(turn({ tier: "internal" })).toMatchObject({ variant: "canary", metadata: { conversation: "new" } });
    expect(turn({})).toMatchObject({ variant: "baseline", metadata: { conversation: "moved", handoff: "canary" } });
    expect(turn({ tier: "internal" })).toMatchObject({ variant: "baseline", metadata: { conversation: "kept" } });
  });

  it("leaves a conversation that began outside with the baseline when the share widens", async () => {
    const { set, body } = start();
    await set(1, INTERNAL);
    expect(body({ conversationId: "c1" })).toMatchObject({ variant: "baseline" });
    await set(1);
    expect(body({ conversationId: "c1" })).toMatchObject({ variant: "baseline", metadata: { conversation: "kept" } });
  });

  it("is off for all at once, whatever segment it was for", async () => {
    const { set, arm, read, file } = start();
    await set(1, INTERNAL);
    expect(await set(0, INTERNAL)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(await read()).not.toHaveProperty("audience");
    expect(arm({ targetingKey: "ana", tier: "internal" })).toBe("baseline");
    expect(JSON.parse(readFileSync(file, "utf8")).flags.model).toEqual({ share: 0, writes: 2 });
  });

  it("has another revision when the same share is for other people, and is guarded by it", async () => {
    const { set, read, target } = start();
    await set(0.05, INTERNAL);
    const before = await read();
    expect(await set(0.05)).toMatchObject({ outcome: "written" });
    expect((await read()).revision).not.toBe(before.revision);
    expect(await target.setShare("model", 0.1, before, false, INTERNAL)).toMatchObject({ why: "conflict" });
  });

  it("is left alone when it is for these people already", async () => {
    const { set } = start();
    await set(0.05, INTERNAL);
    expect(await set(0.05, { ...INTERNAL })).toMatchObject({ outcome: "unchanged" });
  });

  it("outlives the agent, and reads a file of an earlier version as for everybody", async () => {
    const first = start();
    await first.set(0.05, INTERNAL);
    expect(await start(first.file).read()).toMatchObject({ share: 0.05, audience: INTERNAL });
    const old = join(directory, `old-${count++}`, "flags.json");
    mkdirSync(dirname(old), { recursive: true });
    writeFileSync(old, JSON.stringify({ version: 1, flags: { model: { share: 1, writes: 3 } } }));
    const second = start(old);
    expect(await second.read()).not.toHaveProperty("audience");
    expect(second.arm({ targetingKey: "ana" })).toBe("canary");
  });

  it("does not start on a file whose audience it cannot read", () => {
    const file = join(directory, `bad-${count++}`, "flags.json");
    mkdirSync(dirname(file), { recursive: true });
    for (const audience of [{ segment: "tier" }, { segment: "tier", values: [] }, "internal"]) {
      writeFileSync(file, JSON.stringify({ version: 1, flags: { model: { share: 1, audience, writes: 3 } } }));
      expect(() => start(file)).toThrow(/no readable flag file/);
    }
  });

  it.each([1, 2, 3])("never yields the candidate without the segment, whatever came before (%i)", async (seed) => {
    const random = seededRandom(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
    const values = ["internal", "low-risk", "Internal", " internal", "", "1", "true"];
    const attributes: readonly unknown[] = [...values, undefined, null, 1, true, ["internal"], {}];
    const { set, arm } = start();
    for (let step = 0; step < 40; step++) {
      const audience = pick([
        null,
        INTERNAL,
        { segment: "tier", values: ["internal", "low-risk"] },
        { segment: "tier", values: ["1"] },
      ]);
      const share = pick([0, 0.05, 0.5, 1]);
      await set(share, audience);
      for (let ask = 0; ask < 50; ask++) {
        const tier = pick(attributes);
        const who = pick([{ targetingKey: pick(USERS) }, { conversationId: `c${Math.floor(random() * 30)}` }, {}]);
        const served = arm({ ...who, ...(tier === undefined ? {} : { tier }) });
        const isPlain = typeof tier === "string" || typeof tier === "number" || typeof tier === "boolean";
        const isOutside = audience !== null && !(isPlain && audience.values.includes(String(tier)));
        if (share === 0 || isOutside) expect(served).not.toBe("canary");
      }
    }
  });
});
