import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import { type PostHogDouble, startPostHogDouble } from "../../doubles/flags/posthog-double.ts";
import type { PhCondition } from "../../doubles/flags/posthog-state.ts";
import { describeFlagContract } from "./flag-contract.ts";
import { boundPostHog, flagOf, KEY, now, served, setByHand, startPostHog } from "./start-posthog.ts";

describeFlagContract("posthog", startPostHog);

describe("a flag of PostHog", () => {
  let double: PostHogDouble;
  beforeAll(async () => {
    double = await startPostHogDouble(now);
  });
  beforeEach(() => double.restart());
  afterAll(() => double.close());

  const share = async (): Promise<number | string> => {
    const state = await boundPostHog(double).read();
    return isReadFailure(state) ? state.detail : state.share;
  };
  const addCondition = (condition: Partial<PhCondition>): void =>
    double.change(
      KEY,
      ({ filters }) => void filters.groups.unshift({ properties: [], rollout_percentage: 10, ...condition }),
    );

  it("is switched off whatever else was changed meanwhile, and its filters are not sent", async () => {
    setByHand(double, 0.25);
    double.beforeWrite(() => double.change(KEY, (flag) => void Object.assign(flag, { name: "renamed" })));
    expect(await boundPostHog(double).setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(double.requests.at(-1)).toMatchObject({ method: "PATCH", body: { active: false } });
    expect(flagOf(double)).toMatchObject({ name: "renamed", active: false });
  });

  it("is raised by one condition of the version that was read; any change since then is a conflict", async () => {
    setByHand(double, 0.05);
    double.beforeWrite(() =>
      double.change(KEY, ({ filters }) => void filters.groups.unshift({ properties: [], rollout_percentage: 0 })),
    );
    expect(await boundPostHog(double).setShare(0.5, null)).toMatchObject({ outcome: "failed", why: "conflict" });
    expect(flagOf(double).filters.groups.map((each) => each.rollout_percentage)).toEqual([0, 100, 5]);
    double.change(KEY, ({ filters }) => void filters.groups.shift());
    expect(await boundPostHog(double).setShare(0.5, null)).toMatchObject({ outcome: "written", state: { share: 0.5 } });
    expect(double.requests.at(-1)?.body).toEqual({
      condition_index: 1,
      rollout_percentage: 50,
      version: flagOf(double).version - 1,
    });
  });

  it.each<[string, () => void, string]>([
    ["a second condition", () => addCondition({ variant: "test" }), "release condition 1 and release condition 3"],
    ["the split of a second condition", () => addCondition({}), "release condition 1"],
    [
      "early access",
      () => double.change(KEY, ({ filters }) => void Object.assign(filters, { super_groups: [{ properties: [] }] })),
      "early access",
    ],
  ])("that lets users in by %s besides is at no share, is not raised, and goes off", async (_what, arrange, detail) => {
    setByHand(double, 0.05);
    arrange();
    expect(await share()).toContain(detail);
    expect(await boundPostHog(double).setShare(0.5, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(await boundPostHog(double).setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(served(double)).toBe(0);
    expect(await boundPostHog(double).setShare(0.05, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(await boundPostHog(double).inspect()).toMatchObject({ problems: [expect.stringContaining(detail)] });
  });

  it("whose condition splits is at its part, and is not raised", async () => {
    double.change(KEY, ({ filters }) => void filters.groups.splice(1, 1, { properties: [], rollout_percentage: 50 }));
    expect(await share()).toBe(0.2);
    expect(served(double)).toBeCloseTo(0.2, 1);
    expect(await boundPostHog(double).setShare(0.3, null)).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining("set its variant"),
    });
  });

  it("without variants gives the candidate to whom it lets in", async () => {
    double.change(
      KEY,
      ({ filters }) =>
        void Object.assign(filters, { multivariate: null, groups: [{ properties: [], rollout_percentage: 20 }] }),
    );
    expect(await share()).toBe(0.2);
    expect(await boundPostHog(double).setShare(0.3, null)).toMatchObject({ outcome: "written", state: { share: 0.3 } });
  });

  it("without a condition for everybody is a problem, and is not raised", async () => {
    double.change(KEY, ({ filters }) => void filters.groups.splice(1, 1));
    expect(await boundPostHog(double).inspect()).toMatchObject({
      state: { share: 0 },
      problems: [expect.stringContaining("add one")],
    });
    expect(await boundPostHog(double).setShare(0.05, null)).toMatchObject({ outcome: "failed", why: "permanent" });
  });

  it("of an older PostHog is not raised, says why, and goes off", async () => {
    setByHand(double, 0.05);
    double.settings.hasRolloutAction = false;
    expect(await boundPostHog(double).setShare(0.5, null)).toMatchObject({
      outcome: "failed",
      why: "permanent",
      detail: expect.stringContaining("September 2026"),
    });
    expect(await boundPostHog(double).setShare(0, null)).toMatchObject({ outcome: "written" });
  });

  it("is found again under another number, and another flag of a similar key is not it", async () => {
    const flag = boundPostHog(double);
    await flag.read();
    Object.assign(flagOf(double), { id: 99 });
    expect(await flag.setShare(0.05, null)).toMatchObject({ outcome: "written" });
    double.world().flags.shift();
    expect(await flag.read()).toMatchObject({ outcome: "failed", why: "not-found" });
  });

  it("is not raised with a key that may only read, nor said to be writable where it may not be edited", async () => {
    expect(await boundPostHog(double, double.readerToken).setShare(0.05, null)).toMatchObject({
      outcome: "failed",
      why: "auth",
    });
    double.change(KEY, (flag) => void Object.assign(flag, { can_edit: false }));
    expect(await boundPostHog(double).inspect()).toMatchObject({ mayWrite: false });
  });

  it("that cannot be read is switched off all the same, and said to be off when it can", async () => {
    const flag = boundPostHog(double);
    setByHand(double, 0.25);
    await flag.read();
    double.behave(({ method }) => (method === "GET" ? { status: 503 } : null));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "failed", why: "transient" });
    expect(served(double)).toBe(0);
    double.behave("work");
    expect(await flag.read()).toMatchObject({ share: 0 });
  });
});
