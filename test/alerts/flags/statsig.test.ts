import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import { type StatsigDouble, startStatsigDouble } from "../../doubles/flags/statsig-double.ts";
import { type SgRule, sgPasses, sgRule } from "../../doubles/flags/statsig-state.ts";
import { describeFlagContract } from "./flag-contract.ts";
import { boundStatsig, everyone, KEY, NOW, now, served, setByHand, startStatsig } from "./start-statsig.ts";

describeFlagContract("statsig", startStatsig);

describe("a gate of Statsig", () => {
  let double: StatsigDouble;
  beforeAll(async () => {
    double = await startStatsigDouble(now);
  });
  beforeEach(() => double.restart());
  afterAll(() => double.close());

  const share = async (): Promise<number | string> => {
    const state = await boundStatsig(double).read();
    return isReadFailure(state) ? state.detail : state.share;
  };
  const addRule = (overrides: Partial<SgRule>): void =>
    double.change(KEY, ({ rules }) => void rules.unshift(sgRule("beta", overrides)));

  it("goes off by one rule's percentage, and other environments go on", async () => {
    setByHand(double, 0.25);
    expect(await boundStatsig(double).setShare(0, null)).toMatchObject({ outcome: "written" });
    expect(double.requests.filter(({ method }) => method !== "GET").at(-1)).toMatchObject({
      method: "PATCH",
      path: `/console/v1/gates/${KEY}/rules/everyone`,
      body: { name: "everyone", passPercentage: 0, conditions: [{ type: "public" }], environments: ["production"] },
    });
    expect(sgPasses(double.world(), KEY, "development", "ana")).toBe(true);
  });

  it.each<[string, Partial<SgRule>]>([
    ["a second rule", { passPercentage: 10, conditions: [{ type: "user_id", targetValue: ["ana"] }] }],
    ["a rule for all environments", { passPercentage: 100, environments: null }],
  ])(
    "that passes users by %s besides is at no share, is not raised, and is switched off whole",
    async (_what, rule) => {
      setByHand(double, 0.05);
      addRule(rule);
      expect(await share()).toContain("cannot be told");
      expect(await boundStatsig(double).setShare(0.5, null)).toMatchObject({ outcome: "failed", why: "permanent" });
      expect(await boundStatsig(double).setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
      expect(double.world().gates[KEY]).toMatchObject({ isEnabled: false });
      expect(served(double)).toBe(0);
      expect(await boundStatsig(double).setShare(0.05, null)).toMatchObject({ outcome: "failed", why: "permanent" });
      expect(await boundStatsig(double).inspect()).toMatchObject({
        problems: [expect.stringContaining("leave it to one")],
      });
    },
  );

  it("whose rule is raised by a planned rollout is switched off whole, and says so", async () => {
    setByHand(double, 0.05);
    double.change(
      KEY,
      () =>
        void Object.assign(everyone(double.world()), {
          pendingAutomatedRollouts: [{ time: NOW + 1, passPercent: 50 }],
        }),
    );
    expect(await boundStatsig(double).inspect()).toMatchObject({
      problems: [expect.stringContaining("planned rollout")],
    });
    expect(await boundStatsig(double).setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(double.world().gates[KEY]).toMatchObject({ isEnabled: false });
  });

  it.each<[string, () => void]>([
    ["a user", () => void double.world().overrides[KEY]?.passingUserIDs.push("ana")],
    ["another id", () => void double.world().overrides[KEY]?.passingCustomIDs.push("org")],
    [
      "an id in this environment",
      () =>
        void double.world().overrides[KEY]?.environmentOverrides.push({
          environment: null,
          unitID: "userID",
          passingIDs: ["ana"],
          failingIDs: [],
        }),
    ],
  ])("that an override passes %s by is at no share, and never said to be off", async (_what, arrange) => {
    setByHand(double, 0.05);
    arrange();
    expect(await share()).toContain("overrides");
    expect(await boundStatsig(double).setShare(0, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    // what could be ended is
    expect(served(double)).toBe(0);
    expect(await share()).toContain("overrides");
  });

  it("that is launched is at no share, and goes off", async () => {
    setByHand(double, 0.05);
    double.change(KEY, (gate) => void Object.assign(gate, { status: "Launched" }));
    expect(await share()).toContain("launched");
    expect(await boundStatsig(double).setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(served(double)).toBe(0);
  });

  it("without a rule for everybody is a problem, and is not raised", async () => {
    double.change(KEY, ({ rules }) => void rules.splice(2, 1));
    expect(await boundStatsig(double).inspect()).toMatchObject({
      state: { share: 0 },
      problems: [expect.stringContaining("add one")],
    });
    expect(await boundStatsig(double).setShare(0.05, null)).toMatchObject({ outcome: "failed", why: "permanent" });
  });

  it("repeats the conditions it read, and never the key that Statsig repeats", async () => {
    const write = await boundStatsig(double, double.readerToken).setShare(0.05, null);
    expect(write).toMatchObject({ outcome: "failed", why: "auth" });
    const read = await boundStatsig(double, "console-notOneOfThem").read();
    expect(JSON.stringify(read)).not.toContain("notOneOfThem");
  });

  it("that cannot be read is switched off all the same, and said to be off when it can", async () => {
    const flag = boundStatsig(double);
    setByHand(double, 0.25);
    await flag.read();
    double.behave(({ method }) => (method === "GET" ? { status: 503 } : null));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "failed", why: "transient" });
    expect(served(double)).toBe(0);
    double.behave("work");
    expect(await flag.read()).toMatchObject({ share: 0 });
  });
});
