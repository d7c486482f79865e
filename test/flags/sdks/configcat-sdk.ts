import { createHash } from "node:crypto";
import { configcat } from "../../../alerts/flags/configcat.ts";
import { recordingLog } from "../../alerts/recording-log.ts";
import { startConfigCatDouble } from "../../doubles/flags/configcat-double.ts";
import { POLL_MS, type SdkRow } from "./sdk-under-test.ts";

interface CcClient {
  waitForReady(): Promise<unknown>;
  getValueAsync(key: string, fallback: string, user: unknown): Promise<string>;
  dispose(): void;
}
interface CcSdk {
  readonly PollingMode: { readonly AutoPoll: number };
  readonly User: new (identifier: string) => unknown;
  getClient(key: string, mode: number, options: object): CcClient;
}

const KEY = "model";
const SDK_KEY = `configcat-sdk-1/${"a".repeat(22)}/${"b".repeat(22)}`;
const text = (stringValue: string): { readonly stringValue: string } => ({ stringValue });

/** As the vendor deals users: the first digits of SHA-1 over key and identifier, modulo a hundred. */
const bucketOf = (user: string): number =>
  Number.parseInt(createHash("sha1").update(`${KEY}${user}`).digest("hex").slice(0, 7), 16) % 100;

/** The Node SDK. */
export const configCatSdk: SdkRow = {
  name: "configcat",
  packages: [["configcat-node", "11.4.1"]],
  hears: `polls every ${POLL_MS / 1000} s; by default every 60 s`,
  start: async (load) => {
    const double = await startConfigCatDouble();
    const { username, password, url, environments } = double;
    const percentageOptions = [
      { percentage: 0, value: text("new") },
      { percentage: 100, value: text("old") },
    ];
    const formula = {
      defaultValue: text("old"),
      targetingRules: [{ conditions: [], percentageOptions, value: null }],
      percentageEvaluationAttribute: null,
    };
    const lastVersionId = "00000000-0000-4000-8000-000000000001";
    environments.set(SDK_KEY, new Map([[KEY, { id: 1, key: KEY, formula, lastVersionId, readOnly: false }]]));
    const config = configcat.schema.parse({ type: "configcat", username, password, url, sdkKey: SDK_KEY });
    const target = configcat.create("prod", config, { log: recordingLog(), now: Date.now });
    const { getClient, PollingMode, User } = (await load("configcat-node")) as CcSdk;
    const client = getClient(SDK_KEY, PollingMode.AutoPoll, { baseUrl: url, pollIntervalSeconds: POLL_MS / 1000 });
    await client.waitForReady();
    const shareNow = (): number =>
      environments.get(SDK_KEY)?.get(KEY)?.formula.targetingRules[0]?.percentageOptions[0]?.percentage ?? 0;
    return {
      flag: target.bind({ flag: KEY, target: "prod" }, { baseline: "old", canary: "new" }),
      ask: (users) =>
        Promise.all(users.map(async (user) => (await client.getValueAsync(KEY, "old", new User(user))) === "new")),
      expect: (user) => bucketOf(user) < shareNow(),
      close: async () => {
        client.dispose();
        await double.close();
      },
    };
  },
};
