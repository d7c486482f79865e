import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import { growthBook } from "../../../alerts/flags/growthbook.ts";
import { type GrowthBookDouble, startGrowthBookDouble } from "../../doubles/flags/growthbook-double.ts";
import { type GbRule, type GbWorld, gbServes } from "../../doubles/flags/growthbook-state.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import type { FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";

const NOW = Date.UTC(2026, 10, 30);
export const now = (): number => NOW;
export const KEY = "support-model";

export const boundGrowthBook = (double: GrowthBookDouble, token: string = double.token): RoutedFlag => {
  const config = { type: "growthbook", token, environment: "production", url: double.url } as const;
  const target = growthBook.create("gb", config, { log: recordingLog(), now, timeoutMs: BUSY_MS });
  return target.bind({ flag: KEY, target: "gb" }, { baseline: "old", canary: "new" });
};

export const served = (double: GrowthBookDouble): number =>
  shareOfUsers((user) => gbServes(double.world(), KEY, "production", user) === "new");

export const canary = (world: GbWorld): GbRule => {
  const rule = world.features[KEY]?.rules.find(({ id }) => id === "fr_canary");
  if (rule === undefined) throw new Error("the rule is gone");
  return rule;
};

const neighbours = (double: GrowthBookDouble): unknown => {
  const copy: GbWorld = structuredClone(double.world());
  canary(copy).coverage = -1;
  Object.assign(copy.features[KEY] ?? {}, { dateUpdated: "", revision: null });
  Object.assign(copy.features[KEY]?.environments.production ?? {}, { enabled: null });
  return { ...copy, drafts: copy.drafts.filter(({ status }) => status === "draft") };
};

export const setByHand = (double: GrowthBookDouble, share: number): void =>
  double.change(KEY, (feature) => {
    Object.assign(feature.environments.production ?? {}, { enabled: share > 0 });
    if (share > 0) canary(double.world()).coverage = share;
  });

export const startGrowthBook = async (): Promise<FlagUnderTest> => {
  const double = await startGrowthBookDouble(now);
  const reply =
    (status: number, headers: Readonly<Record<string, string>> = {}) =>
    () =>
      double.behave(() => ({ status, headers, body: { message: `no ${double.token}` } }));
  return {
    flag: boundGrowthBook(double),
    secrets: [double.token],
    reset: async () => double.restart(),
    served: async () => served(double),
    neighbours: async () => neighbours(double),
    whole: async () => {
      const { dateUpdated: _at, revision: _revision, ...rest } = double.world().features[KEY] ?? {};
      return structuredClone(rest);
    },
    writes: double.writes,
    setByHand: async (share) => setByHand(double, share),
    changeInBetween: null,
    situations: [
      { name: "a key that is gone", arrange: reply(401), why: "auth" },
      { name: "a feature that is gone", arrange: () => void delete double.world().features[KEY], why: "not-found" },
      {
        name: "an environment that is gone",
        arrange: () => void delete double.world().features[KEY]?.environments.production,
        why: "not-found",
      },
      { name: "too many calls", arrange: () => double.limit.fill(), why: "rate-limited", retryAfterMs: 60_000 },
      {
        name: "too many calls, by Retry-After",
        arrange: reply(429, { "retry-after": "7" }),
        why: "rate-limited",
        retryAfterMs: 7_000,
      },
      {
        name: "approvals of kill switches",
        arrange: () => void Object.assign(double.settings, { killSwitchApprovals: true }),
        why: "approval-required",
        fails: "writes",
      },
      { name: "an outage", arrange: reply(502), why: "transient" },
      { name: "a broken connection", arrange: () => double.behave("reset"), why: "transient" },
      {
        name: "a proxy's page",
        arrange: () => double.behave(() => ({ status: 200, body: "<html>" })),
        why: "transient",
      },
      {
        name: "another API",
        arrange: () => double.behave(() => ({ status: 200, body: { feature: 1 } })),
        why: "permanent",
      },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};
