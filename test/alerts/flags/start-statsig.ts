import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import { statsig } from "../../../alerts/flags/statsig.ts";
import { type StatsigDouble, startStatsigDouble } from "../../doubles/flags/statsig-double.ts";
import { type SgGate, type SgRule, type SgWorld, sgPasses } from "../../doubles/flags/statsig-state.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import type { FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";

export const NOW: number = Date.UTC(2026, 10, 30);
export const now = (): number => NOW;
export const KEY = "support-model";

export const boundStatsig = (double: StatsigDouble, token: string = double.token): RoutedFlag => {
  const config = { type: "statsig", token, environment: "production", url: double.url } as const;
  const target = statsig.create("sg", config, { log: recordingLog(), now, timeoutMs: BUSY_MS });
  return target.bind({ flag: KEY, target: "sg" }, { baseline: "old", canary: "new" });
};

export const served = (double: StatsigDouble): number =>
  shareOfUsers((user) => sgPasses(double.world(), KEY, "production", user));

export const everyone = (world: SgWorld): SgRule => {
  const rule = world.gates[KEY]?.rules.find(({ name }) => name === "everyone");
  if (rule === undefined) throw new Error("the rule is gone");
  return rule;
};

export const setByHand = (double: StatsigDouble, share: number): void =>
  double.change(KEY, (gate) => {
    gate.isEnabled = share > 0;
    if (share > 0) everyone(double.world()).passPercentage = share * 100;
  });

/** Without what Statsig itself writes: who changed it when, and the percentage in a rule's id. */
const plain = (gate: SgGate | undefined): unknown => {
  const { lastModifiedTime: _at, lastModifierName: _who, ...rest } = structuredClone(gate ?? ({} as SgGate));
  return { ...rest, rules: rest.rules?.map(({ id: _id, ...rule }) => rule) };
};

export const startStatsig = async (): Promise<FlagUnderTest> => {
  const double = await startStatsigDouble(now);
  const reply =
    (status: number, headers: Readonly<Record<string, string>> = {}) =>
    () =>
      double.behave(() => ({ status, headers, body: { status, message: `no ${double.token}` } }));
  return {
    flag: boundStatsig(double),
    secrets: [double.token],
    reset: async () => double.restart(),
    served: async () => served(double),
    neighbours: async () => {
      const copy = structuredClone(double.world());
      everyone(copy).passPercentage = -1;
      Object.assign(copy.gates[KEY] ?? {}, { isEnabled: null });
      return { ...copy, gates: Object.values(copy.gates).map(plain) };
    },
    whole: async () => plain(double.world().gates[KEY]),
    writes: double.writes,
    setByHand: async (share) => setByHand(double, share),
    changeInBetween: null,
    situations: [
      {
        name: "a key that is gone, and repeated in the answer",
        arrange: reply(401),
        why: "auth",
      },
      { name: "a gate that is gone", arrange: () => void delete double.world().gates[KEY], why: "not-found" },
      { name: "too many changes", arrange: () => double.limit.fill(), why: "rate-limited", fails: "writes" },
      {
        name: "too many calls, by Retry-After",
        arrange: reply(429, { "retry-after": "7" }),
        why: "rate-limited",
        retryAfterMs: 7_000,
      },
      {
        name: "reviews",
        arrange: () => void Object.assign(double.settings, { reviews: true }),
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
        arrange: () => double.behave(() => ({ status: 200, body: { data: 1 } })),
        why: "permanent",
      },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};
