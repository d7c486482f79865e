import { boundPostHog, KEY } from "../../alerts/flags/start-posthog.ts";
import { startPostHogDouble } from "../../doubles/flags/posthog-double.ts";
import { phServes } from "../../doubles/flags/posthog-state.ts";
import { POLL_MS, type SdkRow } from "./sdk-under-test.ts";

interface PhClient {
  evaluateFlags(user: string, options: object): Promise<{ getFlag(key: string): unknown }>;
  shutdown(): Promise<void>;
}
interface PhSdk {
  readonly PostHog: new (token: string, options: object) => PhClient;
}

const LOCAL = { onlyEvaluateLocally: true, personProperties: { plan: "pro" } };

/** The Node SDK, evaluating locally. */
export const postHogSdk: SdkRow = {
  name: "posthog",
  packages: [["posthog-node", "5.70.0"]],
  hears: `local evaluation, polls every ${POLL_MS / 1000} s; by default every 30 s`,
  start: async (load) => {
    const double = await startPostHogDouble(Date.now);
    const { PostHog } = (await load("posthog-node")) as PhSdk;
    const client = new PostHog(double.projectToken, {
      host: double.url,
      personalApiKey: double.token,
      featureFlagsPollingInterval: POLL_MS,
      before_send: () => null,
    });
    const isNew = async (user: string): Promise<boolean> =>
      (await client.evaluateFlags(user, LOCAL)).getFlag(KEY) === "test";
    return {
      flag: boundPostHog(double),
      ask: (users) => Promise.all(users.map(isNew)),
      expect: (user) => phServes(double.world(), KEY, user) === "test",
      close: async () => {
        await client.shutdown();
        await double.close();
      },
    };
  },
};
