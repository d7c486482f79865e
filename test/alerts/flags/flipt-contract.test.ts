import { describe, expect, it } from "vitest";
import { bucketOfKey } from "../../../alerts/flags/evaluate-flag.ts";
import { flipt } from "../../../alerts/flags/flipt.ts";
import {
  type FliptDouble,
  type FliptFlag,
  type FliptRollout,
  startFliptDouble,
} from "../../doubles/flags/flipt-double.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import { describeFlagContract, type FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";

const segment = (value: boolean): FliptRollout => ({
  type: "SEGMENT_ROLLOUT_TYPE",
  description: "not for banks",
  segment: { value, segments: ["banks", "insurers"], segmentOperator: "OR_SEGMENT_OPERATOR" },
});

const threshold = (percentage: number, value = true): FliptRollout => ({
  type: "THRESHOLD_ROLLOUT_TYPE",
  description: "the canary",
  threshold: { percentage, value },
});

const flagOf = (key: string, percentage: number): FliptFlag => ({
  "@type": "flipt.core.Flag",
  key,
  type: "BOOLEAN_FLAG_TYPE",
  name: "The model",
  description: "who gets the new one",
  enabled: false,
  variants: [],
  rules: [],
  rollouts: [segment(false), threshold(percentage)],
  metadata: { owner: "support", tier: 1 },
});

const fill = (double: FliptDouble): void => {
  for (const environment of ["production", "staging"]) {
    const share = environment === "staging" ? 30 : 0;
    double.environments.set(
      environment,
      new Map([
        ["shop/model", flagOf("model", share)],
        ["shop/other", flagOf("other", 70)],
      ]),
    );
  }
  double.edit("production", "shop/model", (flag) => flag);
};

const withRollouts =
  (...rollouts: readonly FliptRollout[]) =>
  (flag: FliptFlag): FliptFlag => ({ ...flag, rollouts });

const roll = (percentage: number) => withRollouts(segment(false), threshold(percentage));

const targetAt = ({ url, token }: FliptDouble) => {
  const config = flipt.schema.parse({ type: "flipt", url, token, environment: "production", namespace: "shop" });
  const target = flipt.create("prod", config, { log: recordingLog(), now: Date.now, timeoutMs: BUSY_MS });
  return target.bind({ flag: "model", target: "prod" }, { baseline: "gpt-4o", canary: "gpt-5" });
};

const start = async (): Promise<FlagUnderTest> => {
  const double = await startFliptDouble();
  const model = () => double.environments.get("production")?.get("shop/model");
  const answer = (status: number, code: number) => (): void =>
    double.behave(() => ({ status, body: { code, message: `no, ${double.token}`, details: [] } }));
  const heads = new Set<string>();
  const byHand = (share: number): void => double.edit("production", "shop/model", roll(share * 100));
  return {
    flag: targetAt(double),
    secrets: [double.token],
    reset: async () => {
      double.behave("work");
      fill(double);
    },
    served: async () => {
      const last = model()?.rollouts.at(-1);
      const percentage = last?.type === "THRESHOLD_ROLLOUT_TYPE" ? last.threshold.percentage : 0;
      return shareOfUsers((user) => Math.floor(bucketOfKey("model", user) / 1_000) < percentage);
    },
    neighbours: async () => ({
      staging: double.environments.get("staging"),
      other: double.environments.get("production")?.get("shop/other"),
      rest: { ...model(), rollouts: model()?.rollouts.slice(0, -1) },
    }),
    whole: async () => model(),
    writes: () => heads.add(double.head("production")).size,
    setByHand: async (share) => byHand(share),
    changeInBetween: () => double.beforeWrite(() => byHand(0.7)),
    situations: [
      { name: "401", arrange: answer(401, 16), why: "auth" },
      { name: "403", arrange: answer(403, 7), why: "auth" },
      { name: "404", arrange: answer(404, 5), why: "not-found" },
      { name: "409", arrange: answer(409, 10), why: "conflict" },
      { name: "a precondition", arrange: answer(400, 9), why: "conflict" },
      { name: "a bad request", arrange: answer(400, 3), why: "permanent" },
      { name: "503", arrange: answer(503, 14), why: "transient" },
      { name: "a broken connection", arrange: () => double.behave("reset"), why: "transient" },
      { name: "no such environment", arrange: () => void double.environments.delete("production"), why: "not-found" },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};

describeFlagContract("flipt", start);

describe("a flag of Flipt", () => {
  const world = async (change: (flag: FliptFlag) => FliptFlag) => {
    const double = await startFliptDouble();
    fill(double);
    double.edit("production", "shop/model", change);
    const rollouts = () => double.environments.get("production")?.get("shop/model")?.rollouts;
    return { double, flag: targetAt(double), rollouts };
  };

  it.each<[string, (flag: FliptFlag) => FliptFlag, string]>([
    ["a segment that gets the candidate", withRollouts(segment(true), threshold(20)), "rollout 1 serves the candidate"],
    ["a default of true", (flag) => ({ ...roll(20)(flag), enabled: true }), "its default is true"],
    ["two thresholds", withRollouts(threshold(20), threshold(40)), "expected one threshold"],
    ["a threshold of false", withRollouts(threshold(20, false)), "expected one threshold"],
    ["a variant flag", (flag) => ({ ...flag, type: "VARIANT_FLAG_TYPE", rollouts: [] }), "no boolean flag"],
  ])("is at no share with %s", async (_name, change, problem) => {
    const { double, flag } = await world(change);
    const why = { outcome: "failed", why: "permanent", detail: expect.stringContaining(problem) };
    expect(await flag.read()).toMatchObject(why);
    expect(await flag.setShare(0.5, null)).toMatchObject(why);
    expect(await flag.inspect()).toMatchObject({ problems: [expect.stringContaining(problem)] });
    await double.close();
  });

  it("goes down as far as it can while a segment gets the candidate", async () => {
    const { double, flag, rollouts } = await world(withRollouts(segment(true), threshold(20)));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(rollouts()).toEqual([segment(true), threshold(0)]);
    await double.close();
  });

  it("is switched off although other flags are committed in between, and keeps what was committed", async () => {
    const { double, flag } = await world(roll(20));
    double.beforeWrite(() => double.edit("production", "shop/other", roll(5)));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(double.environments.get("production")?.get("shop/other")?.rollouts.at(-1)).toEqual(threshold(5));
    await double.close();
  });

  it("is off without a threshold, and cannot be set to a share", async () => {
    const { double, flag } = await world(withRollouts(segment(false)));
    expect(await flag.read()).toMatchObject({ share: 0 });
    expect(await flag.setShare(0.5, null)).toMatchObject({ detail: expect.stringContaining("no threshold rollout") });
    await double.close();
  });
});
