import { boundStatsig, KEY } from "../../alerts/flags/start-statsig.ts";
import { startStatsigDouble } from "../../doubles/flags/statsig-double.ts";
import { sgPasses } from "../../doubles/flags/statsig-state.ts";
import type { SdkRow } from "./sdk-under-test.ts";

interface SgServer {
  initializeAsync(): Promise<unknown>;
  checkGate(user: { userID: string }, gate: string): boolean;
  shutdownAsync(timeoutMs: number): Promise<void>;
}
interface SgSdk {
  readonly StatsigServer: new (key: string, options: object) => SgServer;
}

/** The Node server SDK. */
export const statsigSdk: SdkRow = {
  name: "statsig",
  packages: [["statsig-node", "6.5.2"]],
  hears: "polls every 5 s, its least; by default every 10 s",
  start: async (load) => {
    const double = await startStatsigDouble(Date.now);
    const { StatsigServer } = (await load("statsig-node")) as SgSdk;
    const client = new StatsigServer(double.serverKey, {
      api: `${double.url}/v1`,
      environment: { tier: "production" },
      rulesetsSyncIntervalMs: 5_000,
      disableDiagnostics: true,
    });
    await client.initializeAsync();
    return {
      flag: boundStatsig(double),
      ask: async (users) => users.map((userID) => client.checkGate({ userID }, KEY)),
      expect: (user) => sgPasses(double.world(), KEY, "production", user),
      close: async () => {
        await client.shutdownAsync(1_000);
        await double.close();
      },
    };
  },
};
