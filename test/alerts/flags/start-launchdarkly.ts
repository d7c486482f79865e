import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import { launchDarkly } from "../../../alerts/flags/launchdarkly.ts";
import { type LaunchDarklyDouble, startLaunchDarklyDouble } from "../../doubles/flags/launchdarkly-double.ts";
import { type LdWorld, ldServes } from "../../doubles/flags/launchdarkly-state.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import type { FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";

const NOW = Date.UTC(2026, 10, 30);
export const now = (): number => NOW;
export const KEY = "support-model";

export const boundLaunchDarkly = (
  double: LaunchDarklyDouble,
  token: string = double.token,
  environment: string = "production",
): RoutedFlag => {
  const config = { type: "launchdarkly", token, project: "default", environment, url: double.url } as const;
  const target = launchDarkly.create("ld", config, { log: recordingLog(), now, timeoutMs: BUSY_MS });
  return target.bind({ flag: KEY, target: "ld" }, { baseline: "old", canary: "new" });
};

export const served = (double: LaunchDarklyDouble): number =>
  shareOfUsers((key) => ldServes(double.world(), KEY, "production", { key }) === 0);

/** The world without what steering the share changes. */
const neighbours = (world: LdWorld): unknown => {
  const copy: LdWorld = structuredClone(world);
  const at = copy.flags[KEY]?.environments.production;
  if (at === undefined) throw new Error("the flag is gone");
  Object.assign(at, { on: null, fallthrough: null, version: null, lastModified: null });
  Object.assign(copy.flags[KEY] ?? {}, { _version: null });
  return copy;
};

export const setByHand = (double: LaunchDarklyDouble, share: number): void =>
  double.change(KEY, "production", (at) => {
    at.on = share > 0;
    if (share === 0) return;
    const weight = Math.round(share * 100_000);
    const variations = [
      { variation: 0, weight },
      { variation: 1, weight: 100_000 - weight },
    ];
    at.fallthrough = { rollout: { variations, contextKind: "user" } };
  });

export const startLaunchDarkly = async (): Promise<FlagUnderTest> => {
  const double = await startLaunchDarklyDouble(now);
  const reply =
    (status: number, headers: Readonly<Record<string, string>> = {}) =>
    () =>
      double.behave(() => ({ status, headers, body: { code: "x", message: `no ${double.token}` } }));
  return {
    flag: boundLaunchDarkly(double),
    secrets: [double.token],
    reset: async () => double.restart(),
    served: async () => served(double),
    neighbours: async () => neighbours(double.world()),
    whole: async () => {
      const {
        version: _version,
        lastModified: _at,
        ...rest
      } = double.world().flags[KEY]?.environments.production ?? {};
      return structuredClone(rest);
    },
    writes: double.writes,
    setByHand: async (share) => setByHand(double, share),
    changeInBetween: null,
    situations: [
      { name: "a token that is gone", arrange: reply(401), why: "auth" },
      { name: "a flag that is gone", arrange: () => void delete double.world().flags[KEY], why: "not-found" },
      {
        name: "an environment that is gone",
        arrange: () => void delete double.world().flags[KEY]?.environments.production,
        why: "not-found",
      },
      { name: "too many calls", arrange: () => double.limit.fill(), why: "rate-limited", retryAfterMs: 10_000 },
      {
        name: "too many calls from an address",
        arrange: reply(429, { "retry-after": "7" }),
        why: "rate-limited",
        retryAfterMs: 7_000,
      },
      {
        name: "approvals",
        arrange: () => void Object.assign(double.settings, { approvals: true }),
        why: "approval-required",
        fails: "writes",
      },
      {
        name: "a scheduled change in the way",
        arrange: () => void Object.assign(double.settings, { conflictWithSchedule: true }),
        why: "approval-required",
        fails: "writes",
      },
      {
        name: "a concurrent update",
        arrange: () =>
          double.behave(({ method }) =>
            method === "PATCH"
              ? { status: 409, body: { code: "optimistic_locking_error", message: "Conflict" } }
              : null,
          ),
        why: "conflict",
        fails: "writes",
      },
      { name: "an outage", arrange: reply(503), why: "transient" },
      { name: "a broken connection", arrange: () => double.behave("reset"), why: "transient" },
      {
        name: "a proxy's page",
        arrange: () => double.behave(() => ({ status: 200, body: "<html>" })),
        why: "transient",
      },
      {
        name: "another API",
        arrange: () => double.behave(() => ({ status: 200, body: { flag: 1 } })),
        why: "permanent",
      },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};
