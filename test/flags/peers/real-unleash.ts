import { createUnleashTarget } from "../../../alerts/flags/unleash.ts";
import type { FlagUnderTest } from "../../alerts/flags/flag-contract.ts";
import { shareOfUsers } from "../../alerts/flags/share-of-users.ts";
import { VALUES } from "../../alerts/flags/unleash-flags.ts";
import { startMischiefProxy } from "./mischief-proxy.ts";
import { requirePeer } from "./packages.ts";
import type { UnleashServer } from "./unleash-server.ts";

const ENVIRONMENT = "development";
const FLAGS = "/projects/default/features";

const variant = (name: "canary" | "baseline") => ({
  name,
  weight: 1000,
  weightType: "variable",
  stickiness: "default",
  payload: { type: "string", value: VALUES[name] },
});

interface AdminStrategy {
  readonly id: string;
  readonly name: string;
  readonly parameters: Record<string, string>;
  readonly constraints?: readonly { readonly contextName: string; readonly values?: readonly string[] }[];
}
interface AdminFeature {
  readonly environments: { readonly name: string; enabled: boolean; strategies: AdminStrategy[] }[];
}

/** What is used of the real SDK. */
interface Sdk {
  readonly Unleash: new (
    settings: object,
  ) => {
    once(event: "ready", listener: () => void): void;
    on(event: string, listener: () => void): void;
    getVariant(
      flag: string,
      context: { readonly userId: string; readonly tier?: string },
    ): { readonly payload?: { readonly value: string } };
    destroy(): void;
  };
}

/**
 * Creates the flag `name` with the candidate's gradual rollout and, after it, two strategies that give the baseline, one of
 * them for chosen users; the environment is off.
 */
export const createRealFlag = async (
  { admin }: Pick<UnleashServer, "admin">,
  name: string,
  percent = 0,
): Promise<void> => {
  await admin("POST", FLAGS, { name, type: "release", impressionData: true });
  const place = `${FLAGS}/${name}/environments/${ENVIRONMENT}`;
  await admin("POST", `${place}/strategies`, {
    name: "flexibleRollout",
    title: "candidate",
    parameters: { rollout: String(percent), stickiness: "default", groupId: name },
    variants: [variant("canary")],
  });
  const chosen = { contextName: "userId", operator: "IN", values: ["42"] };
  await admin("POST", `${place}/strategies`, {
    name: "default",
    constraints: [chosen],
    variants: [variant("baseline")],
  });
  await admin("POST", `${place}/strategies`, { name: "default", variants: [variant("baseline")] });
};

/** What its constraints are about: other fields may be written otherwise for SDKs. */
const valuesOf = (strategy: AdminStrategy | undefined): string =>
  JSON.stringify((strategy?.constraints ?? []).map(({ contextName, values }) => [contextName, values]));

/** A flag of the real server, reached through a way that can be disturbed; users are dealt by the real SDK. */
export const startRealUnleash = async (server: UnleashServer): Promise<FlagUnderTest> => {
  const { admin, url, adminToken, clientToken } = server;
  const proxy = await startMischiefProxy(url);
  const target = createUnleashTarget(
    { name: "prod", type: "unleash", url: proxy.url, token: adminToken, project: "default", environment: ENVIRONMENT },
    { now: Date.now, timeoutMs: 1_500 },
  );
  const name = `model-${Math.random().toString(36).slice(2, 8)}`;
  const place = `${FLAGS}/${name}/environments/${ENVIRONMENT}`;
  await createRealFlag(server, name);
  await createRealFlag(server, `${name}-other`, 30);
  const feature = (of = name): Promise<AdminFeature> => admin("GET", `${FLAGS}/${of}`);
  const here = async () => {
    const environment = (await feature()).environments.find((each) => each.name === ENVIRONMENT);
    const carrier = environment?.strategies[0];
    if (environment === undefined || carrier === undefined) throw new Error("the flag is gone");
    return { environment, carrier };
  };
  const rollTo = async (percent: number, more: readonly object[] = []): Promise<void> => {
    const { carrier } = await here();
    await admin("PATCH", `${place}/strategies/${carrier.id}`, [
      { op: "replace", path: "/parameters/rollout", value: String(percent) },
      ...more,
    ]);
  };
  const withoutShare = async (): Promise<unknown> => {
    const own = await feature();
    for (const environment of own.environments.filter((each) => each.name === ENVIRONMENT)) {
      environment.enabled = false;
      for (const strategy of environment.strategies.slice(0, 1)) strategy.parameters.rollout = "";
    }
    return [own, await feature(`${name}-other`)];
  };
  /** What the server gives SDKs, once it gives them what its administrators see. */
  const forClients = async (): Promise<readonly object[]> => {
    const { environment, carrier } = await here();
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(`${url}/api/client/features`, { headers: { authorization: clientToken } });
      const { features } = (await answer.json()) as { features: (AdminFeature["environments"][number] & object)[] };
      const own = features.find((each) => each.name === name);
      const isNew =
        own?.enabled === environment.enabled &&
        own.strategies[0]?.parameters.rollout === carrier.parameters.rollout &&
        valuesOf(own.strategies[0]) === valuesOf(carrier);
      if (isNew) return features;
      if (tries === 200) throw new Error("SDKs are not given the flag as it is");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const servedTo = async (tier: string | null): Promise<number> => {
    const { Unleash } = requirePeer("unleash-client") as Sdk;
    const sdk = new Unleash({
      url: `${url}/api/`,
      appName: "contract",
      customHeaders: { Authorization: clientToken },
      refreshInterval: 0,
      disableMetrics: true,
      skipInstanceCountWarning: true,
      bootstrap: { data: await forClients() },
    });
    sdk.on("error", () => undefined);
    await new Promise<void>((resolve) => sdk.once("ready", resolve));
    const whom = tier === null ? {} : { tier };
    const share = shareOfUsers((userId) => sdk.getVariant(name, { userId, ...whom }).payload?.value === VALUES.canary);
    sdk.destroy();
    return share;
  };
  return {
    flag: target.bind({ flag: name, target: "prod" }, VALUES),
    secrets: [adminToken, adminToken.slice(4)],
    reset: async () => {
      proxy.behave("work");
      await admin("POST", `${place}/off`);
      await rollTo(0, [{ op: "replace", path: "/constraints", value: [] }]);
    },
    served: () => servedTo(null),
    servedTo,
    neighbours: withoutShare,
    whole: () => feature(),
    writes: proxy.writes,
    setByHand: async (share) => {
      if (share > 0) await rollTo(Math.round(share * 100));
      await admin("POST", `${place}/${share > 0 ? "on" : "off"}`);
    },
    changeInBetween: () => proxy.beforeWrite(() => rollTo(70)),
    killIsUnguarded: true,
    situations: [
      { name: "no database", arrange: () => proxy.behave(503), why: "transient" },
      { name: "a gateway that refuses", arrange: () => proxy.behave(403), why: "auth" },
    ],
    hang: () => proxy.behave("hang"),
    lie: () => proxy.behave("lie"),
    close: proxy.close,
  };
};
