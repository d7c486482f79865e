import { describe, expect, it } from "vitest";
import { bucketOfKey, evaluateFlag } from "../../../alerts/flags/evaluate-flag.ts";
import type { FlagState } from "../../../core/flag.ts";

const VALUES = { baseline: "gpt-old", canary: "gpt-new" };
const state = (share: number, flag = "model"): FlagState => ({ flag, share, enabled: share > 0, revision: "r1" });
const KEYS = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
const canaryKeys = (share: number, flag = "model"): string[] =>
  KEYS.filter((key) => evaluateFlag(state(share, flag), VALUES, key).variant === "canary");

describe("evaluateFlag", () => {
  it("answers with the variant's value, the reason and the revision", () => {
    expect(evaluateFlag(state(1), VALUES, "u")).toEqual({
      key: "model",
      value: "gpt-new",
      variant: "canary",
      reason: "STATIC",
      metadata: { revision: "r1", share: 1 },
    });
    expect(evaluateFlag(state(0), VALUES, "u")).toMatchObject({
      value: "gpt-old",
      variant: "baseline",
      reason: "STATIC",
    });
    expect(evaluateFlag(state(0.5), VALUES, "u").reason).toBe("SPLIT");
  });

  it.each([0.01, 0.05, 0.25, 0.5, 0.99])(
    "gives the canary %f of the keys, within four standard deviations",
    (share) => {
      const tolerance = 4 * Math.sqrt(share * (1 - share) * KEYS.length);
      expect(Math.abs(canaryKeys(share).length - share * KEYS.length)).toBeLessThan(tolerance);
    },
  );

  it("serves nobody at 0 and everybody at 1", () => {
    expect(canaryKeys(0)).toHaveLength(0);
    expect(canaryKeys(1)).toHaveLength(KEYS.length);
  });

  it("keeps everybody who was in when the share rises, and lets nobody in when it falls", () => {
    const shares = [0.01, 0.05, 0.07, 0.25, 0.5, 0.99];
    for (let i = 1; i < shares.length; i += 1) {
      const more = new Set(canaryKeys(shares[i] ?? 0));
      expect(canaryKeys(shares[i - 1] ?? 0).filter((key) => !more.has(key))).toEqual([]);
    }
  });

  it("draws the canary users of two flags independently", () => {
    const a = new Set(canaryKeys(0.1, "a"));
    const both = canaryKeys(0.1, "b").filter((key) => a.has(key)).length;
    expect(both).toBeGreaterThan(120);
    expect(both).toBeLessThan(280);
  });

  it("falls into the same buckets in every version, so that no upgrade moves a user", () => {
    expect(["ana", "bo", ""].map((key) => bucketOfKey("model", key))).toEqual([59_596, 75_405, 41_063]);
  });

  it("does not let a share's binary fraction admit one bucket too many", () => {
    // 0.07 * 100,000 is 7000.000000000001: bucket 7000 must stay outside.
    const key = KEYS.concat(Array.from({ length: 200_000 }, (_, i) => `more-${i}`)).find(
      (k) => bucketOfKey("model", k) === 7000,
    );
    expect(evaluateFlag(state(0.07), VALUES, key ?? "none").variant).toBe("baseline");
    expect(evaluateFlag(state(0.07001), VALUES, key ?? "none").variant).toBe("canary");
  });
});
