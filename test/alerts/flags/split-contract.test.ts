import { describe, expect, it } from "vitest";
import { bucketOfKey } from "../../../alerts/flags/evaluate-flag.ts";
import { split } from "../../../alerts/flags/split.ts";
import { type SplitDefinition, type SplitDouble, startSplitDouble } from "../../doubles/flags/split-double.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import { describeFlagContract, type FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";

const definitionOf = (name: string, percent: number): SplitDefinition => ({
  name,
  killed: false,
  treatments: [
    { name: "new", configurations: '{"model":"gpt-5"}' },
    { name: "old", configurations: '{"model":"gpt-4o"}', keys: ["vip-1"], segments: ["banks"] },
    { name: "mini", configurations: '{"model":"gpt-4o-mini"}' },
  ],
  defaultTreatment: "old",
  trafficAllocation: 100,
  rules: [
    {
      buckets: [
        { treatment: "mini", size: 50 },
        { treatment: "old", size: 50 },
      ],
      condition: { combiner: "AND", matchers: [{ type: "IN_LIST_STRING", attribute: "plan", strings: ["free"] }] },
    },
  ],
  defaultRule: [
    { treatment: "new", size: percent },
    { treatment: "mini", size: 10 },
    { treatment: "old", size: 90 - percent },
  ],
  creationTime: 1,
  lastUpdateTime: 1,
});

const roll =
  (percent: number) =>
  (definition: SplitDefinition): SplitDefinition => ({
    ...definition,
    killed: percent === 0,
    defaultRule: percent === 0 ? definition.defaultRule : definitionOf("", percent).defaultRule,
  });

const fill = (double: SplitDouble): void => {
  for (const environment of ["Production", "Staging"]) {
    const share = environment === "Staging" ? 30 : 0;
    double.environments.set(
      environment,
      new Map([
        ["model", definitionOf("model", share)],
        ["other", definitionOf("other", 70)],
      ]),
    );
  }
};

const targetAt = ({ url, token }: SplitDouble) => {
  const config = split.schema.parse({ type: "split", url, token, workspace: "ws-1", environment: "Production" });
  const target = split.create("prod", config, { log: recordingLog(), now: Date.now, timeoutMs: BUSY_MS });
  return target.bind({ flag: "model", target: "prod" }, { baseline: "gpt-4o", canary: "gpt-5" });
};

const start = async (): Promise<FlagUnderTest> => {
  const double = await startSplitDouble();
  const model = () => double.environments.get("Production")?.get("model");
  const untimed = ({ lastUpdateTime: _, ...rest }: SplitDefinition = definitionOf("", 0)) => rest;
  const answer = (status: number) => (): void => double.behave(() => ({ status, body: { message: double.token } }));
  const byHand = (share: number): void => double.edit("Production", "model", roll(share * 100));
  const times = new Set<number | undefined>();
  return {
    flag: targetAt(double),
    secrets: [double.token],
    reset: async () => {
      double.behave("work");
      double.limit(null);
      fill(double);
    },
    served: async () => {
      const { killed, defaultRule } = model() ?? definitionOf("", 0);
      return shareOfUsers((user) => !killed && bucketOfKey("model", user) < (defaultRule[0]?.size ?? 0) * 1_000);
    },
    neighbours: async () => {
      const { killed: _killed, defaultRule: _rule, ...rest } = untimed(model());
      const { environments } = double;
      return { rest, staging: environments.get("Staging"), other: environments.get("Production")?.get("other") };
    },
    whole: async () => untimed(model()),
    writes: () => times.add(model()?.lastUpdateTime).size,
    setByHand: async (share) => byHand(share),
    changeInBetween: () => double.beforeWrite(() => byHand(0.7)),
    situations: [
      { name: "401", arrange: answer(401), why: "auth" },
      { name: "403", arrange: answer(403), why: "auth" },
      { name: "404", arrange: answer(404), why: "not-found" },
      { name: "409", arrange: answer(409), why: "conflict" },
      { name: "500", arrange: answer(500), why: "transient" },
      { name: "a broken connection", arrange: () => double.behave("reset"), why: "transient" },
      { name: "no requests left", arrange: () => double.limit(0), why: "rate-limited", retryAfterMs: 17_000 },
      { name: "no such environment", arrange: () => void double.environments.delete("Production"), why: "not-found" },
      {
        name: "a patch that is refused",
        arrange: () => double.behave(({ method }) => (method === "PATCH" ? { status: 400 } : null)),
        why: "permanent",
        fails: "writes",
      },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};

describeFlagContract("split", start);

describe("a flag of Split", () => {
  const world = async (change: (definition: SplitDefinition) => SplitDefinition = (definition) => definition) => {
    const double = await startSplitDouble();
    fill(double);
    double.edit("Production", "model", (definition) => change(roll(20)(definition)));
    const now = () => double.environments.get("Production")?.get("model");
    return { double, flag: targetAt(double), now };
  };

  it.each<[string, (definition: SplitDefinition) => SplitDefinition, string]>([
    [
      "keys that always get the candidate",
      (of) => ({
        ...of,
        treatments: [{ name: "new", configurations: '{"model":"gpt-5"}', keys: ["beta-1"] }, ...of.treatments.slice(1)],
      }),
      "has keys or segments",
    ],
    [
      "a rule that serves the candidate",
      (of) => ({ ...of, rules: of.rules.map((rule) => ({ ...rule, buckets: [{ treatment: "new", size: 100 }] })) }),
      "rule 1 serves the candidate",
    ],
  ])("is at no share with %s, and is killed all the same", async (_name, change, problem) => {
    const { double, flag } = await world(change);
    const why = { outcome: "failed", why: "permanent", detail: expect.stringContaining(problem) };
    expect(await flag.read()).toMatchObject(why);
    expect(await flag.setShare(0.5, null)).toMatchObject(why);
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(await flag.read()).toMatchObject({ share: 0, enabled: false });
    await double.close();
  });

  it("is never killed into the candidate", async () => {
    const { double, flag, now } = await world((of) => ({ ...of, defaultTreatment: "new" }));
    const why = { outcome: "failed", why: "permanent", detail: expect.stringContaining("the default treatment new") };
    expect(await flag.setShare(0, null)).toMatchObject(why);
    expect(now()?.killed).toBe(false);
    await double.close();
  });

  it("is not killed where the default treatment became the candidate's right before", async () => {
    const { double, flag, now } = await world();
    double.beforeWrite(() => double.edit("Production", "model", (of) => ({ ...of, defaultTreatment: "new" })));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(now()?.killed).toBe(false);
    await double.close();
  });

  it("counts what the exposure leaves, and serves only what it can", async () => {
    const { double, flag, now } = await world((of) => ({ ...of, trafficAllocation: 50 }));
    expect(await flag.read()).toMatchObject({ share: 0.1 });
    expect(await flag.setShare(0.25, null)).toMatchObject({ outcome: "written", state: { share: 0.25 } });
    expect(now()).toMatchObject({ trafficAllocation: 50, defaultRule: [{ size: 50 }, { size: 10 }, { size: 40 }] });
    expect(await flag.setShare(0.6, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    await double.close();
  });
});
