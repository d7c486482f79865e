import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import { type GrowthBookDouble, startGrowthBookDouble } from "../../doubles/flags/growthbook-double.ts";
import type { GbRule } from "../../doubles/flags/growthbook-state.ts";
import { describeFlagContract } from "./flag-contract.ts";
import { boundGrowthBook, canary, KEY, now, served, setByHand, startGrowthBook } from "./start-growthbook.ts";

describeFlagContract("growthbook", startGrowthBook);

describe("a feature of GrowthBook", () => {
  let double: GrowthBookDouble;
  beforeAll(async () => {
    double = await startGrowthBookDouble(now);
  });
  beforeEach(() => double.restart());
  afterAll(() => double.close());

  const addRule = (overrides: Partial<GbRule>): void =>
    double.change(KEY, ({ rules }) => {
      const base = { id: "fr_beta", type: "force", description: "", condition: "", enabled: true } as const;
      rules.unshift({ ...base, allEnvironments: false, environments: ["production"], ...overrides });
    });
  const share = async (): Promise<number | string> => {
    const state = await boundGrowthBook(double).read();
    return isReadFailure(state) ? state.detail : state.share;
  };
  const drafts = (): readonly string[] => double.world().drafts.map(({ status }) => status);

  it("is switched off by the environment's switch in one call, and its coverage stays", async () => {
    setByHand(double, 0.25);
    const before = double.requests.length;
    expect(await boundGrowthBook(double).setShare(0, null)).toMatchObject({ outcome: "written" });
    expect(double.requests.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /api/v2/features/${KEY}`,
      `POST /api/v2/features/${KEY}/toggle`,
    ]);
    expect(canary(double.world()).coverage).toBe(0.25);
    expect(drafts()).toEqual([]);
  });

  it("is raised by a draft of one rule, which keeps what somebody else published meanwhile", async () => {
    setByHand(double, 0.05);
    double.beforeWrite(() =>
      double.change(KEY, ({ rules }) => void rules.push({ ...canary(double.world()), id: "fr_new", value: "third" })),
    );
    expect(await boundGrowthBook(double).setShare(0.5, null)).toMatchObject({
      outcome: "written",
      state: { share: 0.5 },
    });
    expect(double.world().features[KEY]?.rules.map(({ id }) => id)).toContain("fr_new");
  });

  it("whose rule somebody else changed between draft and publication is a conflict, and leaves no draft", async () => {
    setByHand(double, 0.05);
    double.behave(({ path }) => {
      if (path.endsWith("/publish"))
        double.change(KEY, () => void Object.assign(canary(double.world()), { coverage: 0.1 }));
      return null;
    });
    expect(await boundGrowthBook(double).setShare(0.5, null)).toMatchObject({ outcome: "failed", why: "conflict" });
    expect(drafts()).toEqual(["discarded"]);
    expect(await share()).toBe(0.1);
  });

  it("that needs approval is not raised, and leaves no draft", async () => {
    setByHand(double, 0.05);
    double.settings.approvals = true;
    expect(await boundGrowthBook(double).setShare(0.5, null)).toMatchObject({
      outcome: "failed",
      why: "approval-required",
    });
    expect(drafts()).toEqual(["discarded"]);
    expect(await share()).toBe(0.05);
    expect(await boundGrowthBook(double).setShare(0, null)).toMatchObject({ outcome: "written" });
  });

  it("has its rollout switched on where somebody disabled it", async () => {
    double.change(KEY, () => void Object.assign(canary(double.world()), { enabled: false, coverage: 0.3 }));
    expect(await boundGrowthBook(double).setShare(0.05, null)).toMatchObject({
      outcome: "written",
      state: { share: 0.05 },
    });
    expect(canary(double.world())).toMatchObject({ enabled: true, coverage: 0.05 });
  });

  it.each<[string, Partial<GbRule>]>([
    ["a rule for some users", { condition: '{"beta":true}', value: "new" }],
    ["a scheduled rule", { value: "new", scheduleRules: [{ timestamp: "2027-01-01T00:00:00.000Z", enabled: true }] }],
    [
      "an experiment",
      {
        type: "experiment-ref",
        experimentId: "e",
        variations: [
          { variationId: "a", value: "old" },
          { variationId: "b", value: "new" },
        ],
      },
    ],
    ["a second rollout", { type: "rollout", value: "new", coverage: 0.1, hashAttribute: "id" }],
  ])(
    "that gives the candidate by %s besides is at no share, is not raised, and goes off for everybody",
    async (_what, rule) => {
      setByHand(double, 0.05);
      addRule(rule);
      expect(await share()).toContain("cannot be told");
      expect(await boundGrowthBook(double).setShare(0.5, null)).toMatchObject({ outcome: "failed", why: "permanent" });
      expect(await boundGrowthBook(double).setShare(0, null)).toMatchObject({
        outcome: "written",
        state: { share: 0 },
      });
      expect(served(double)).toBe(0);
      expect(await boundGrowthBook(double).inspect()).toMatchObject({ problems: [expect.stringContaining("besides")] });
      expect(await boundGrowthBook(double).setShare(0.05, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    },
  );

  it("whose default value is the candidate's is at no share, and goes off", async () => {
    setByHand(double, 0.05);
    double.change(KEY, (feature) => void Object.assign(feature, { defaultValue: "new" }));
    expect(await share()).toContain("default value");
    expect(await boundGrowthBook(double).setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(await boundGrowthBook(double).inspect()).toMatchObject({
      problems: [expect.stringContaining("default value")],
    });
  });

  it("without a rollout is at what its one rule gives, and is not raised", async () => {
    double.change(KEY, (feature) => void feature.rules.splice(2, 1));
    expect(await share()).toBe(0);
    expect(await boundGrowthBook(double).setShare(0.05, null)).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining("add one"),
    });
    double.change(KEY, (feature) => void Object.assign(feature.environments.production ?? {}, { enabled: true }));
    addRule({ value: "new" });
    expect(await share()).toBe(1);
    expect(await boundGrowthBook(double).inspect()).toMatchObject({ problems: [expect.stringContaining("add one")] });
  });

  it("is not said to be writable with a key that may only read", async () => {
    expect(await boundGrowthBook(double, double.readerToken).inspect()).toMatchObject({ mayWrite: false });
    const writes = double.writes();
    expect(await boundGrowthBook(double).inspect()).toMatchObject({ mayWrite: true });
    expect(double.writes()).toBe(writes);
  });

  it("that cannot be read is switched off all the same, and said to be off when it can", async () => {
    const flag = boundGrowthBook(double);
    setByHand(double, 0.25);
    await flag.read();
    double.behave(({ method }) => (method === "GET" ? { status: 503 } : null));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "failed", why: "transient" });
    expect(served(double)).toBe(0);
    double.behave("work");
    expect(await flag.read()).toMatchObject({ share: 0 });
  });
});
