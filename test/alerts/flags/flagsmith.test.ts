import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import { type FlagsmithDouble, startFlagsmithDouble } from "../../doubles/flags/flagsmith-double.ts";
import type { FsIdentity } from "../../doubles/flags/flagsmith-state.ts";
import { describeFlagContract } from "./flag-contract.ts";
import { boundFlagsmith, now, served, setWeight, startFlagsmith } from "./start-flagsmith.ts";

describeFlagContract("flagsmith", startFlagsmith);

describe("a flag of Flagsmith", () => {
  let double: FlagsmithDouble;
  beforeAll(async () => {
    double = await startFlagsmithDouble(now);
  });
  beforeEach(() => double.restart());
  afterAll(() => double.close());

  const share = async (): Promise<number | string> => {
    const state = await boundFlagsmith(double).read();
    return isReadFailure(state) ? state.detail : state.share;
  };
  const addIdentity = (overrides: Partial<FsIdentity>): void => {
    const base = { identifier: "ana", feature: 7, enabled: true, value: "old", weights: [] };
    double.world().identities.production?.push({ ...base, ...overrides });
  };

  it("names every variant with the weight it has, and nothing else", async () => {
    await boundFlagsmith(double).setShare(0.05, null);
    expect(double.requests.at(-1)).toMatchObject({
      method: "PATCH",
      path: "/api/__future__/environments/production/features/7/",
    });
    expect(double.requests.at(-1)?.body).toEqual({
      environment_default: {
        variants: [
          { id: 31, weight: 5 },
          { id: 32, weight: 10 },
        ],
      },
    });
  });

  it("that a person disabled is at no share while its variant has weight, since its value is still given", async () => {
    setWeight(double.state(), 25);
    double.state().environment_default.enabled = false;
    expect(await share()).toContain("disabled");
    expect(served(double)).toBeGreaterThan(0);
    expect(await boundFlagsmith(double).setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(served(double)).toBe(0);
    expect(double.state().environment_default.enabled).toBe(false);
    expect(await boundFlagsmith(double).setShare(0.05, null)).toMatchObject({
      outcome: "written",
      state: { share: 0.05 },
    });
    expect(double.state().environment_default.enabled).toBe(true);
  });

  it("that segments are given by a weight besides is at no share, and off ends it there too", async () => {
    setWeight(double.state(), 5);
    double.state().segment_overrides[0]?.variants.splice(0, 1, { id: 31, weight: 50 });
    expect(await share()).toContain("segment 101");
    expect(await boundFlagsmith(double).setShare(0.5, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(await boundFlagsmith(double).setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(double.state().segment_overrides[0]).toMatchObject({
      enabled: true,
      priority: 0,
      variants: [
        { id: 31, weight: 0 },
        { id: 32, weight: 0 },
      ],
    });
  });

  it.each<[string, () => void, string]>([
    [
      "a segment's own value",
      () => Object.assign(double.state().segment_overrides[0] ?? {}, { value: { type: "string", value: "new" } }),
      "segment 101",
    ],
    [
      "the value outside the variants",
      () => Object.assign(double.state().environment_default, { value: { type: "string", value: "new" } }),
      "outside the variants",
    ],
    ["an identity's value", () => addIdentity({ value: "new" }), "identities"],
    ["an identity's weight", () => addIdentity({ weights: [{ option: 31, weight: 100 }] }), "identities"],
  ])("that gives the candidate by %s is at no share, and is not said to be off", async (_what, arrange, detail) => {
    setWeight(double.state(), 5);
    arrange();
    expect(await share()).toContain(detail);
    expect(await boundFlagsmith(double).setShare(0, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    // what could be ended is
    expect(double.state().environment_default.variants[0]).toEqual({ id: 31, weight: 0 });
    expect(await share()).toContain(detail);
    expect(await boundFlagsmith(double).setShare(0.05, null)).toMatchObject({ outcome: "failed", why: "permanent" });
  });

  it("leaves what other variants have, and is not raised into it", async () => {
    expect(await boundFlagsmith(double).setShare(0.95, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(await boundFlagsmith(double).setShare(0.9, null)).toMatchObject({
      outcome: "written",
      state: { share: 0.9 },
    });
  });

  it("without a variant of the candidate is a problem, and is not raised", async () => {
    Object.assign(double.world().features[0]?.options[0] ?? {}, { value: "another" });
    expect(await boundFlagsmith(double).inspect()).toMatchObject({
      problems: [expect.stringContaining("no variant is the candidate's")],
    });
    expect(await boundFlagsmith(double).setShare(0.05, null)).toMatchObject({ outcome: "failed", why: "permanent" });
  });

  it("is not said to be writable with a key that may only read, nor where change requests are on", async () => {
    expect(await boundFlagsmith(double, double.readerToken).inspect()).toMatchObject({ mayWrite: false });
    const writes = double.writes();
    expect(await boundFlagsmith(double).inspect()).toMatchObject({ mayWrite: true });
    double.settings.changeRequests = true;
    expect(await boundFlagsmith(double).inspect()).toMatchObject({ mayWrite: false });
    expect(double.writes()).toBe(writes);
  });
});
