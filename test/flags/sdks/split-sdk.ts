import { split } from "../../../alerts/flags/split.ts";
import { recordingLog } from "../../alerts/recording-log.ts";
import { murmurHash } from "../../doubles/flags/murmur-hash.ts";
import { SPLIT_SEED, startSplitDouble } from "../../doubles/flags/split-double.ts";
import { POLL_MS, type SdkRow } from "./sdk-under-test.ts";

interface SplitClient {
  ready(): Promise<void>;
  getTreatment(user: string, flag: string): string;
  destroy(): Promise<void>;
}
interface SplitSdk {
  SplitFactory(settings: object): { client(): SplitClient };
}

const KEY = "model";

/** The Node SDK, polling: its stream comes from the vendor alone. */
export const splitSdk: SdkRow = {
  name: "split",
  packages: [["@splitsoftware/splitio", "11.11.2"]],
  hears: "polls every 5 s, its least; by default a stream, without it every 60 s",
  start: async (load) => {
    const double = await startSplitDouble();
    const { url, token, environments } = double;
    const buckets = [
      { treatment: "canary", size: 0 },
      { treatment: "baseline", size: 100 },
    ];
    const definition = {
      ...{ name: KEY, killed: false, treatments: [{ name: "canary" }, { name: "baseline" }] },
      ...{ defaultTreatment: "baseline", trafficAllocation: 100, rules: [], defaultRule: buckets },
      ...{ creationTime: 1, lastUpdateTime: 1 },
    };
    environments.set("Production", new Map([[KEY, definition]]));
    const config = split.schema.parse({ type: "split", url, token, workspace: "ws-1", environment: "Production" });
    const target = split.create("prod", config, { log: recordingLog(), now: Date.now });
    const { SplitFactory } = (await load("@splitsoftware/splitio")) as SplitSdk;
    const api = `${url}/api`;
    const client = SplitFactory({
      core: { authorizationKey: double.sdkKey },
      ...{ mode: "standalone", streamingEnabled: false, sync: { impressionsMode: "NONE" } },
      scheduler: { featuresRefreshRate: Math.max(5, POLL_MS / 1000) },
      urls: { sdk: api, events: api, auth: api, streaming: api, telemetry: api },
    }).client();
    await client.ready();
    const sizeNow = (): number => {
      const { killed, defaultRule } = environments.get("Production")?.get(KEY) ?? definition;
      return killed ? 0 : (defaultRule[0]?.size ?? 0);
    };
    return {
      flag: target.bind({ flag: KEY, target: "prod" }, { baseline: "old", canary: "new" }),
      ask: async (users) => users.map((user) => client.getTreatment(user, KEY) === "canary"),
      expect: (user) => (murmurHash(user, SPLIT_SEED >>> 0) % 100) + 1 <= sizeNow(),
      close: async () => {
        await client.destroy();
        await double.close();
      },
    };
  },
};
