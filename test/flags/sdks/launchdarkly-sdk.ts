import { boundLaunchDarkly, KEY } from "../../alerts/flags/start-launchdarkly.ts";
import { startLaunchDarklyDouble } from "../../doubles/flags/launchdarkly-double.ts";
import { ldServes } from "../../doubles/flags/launchdarkly-state.ts";
import { startLaunchDarklyStream } from "./launchdarkly-stream.ts";
import type { SdkRow } from "./sdk-under-test.ts";

interface LdClient {
  waitForInitialization(options: { timeout: number }): Promise<unknown>;
  variation(key: string, context: { kind: "user"; key: string }, fallback: unknown): Promise<{ model?: string } | null>;
  close(): void;
}
interface LdSdk {
  init(key: string, options: object): LdClient;
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The Node server SDK, streaming as by default. */
export const launchDarklySdk: SdkRow = {
  name: "launchdarkly",
  packages: [["@launchdarkly/node-server-sdk", "9.13.7"]],
  hears: "stream, as by default",
  start: async (load) => {
    const double = await startLaunchDarklyDouble(Date.now);
    const stream = await startLaunchDarklyStream(double.world, "production");
    const { init } = (await load("@launchdarkly/node-server-sdk")) as LdSdk;
    const uris = { baseUri: double.url, streamUri: stream.url, eventsUri: double.url };
    const client = init(double.sdkKey, { ...uris, sendEvents: false, logger: quiet });
    await client.waitForInitialization({ timeout: 10 });
    const isNew = async (key: string): Promise<boolean> =>
      (await client.variation(KEY, { kind: "user", key }, null))?.model === "new";
    return {
      flag: boundLaunchDarkly(double),
      ask: (users) => Promise.all(users.map(isNew)),
      expect: (key) => ldServes(double.world(), KEY, "production", { key }) === 0,
      close: async () => {
        client.close();
        await stream.close();
        await double.close();
      },
    };
  },
};
