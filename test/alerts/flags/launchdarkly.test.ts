import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import { type LaunchDarklyDouble, startLaunchDarklyDouble } from "../../doubles/flags/launchdarkly-double.ts";
import { ldServes } from "../../doubles/flags/launchdarkly-state.ts";
import { describeFlagContract } from "./flag-contract.ts";
import { boundLaunchDarkly, KEY, now, served, setByHand, startLaunchDarkly } from "./start-launchdarkly.ts";

describeFlagContract("launchdarkly", startLaunchDarkly);

describe("a flag of LaunchDarkly", () => {
  let double: LaunchDarklyDouble;
  beforeAll(async () => {
    double = await startLaunchDarklyDouble(now);
  });
  beforeEach(() => double.restart());
  afterAll(() => double.close());

  const change = (act: Parameters<LaunchDarklyDouble["change"]>[2]): void => double.change(KEY, "production", act);
  const share = async (): Promise<number | string> => {
    const state = await boundLaunchDarkly(double).read();
    return isReadFailure(state) ? state.detail : state.share;
  };

  it("is switched off by the kill, which leaves the weights alone", async () => {
    setByHand(double, 0.25);
    const before = structuredClone(double.world().flags[KEY]?.environments.production?.fallthrough);
    await boundLaunchDarkly(double).setShare(0, null);
    expect(double.requests.at(-1)?.body).toMatchObject({
      environmentKey: "production",
      comment: expect.stringContaining("Leeway"),
      instructions: [{ kind: "turnFlagOff" }],
    });
    expect(double.world().flags[KEY]?.environments.production).toMatchObject({ on: false, fallthrough: before });
  });

  it.each([
    ["the candidate", 0],
    ["nothing, so that apps get the default of their code", undefined],
  ])("that serves %s when off goes off by weights, and says so", async (_what, offVariation) => {
    setByHand(double, 0.25);
    change((at) => {
      delete at.offVariation;
      Object.assign(at, offVariation === undefined ? {} : { offVariation }, { prerequisites: [] });
    });
    const report = await boundLaunchDarkly(double).inspect();
    expect(report).toMatchObject({ problems: [expect.stringContaining("off variation")] });
    expect(await boundLaunchDarkly(double).setShare(0, null)).toMatchObject({
      outcome: "written",
      state: { share: 0 },
    });
    expect(served(double)).toBe(0);
    expect(double.world().flags[KEY]?.environments.production).toMatchObject({ on: true });
  });

  it("that is off and serves the candidate is at 100%, and a rollback switches it on at 0%", async () => {
    change((at) => Object.assign(at, { offVariation: 0, prerequisites: [] }));
    expect(await share()).toBe(1);
    expect(served(double)).toBe(1);
    expect(await boundLaunchDarkly(double).setShare(0, null)).toMatchObject({
      outcome: "written",
      state: { share: 0 },
    });
    expect(served(double)).toBe(0);
  });

  it.each([
    ["a second one of the candidate's model", "canary two", { model: "new", temperature: 1 }, "several variations"],
    ["one whose value was changed under way", "x", "new-2026-10-01", "neither arm's"],
  ])("that serves %s is at no share, and goes off for everybody", async (_what, name, value, why) => {
    setByHand(double, 0);
    double.change(KEY, "production", (at) => {
      const { variations } = double.world().flags[KEY] ?? { variations: [] };
      if (why === "neither arm's") Object.assign(variations[0] ?? {}, { name, value });
      else Object.assign(variations, { [variations.length]: { _id: "extra", name, value } });
      const given = why === "neither arm's" ? 0 : variations.length - 1;
      Object.assign(at, { on: true, prerequisites: [] });
      at.fallthrough = {
        rollout: {
          variations: [
            { variation: given, weight: 30_000 },
            { variation: 1, weight: 70_000 },
          ],
          contextKind: "user",
        },
      };
    });
    expect(await share()).toContain(why);
    expect(await boundLaunchDarkly(double).setShare(0.5, null)).toMatchObject({ outcome: "failed" });
    expect(await boundLaunchDarkly(double).setShare(0, null)).toMatchObject({ outcome: "written" });
    expect(double.world().flags[KEY]?.environments.production).toMatchObject({ on: false });
  });

  it("that serves the candidate off where a prerequisite is not met is at no share, and no weight is said to end it", async () => {
    setByHand(double, 0.25);
    change((at) => Object.assign(at, { offVariation: 0 }));
    expect(await share()).toContain("prerequisite");
    expect(await boundLaunchDarkly(double).setShare(0, null)).toMatchObject({ outcome: "failed", why: "permanent" });
  });

  it.each<[string, Parameters<LaunchDarklyDouble["change"]>[2], string]>([
    [
      "individual targets",
      (at) => void at.targets.push({ values: ["ana"], variation: 0, contextKind: "user" }),
      "individual targets",
    ],
    [
      "context targets",
      (at) => void at.contextTargets.push({ values: ["org"], variation: 0, contextKind: "org" }),
      "individual targets",
    ],
    [
      "a rule beside the rest",
      (at) => void at.rules.push({ _id: "beta", description: "", clauses: [], variation: 0, trackEvents: false }),
      "rule beta",
    ],
  ])(
    "that serves the candidate to %s is at no share, is not raised, and goes off for everybody",
    async (_what, act, detail) => {
      setByHand(double, 0.25);
      change(act);
      expect(await share()).toContain(detail);
      expect(await boundLaunchDarkly(double).setShare(0.5, null)).toMatchObject({
        outcome: "failed",
        why: "permanent",
      });
      expect(await boundLaunchDarkly(double).setShare(0, null)).toMatchObject({
        outcome: "written",
        state: { share: 0 },
      });
      expect(served(double)).toBe(0);
      expect(ldServes(double.world(), KEY, "production", { key: "ana" })).toBe(1);
      expect(await boundLaunchDarkly(double).setShare(0.25, null)).toMatchObject({
        outcome: "failed",
        why: "permanent",
      });
      expect(served(double)).toBe(0);
    },
  );

  it("whose candidate is given to one rule's users alone has its share there", async () => {
    change((at) => {
      const clauses = [
        {
          _id: "c",
          attribute: "plan",
          op: "in" as const,
          values: ["beta"],
          contextKind: "user" as const,
          negate: false,
        },
      ];
      const rollout = {
        variations: [
          { variation: 0, weight: 5_000 },
          { variation: 1, weight: 95_000 },
        ],
        bucketBy: "tenant",
        contextKind: "org",
      };
      at.rules.push({ _id: "beta", description: "", clauses, rollout, trackEvents: false });
      at.on = true;
    });
    expect(await share()).toBe(0.05);
    expect(await boundLaunchDarkly(double).setShare(0.5, null)).toMatchObject({
      outcome: "written",
      state: { share: 0.5 },
    });
    expect(double.world().flags[KEY]?.environments.production?.rules.at(-1)?.rollout).toEqual({
      variations: [
        { variation: 0, weight: 50_000 },
        { variation: 1, weight: 50_000 },
      ],
      bucketBy: "tenant",
      contextKind: "org",
    });
    expect(double.world().flags[KEY]?.environments.production?.fallthrough).toEqual({ variation: 1 });
  });

  it("keeps what a third variation has, and is not raised into it", async () => {
    change((at) => {
      const variations = [
        { variation: 1, weight: 70_000 },
        { variation: 2, weight: 30_000 },
      ];
      Object.assign(at, { on: true, fallthrough: { rollout: { variations, contextKind: "user" } } });
    });
    expect(await boundLaunchDarkly(double).setShare(0.5, null)).toMatchObject({
      outcome: "written",
      state: { share: 0.5 },
    });
    expect(double.world().flags[KEY]?.environments.production?.fallthrough.rollout?.variations).toEqual([
      { variation: 0, weight: 50_000 },
      { variation: 1, weight: 20_000 },
      { variation: 2, weight: 30_000 },
    ]);
    expect(await boundLaunchDarkly(double).setShare(0.8, null)).toMatchObject({ outcome: "failed", why: "permanent" });
  });

  it("without a variation for an arm is a problem, and is not raised", async () => {
    change((_at, flag) => void flag.variations.splice(0, 1, { _id: "x", name: "n", value: "other" }));
    expect(await boundLaunchDarkly(double).inspect()).toMatchObject({
      problems: [expect.stringContaining("no variation is the candidate's")],
    });
    expect(await boundLaunchDarkly(double).setShare(0.5, null)).toMatchObject({ outcome: "failed", why: "permanent" });
  });

  it("is not said to be writable with a token that may only read, nor where approvals are required", async () => {
    const writes = double.writes();
    expect(await boundLaunchDarkly(double, double.readerToken).inspect()).toMatchObject({ mayWrite: false });
    expect(await boundLaunchDarkly(double).inspect()).toMatchObject({ mayWrite: true });
    double.settings.approvals = true;
    expect(await boundLaunchDarkly(double).inspect()).toMatchObject({
      mayWrite: false,
      mayWriteBecause: expect.stringContaining("approval"),
    });
    expect(double.writes()).toBe(writes);
  });

  it("that cannot be read is switched off all the same, and said to be off when it can", async () => {
    const flag = boundLaunchDarkly(double);
    setByHand(double, 0.25);
    await flag.read();
    double.behave(({ method }) => (method === "GET" ? { status: 503 } : null));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "failed", why: "transient" });
    expect(served(double)).toBe(0);
    double.behave("work");
    expect(await flag.read()).toMatchObject({ share: 0 });
  });

  it("that cannot be read and serves the candidate when it is off is not switched off", async () => {
    const flag = boundLaunchDarkly(double);
    setByHand(double, 0.25);
    change((at) => Object.assign(at, { offVariation: 0, prerequisites: [] }));
    await flag.read();
    double.behave(({ method }) => (method === "GET" ? { status: 503 } : null));
    await flag.setShare(0, null);
    expect(served(double)).toBeLessThan(0.5);
  });
});
