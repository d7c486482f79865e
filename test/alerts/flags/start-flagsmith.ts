import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import { flagsmith } from "../../../alerts/flags/flagsmith.ts";
import { type FlagsmithDouble, startFlagsmithDouble } from "../../doubles/flags/flagsmith-double.ts";
import { type FsState, fsServes } from "../../doubles/flags/flagsmith-state.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import type { FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";

const NOW = Date.UTC(2026, 10, 30);
export const now = (): number => NOW;
export const KEY = "support-model";

export const boundFlagsmith = (double: FlagsmithDouble, token: string = double.token): RoutedFlag => {
  const config = {
    type: "flagsmith",
    token,
    project: 1,
    environment: "production",
    url: double.url,
    edge: true,
  } as const;
  const target = flagsmith.create("fs", config, { log: recordingLog(), now, timeoutMs: BUSY_MS });
  return target.bind({ flag: KEY, target: "fs" }, { baseline: "old", canary: "new" });
};

export const served = (double: FlagsmithDouble): number =>
  shareOfUsers((user) => fsServes(double.world(), KEY, "production", user) === "new");

export const setWeight = ({ environment_default: everybody }: FsState, weight: number): void => {
  everybody.variants = everybody.variants.map((each) => (each.id === 31 ? { id: 31, weight } : each));
};

export const startFlagsmith = async (): Promise<FlagUnderTest> => {
  const double = await startFlagsmithDouble(now);
  const reply =
    (status: number, headers: Readonly<Record<string, string>> = {}) =>
    () =>
      double.behave(() => ({ status, headers, body: { detail: `no ${double.token}` } }));
  return {
    flag: boundFlagsmith(double),
    secrets: [double.token],
    reset: async () => double.restart(),
    served: async () => served(double),
    neighbours: async () => {
      const copy = structuredClone(double.world());
      const at = copy.states.production?.[7];
      if (at !== undefined) setWeight(at, -1);
      return copy;
    },
    whole: async () => structuredClone(double.state()),
    writes: double.writes,
    setByHand: async (share) => setWeight(double.state(), share * 100),
    changeInBetween: null,
    hasVersions: false,
    situations: [
      { name: "a key that is gone", arrange: reply(401), why: "auth" },
      { name: "a flag that is gone", arrange: () => void double.world().features.shift(), why: "not-found" },
      {
        name: "an environment that is gone",
        arrange: () => void delete double.world().states.production,
        why: "not-found",
      },
      { name: "too many calls", arrange: () => double.limit.fill(), why: "rate-limited" },
      {
        name: "too many calls, by Retry-After",
        arrange: reply(429, { "retry-after": "7" }),
        why: "rate-limited",
        retryAfterMs: 7_000,
      },
      {
        name: "change requests",
        arrange: () => void Object.assign(double.settings, { changeRequests: true }),
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
        arrange: () => double.behave(() => ({ status: 200, body: { results: 1 } })),
        why: "permanent",
      },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};
