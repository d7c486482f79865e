import { describe, expect, it } from "vitest";
import { configcat } from "../../../alerts/flags/configcat.ts";
import { bucketOfKey } from "../../../alerts/flags/evaluate-flag.ts";
import {
  type ConfigCatDouble,
  type ConfigCatSetting,
  startConfigCatDouble,
} from "../../doubles/flags/configcat-double.ts";
import type { ConfigCatFormula } from "../../doubles/flags/configcat-formula.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import { describeFlagContract, type FlagUnderTest } from "./flag-contract.ts";

const [PRODUCTION, STAGING] = ["sdk/production-key", "sdk/staging-key"] as const;
const VALUES = { baseline: "gpt-4o", canary: "gpt-5" };
const USERS = 2_000;

const text = (stringValue: string) => ({ stringValue });

/** A flag with everything around the share: a rule for some, one by a prerequisite, an attribute to count by, a third model. */
const formula = (percent: number): ConfigCatFormula => ({
  defaultValue: text("gpt-4o"),
  percentageEvaluationAttribute: "Account",
  targetingRules: [
    {
      conditions: [
        { userCondition: { comparisonAttribute: "Plan", comparator: "textEquals", comparisonValue: text("free") } },
      ],
      percentageOptions: [],
      value: text("gpt-4o-mini"),
    },
    {
      conditions: [
        {
          prerequisiteFlagCondition: {
            prerequisiteSettingId: 2,
            comparator: "equals",
            prerequisiteComparisonValue: { boolValue: true },
          },
        },
      ],
      percentageOptions: [],
      value: text("gpt-4o"),
    },
    {
      conditions: [],
      percentageOptions: [
        { percentage: percent, value: text("gpt-5") },
        { percentage: 10, value: text("gpt-4o-mini") },
        { percentage: 90 - percent, value: text("gpt-4o") },
      ],
      value: null,
    },
  ],
});

const setting = (id: number, key: string, of: ConfigCatFormula): ConfigCatSetting => ({
  id,
  key,
  formula: of,
  lastVersionId: `00000000-0000-4000-8000-00000000000${id}`,
  readOnly: false,
});

const other = (): ConfigCatSetting =>
  setting(2, "other", { defaultValue: { boolValue: false }, targetingRules: [], percentageEvaluationAttribute: null });

const fill = (double: ConfigCatDouble): void => {
  for (const key of [PRODUCTION, STAGING]) {
    const share = key === STAGING ? 30 : 0;
    double.environments.set(
      key,
      new Map([setting(1, "model", formula(share)), other()].map((each) => [each.key, each])),
    );
  }
};

const shareRule = (of: ConfigCatFormula, percent: number): ConfigCatFormula => ({
  ...of,
  targetingRules: [...of.targetingRules].with(2, {
    conditions: [],
    percentageOptions: (formula(percent).targetingRules[2] ?? { percentageOptions: [] }).percentageOptions,
    value: null,
  }),
});

const targetAt = (double: ConfigCatDouble) => {
  const { username, password, url } = double;
  const config = configcat.schema.parse({ type: "configcat", username, password, url, sdkKey: PRODUCTION });
  const target = configcat.create("prod", config, { log: recordingLog(), now: Date.now, timeoutMs: BUSY_MS });
  return target.bind({ flag: "model", target: "prod" }, VALUES);
};

