import { crc32 } from "node:zlib";
import { flipt } from "../../../alerts/flags/flipt.ts";
import { recordingLog } from "../../alerts/recording-log.ts";
import { startFliptDouble } from "../../doubles/flags/flipt-double.ts";
import { POLL_MS, type SdkRow } from "./sdk-under-test.ts";

interface FliptClient {
  evaluateBoolean(request: { flagKey: string; entityId: string; context: object }): { readonly enabled: boolean };
  close?(): void;
}
interface FliptSdk {
  readonly FliptClient: { init(options: object): Promise<FliptClient> };
}

const KEY = "model";

/** The client that evaluates itself. */
export const fliptSdk: SdkRow = {
  name: "flipt",
  packages: [["@flipt-io/flipt-client-js", "0.5.1"]],
  hears: `polls every ${POLL_MS / 1000} s; by default every 120 s`,
  start: async (load) => {
    const double = await startFliptDouble();
    const { url, token, environments } = double;
    const flag = {
      ...({ "@type": "flipt.core.Flag", key: KEY, type: "BOOLEAN_FLAG_TYPE", name: "m", description: "" } as const),
      ...{ enabled: false, variants: [], rules: [] },
      rollouts: [
        { type: "THRESHOLD_ROLLOUT_TYPE", description: "", threshold: { percentage: 0, value: true } } as const,
      ],
    };
    environments.set("default", new Map([[`default/${KEY}`, flag]]));
    const config = flipt.schema.parse({ type: "flipt", url, token });
    const target = flipt.create("prod", config, { log: recordingLog(), now: Date.now });
    const { FliptClient } = (await load("@flipt-io/flipt-client-js/node")) as FliptSdk;
    const client = await FliptClient.init({
      ...{ url, namespace: "default", updateInterval: POLL_MS / 1000 },
      authentication: { clientToken: token },
    });
    const shareNow = (): number => {
      const rollout = environments.get("default")?.get(`default/${KEY}`)?.rollouts[0];
      return rollout?.type === "THRESHOLD_ROLLOUT_TYPE" ? rollout.threshold.percentage : 0;
    };
    return {
      flag: target.bind({ flag: KEY, target: "prod" }, { baseline: "old", canary: "new" }),
      ask: async (users) =>
        users.map((entityId) => client.evaluateBoolean({ flagKey: KEY, entityId, context: {} }).enabled),
      expect: (user) => crc32(`${user}${KEY}`) % 100 < shareNow(),
      close: async () => {
        client.close?.();
        await double.close();
      },
    };
  },
};
