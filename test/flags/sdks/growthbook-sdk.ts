import { boundGrowthBook, KEY } from "../../alerts/flags/start-growthbook.ts";
import { startGrowthBookDouble } from "../../doubles/flags/growthbook-double.ts";
import { gbServes } from "../../doubles/flags/growthbook-state.ts";
import { POLL_MS, type SdkRow } from "./sdk-under-test.ts";

interface GbClient {
  init(options: { timeout: number; pollingInterval: number }): Promise<{ success: boolean }>;
  createScopedInstance(context: { attributes: { id: string } }): {
    getFeatureValue(key: string, fallback: string): unknown;
  };
  destroy(): void;
}
interface GbSdk {
  readonly GrowthBookClient: new (options: { apiHost: string; clientKey: string }) => GbClient;
}

/** The JavaScript SDK on a server, polling. */
export const growthBookSdk: SdkRow = {
  name: "growthbook",
  packages: [["@growthbook/growthbook", "1.8.0"]],
  hears: `polls every ${POLL_MS / 1000} s; by default what is older than 60 s is asked for anew`,
  start: async (load) => {
    const double = await startGrowthBookDouble(Date.now);
    const { GrowthBookClient } = (await load("@growthbook/growthbook")) as GbSdk;
    const client = new GrowthBookClient({ apiHost: double.url, clientKey: double.clientKey });
    await client.init({ timeout: 10_000, pollingInterval: POLL_MS });
    const isNew = (id: string): boolean =>
      client.createScopedInstance({ attributes: { id } }).getFeatureValue(KEY, "old") === "new";
    return {
      flag: boundGrowthBook(double),
      ask: async (users) => users.map(isNew),
      expect: (user) => gbServes(double.world(), KEY, "production", user) === "new",
      close: async () => {
        client.destroy();
        await double.close();
      },
    };
  },
};
