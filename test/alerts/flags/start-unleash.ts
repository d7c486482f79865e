import { createUnleashTarget } from "../../../alerts/flags/unleash.ts";
import { type DoubleFeature, startUnleashDouble, UNLEASH_TOKEN } from "../../doubles/flags/unleash-double.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import type { FlagUnderTest } from "./flag-contract.ts";
import { aFeature, VALUES } from "./unleash-flags.ts";

/** The target on the strict double, with a flag as a team has it. */
export const startUnleash = async (): Promise<FlagUnderTest> => {
  const double = await startUnleashDouble();
  const target = createUnleashTarget(
    {
      name: "prod",
      type: "unleash",
      url: double.url,
      token: UNLEASH_TOKEN,
      project: "default",
      environment: "production",
    },
    { now: Date.now, timeoutMs: BUSY_MS },
  );
  const feature = (): DoubleFeature => {
    const found = double.features.get("model");
    if (found === undefined) throw new Error("no flag");
    return found;
  };
  const production = () => {
    const { production: found } = feature().environments;
    if (found === undefined) throw new Error("no environment");
    return found;
  };
  const rollTo = (percent: number): void => {
    const strategy = production().strategies.find(({ id }) => id === "canary-strategy");
    if (strategy !== undefined) strategy.parameters.rollout = String(percent);
  };
  const withoutShare = (): unknown => {
    const copy = structuredClone([...double.features]);
    for (const [, { environments }] of copy) {
      const carrier = environments.production?.strategies.find(({ id }) => id === "canary-strategy");
      if (carrier !== undefined) carrier.parameters.rollout = "";
      if (environments.production !== undefined) environments.production.enabled = false;
    }
    return copy;
  };
  return {
    flag: target.bind({ flag: "model", target: "prod" }, VALUES),
    secrets: [UNLEASH_TOKEN, "unleash-admin-secret"],
    reset: async () => {
      double.behave("work");
      double.askForChanges(false);
      double.features.clear();
      double.features.set("model", aFeature()).set("other", aFeature());
    },
    served: async () => double.served("model", "production"),
    servedTo: async (tier) => double.served("model", "production", tier === null ? {} : { tier }),
    neighbours: async () => withoutShare(),
    whole: async () => structuredClone(feature()),
    writes: () => double.requests.filter(({ method }) => method !== "GET").length,
    setByHand: async (share) => {
      production().enabled = share > 0;
      if (share > 0) rollTo(share * 100);
    },
    changeInBetween: () => double.beforeWrite(() => rollTo(70)),
    killIsUnguarded: true,
    situations: [
      {
        name: "a token that is revoked",
        arrange: () => double.behave(() => ({ status: 401, body: { name: "UnauthorizedError" } })),
        why: "auth",
      },
      {
        name: "a token for SDKs",
        arrange: () => double.behave(() => ({ status: 403, body: { message: `invalid token ${UNLEASH_TOKEN}` } })),
        why: "auth",
      },
      { name: "a flag that is gone", arrange: () => double.features.delete("model"), why: "not-found" },
      {
        name: "an environment that is gone",
        arrange: () => delete feature().environments.production,
        why: "not-found",
      },
      {
        name: "an archived flag",
        arrange: () => {
          feature().archived = true;
        },
        why: "not-found",
      },
      {
        name: "a proxy that limits",
        arrange: () => double.behave(() => ({ status: 429, headers: { "retry-after": "7" } })),
        why: "rate-limited",
        retryAfterMs: 7_000,
      },
      {
        name: "an Unleash without its database",
        arrange: () => double.behave(() => ({ status: 503 })),
        why: "transient",
      },
      {
        name: "a proxy's page",
        arrange: () => double.behave(() => ({ status: 200, body: "<html>" })),
        why: "transient",
      },
      {
        name: "another API",
        arrange: () => double.behave(() => ({ status: 200, body: { hello: 1 } })),
        why: "permanent",
        fails: "reads",
      },
      { name: "change requests", arrange: () => double.askForChanges(true), why: "approval-required", fails: "writes" },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};
