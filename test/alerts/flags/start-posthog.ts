import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import { postHog } from "../../../alerts/flags/posthog.ts";
import { type PostHogDouble, startPostHogDouble } from "../../doubles/flags/posthog-double.ts";
import { type PhFlag, phServes } from "../../doubles/flags/posthog-state.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import type { FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";

const NOW = Date.UTC(2026, 10, 30);
export const now = (): number => NOW;
export const KEY = "support-model";

export const boundPostHog = (double: PostHogDouble, token: string = double.token): RoutedFlag => {
  const config = { type: "posthog", token, project: 5, url: double.url } as const;
  const target = postHog.create("ph", config, { log: recordingLog(), now, timeoutMs: BUSY_MS });
  return target.bind({ flag: KEY, target: "ph" }, { baseline: "old", canary: "new" });
};

export const served = (double: PostHogDouble): number =>
  shareOfUsers((user) => phServes(double.world(), KEY, user) === "test");

export const flagOf = (double: PostHogDouble): PhFlag => {
  const flag = double.world().flags.find(({ key }) => key === KEY);
  if (flag === undefined) throw new Error("the flag is gone");
  return flag;
};

export const setByHand = (double: PostHogDouble, share: number): void =>
  double.change(KEY, (flag) => {
    flag.active = share > 0;
    if (share > 0) Object.assign(flag.filters.groups[1] ?? {}, { rollout_percentage: share * 100 });
  });

export const startPostHog = async (): Promise<FlagUnderTest> => {
  const double = await startPostHogDouble(now);
  const reply =
    (status: number, headers: Readonly<Record<string, string>> = {}) =>
    () =>
      double.behave(() => ({ status, headers, body: { detail: `no ${double.token}` } }));
  return {
    flag: boundPostHog(double),
    secrets: [double.token],
    reset: async () => double.restart(),
    served: async () => served(double),
    neighbours: async () => {
      const copy = structuredClone(double.world());
      const [flag] = copy.flags;
      Object.assign(flag ?? {}, { version: 0, updated_at: "", active: null });
      Object.assign(flag?.filters.groups[1] ?? {}, { rollout_percentage: -1 });
      return copy;
    },
    whole: async () => {
      const { version: _version, updated_at: _at, ...rest } = flagOf(double);
      return structuredClone(rest);
    },
    writes: double.writes,
    setByHand: async (share) => setByHand(double, share),
    changeInBetween: null,
    situations: [
      { name: "a key that is gone", arrange: reply(401), why: "auth" },
      {
        name: "a flag that is gone",
        arrange: () => void Object.assign(flagOf(double), { deleted: true }),
        why: "not-found",
      },
      { name: "too many calls", arrange: () => double.limit.fill(), why: "rate-limited", retryAfterMs: 60_000 },
      {
        name: "approvals",
        arrange: () => void Object.assign(double.settings, { approvals: true }),
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
        arrange: () => double.behave(() => ({ status: 200, body: { key: 1 } })),
        why: "permanent",
      },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};
