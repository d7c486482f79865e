import { boundFlagsmith, KEY } from "../../alerts/flags/start-flagsmith.ts";
import { startFlagsmithDouble } from "../../doubles/flags/flagsmith-double.ts";
import { fsServes } from "../../doubles/flags/flagsmith-state.ts";
import { POLL_MS, type SdkRow } from "./sdk-under-test.ts";

interface FsClient {
  getIdentityFlags(identifier: string): Promise<{ getFeatureValue(name: string): unknown }>;
  close(): Promise<void>;
}
interface FsSdk {
  readonly Flagsmith: new (options: object) => FsClient;
}

/** The Node SDK, evaluating locally. It asks for the value alone, as apps do that forget whether the flag is enabled. */
export const flagsmithSdk: SdkRow = {
  name: "flagsmith",
  packages: [["flagsmith-nodejs", "8.1.2"]],
  hears: `local evaluation, polls every ${POLL_MS / 1000} s; by default every 60 s`,
  start: async (load) => {
    const double = await startFlagsmithDouble(Date.now);
    const { Flagsmith } = (await load("flagsmith-nodejs")) as FsSdk;
    const client = new Flagsmith({
      environmentKey: double.serverKey,
      apiUrl: `${double.url}/api/v1/`,
      enableLocalEvaluation: true,
      environmentRefreshIntervalSeconds: POLL_MS / 1000,
    });
    const isNew = async (user: string): Promise<boolean> =>
      (await client.getIdentityFlags(user)).getFeatureValue(KEY) === "new";
    return {
      flag: boundFlagsmith(double),
      ask: (users) => Promise.all(users.map(isNew)),
      expect: (user) => fsServes(double.world(), KEY, "production", user) === "new",
      close: async () => {
        await client.close();
        await double.close();
      },
    };
  },
};
