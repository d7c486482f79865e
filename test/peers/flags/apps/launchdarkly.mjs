import { init } from "@launchdarkly/node-server-sdk";
import { TestData } from "@launchdarkly/node-server-sdk/integrations";
import { recordFlag, withConversation } from "leeway";
import { callModel } from "./call-model.mjs";

const leewayHook = {
  getMetadata: () => ({ name: "leeway" }),
  afterEvaluation: ({ flagKey, context }, data, { value }) => {
    recordFlag({ key: flagKey, variant: String(value), targetingKey: context.key });
    return data;
  },
};

const flags = new TestData();
const values = flags.flag("support-model").variations("baseline", "canary").variationForAll(1);
await flags.update(values);
const logger = { error() {}, warn() {}, info() {}, debug() {} };
const client = init("sdk-key", { updateProcessor: flags.getFactory(), sendEvents: false, logger, hooks: [leewayHook] });
await client.waitForInitialization({ timeout: 5 });
await withConversation("c", async () => {
  await client.variation("support-model", { kind: "user", key: "user-1" }, "baseline");
  await callModel();
});
client.close();