const start = async (): Promise<FlagUnderTest> => {
  const double = await startConfigCatDouble();
  const flag = targetAt(double);
  const model = () => double.environments.get(PRODUCTION)?.get("model");
  const answer = (status: number) => (): void => double.behave(() => ({ status, body: `no, ${double.password}` }));
  const byHand = (share: number): void =>
    double.edit(PRODUCTION, "model", (of) => shareRule(of, Math.round(share * 100)));
  let versions = new Set<string | undefined>();
  return {
    flag,
    secrets: [double.password, PRODUCTION, Buffer.from(`${double.username}:${double.password}`).toString("base64")],
    reset: async () => {
      double.behave("work");
      double.limit(null);
      fill(double);
      versions = new Set();
    },
    served: async () => {
      const options = model()?.formula.targetingRules[2]?.percentageOptions ?? [];
      const percent = options.find(({ value }) => value.stringValue === "gpt-5")?.percentage ?? 0;
      const users = Array.from({ length: USERS }, (_, i) => bucketOfKey("model", `user-${i}`) < percent * 1_000);
      return users.filter(Boolean).length / USERS;
    },
    neighbours: async () => ({
      staging: double.environments.get(STAGING),
      other: double.environments.get(PRODUCTION)?.get("other"),
      rest: shareRule(model()?.formula ?? formula(0), 0),
    }),
    whole: async () => model()?.formula,
    writes: () => {
      versions.add(model()?.lastVersionId);
      return versions.size;
    },
    setByHand: async (share) => byHand(share),
    changeInBetween: () => double.beforeWrite(() => byHand(0.7)),
    situations: [
      { name: "401", arrange: answer(401), why: "auth" },
      { name: "403", arrange: answer(403), why: "auth" },
      { name: "404", arrange: answer(404), why: "not-found" },
      { name: "500", arrange: answer(500), why: "transient" },
      { name: "a broken connection", arrange: () => double.behave("reset"), why: "transient" },
      { name: "no requests left", arrange: () => double.limit(0), why: "rate-limited", retryAfterMs: 11_000 },
      {
        name: "no such flag",
        arrange: () => void double.environments.get(PRODUCTION)?.delete("model"),
        why: "not-found",
      },
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

describeFlagContract("configcat", start);

describe("a flag of ConfigCat", () => {
  const world = async (change: (of: ConfigCatFormula) => ConfigCatFormula = (of) => of) => {
    const double = await startConfigCatDouble();
    fill(double);
    double.edit(PRODUCTION, "model", (of) => change(shareRule(of, 20)));
    const formulaNow = () => double.environments.get(PRODUCTION)?.get("model")?.formula;
    return { double, flag: targetAt(double), formulaNow };
  };

  it("is at no share while a rule of its own serves the candidate to somebody, and goes down as far as it can", async () => {
    const beta: ConfigCatFormula["targetingRules"][number] = {
      conditions: [
        { userCondition: { comparisonAttribute: "Email", comparator: "textEquals", comparisonValue: text("a@b.c") } },
      ],
      percentageOptions: [],
      value: text("gpt-5"),
    };
    const { double, flag, formulaNow } = await world((of) => ({
      ...of,
      targetingRules: [...of.targetingRules].with(0, beta),
    }));
    const why = { outcome: "failed", why: "permanent", detail: expect.stringContaining("rule 1 serves the candidate") };
    expect(await flag.read()).toMatchObject(why);
    expect(await flag.setShare(0.3, null)).toMatchObject(why);
    expect(await flag.inspect()).toMatchObject({ state: { share: 1 }, problems: [expect.stringContaining("rule 1")] });
    expect(await flag.setShare(0, null)).toMatchObject(why);
    expect(formulaNow()?.targetingRules[2]?.percentageOptions[0]?.percentage).toBe(0);
    expect(formulaNow()?.targetingRules[0]).toEqual(beta);
    await double.close();
  });

  it("is at no share while the default value is the candidate's", async () => {
    const { double, flag } = await world((of) => ({ ...of, defaultValue: text("gpt-5") }));
    expect(await flag.read()).toMatchObject({ outcome: "failed", detail: expect.stringContaining("default value") });
    await double.close();
  });

  it("is off without percentages, and cannot be set to a share", async () => {
    const { double, flag } = await world((of) => ({ ...of, targetingRules: of.targetingRules.slice(0, 2) }));
    expect(await flag.read()).toMatchObject({ share: 0 });
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "unchanged" });
    expect(await flag.setShare(0.05, null)).toMatchObject({
      why: "permanent",
      detail: expect.stringContaining("percentage option for each arm"),
    });
    await double.close();
  });

  it("keeps what a third value has, and takes no more than is left", async () => {
    const { double, flag, formulaNow } = await world();
    expect(await flag.setShare(0.9, null)).toMatchObject({ outcome: "written" });
    expect(formulaNow()?.targetingRules[2]?.percentageOptions.map(({ percentage }) => percentage)).toEqual([90, 10, 0]);
    expect(await flag.setShare(0.95, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    await double.close();
  });

  it("switches off although somebody is always faster", async () => {
    const { double, flag } = await world();
    double.beforeWrite(() => double.edit(PRODUCTION, "model", (of) => shareRule(of, 60)));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    await double.close();
  });

  it("says that it may not write: a read-only flag, a token without the right", async () => {
    const { double, flag } = await world();
    expect(await flag.inspect()).toMatchObject({ mayWrite: true });
    double.behave(({ method }) => (method === "PATCH" ? { status: 403 } : null));
    expect(await flag.inspect()).toMatchObject({ mayWrite: false });
    double.behave("work");
    const settings = double.environments.get(PRODUCTION);
    const model = settings?.get("model");
    if (model) settings?.set("model", { ...model, readOnly: true });
    expect(await flag.inspect()).toMatchObject({
      mayWrite: false,
      mayWriteBecause: expect.stringContaining("read-only"),
    });
    await double.close();
  });
});
