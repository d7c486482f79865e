import { recordFlag, withConversation } from "leeway";
import { Unleash } from "unleash-client";
import { callModel } from "./call-model.mjs";

const variants = [{ name: "canary", weight: 1000, weightType: "variable", stickiness: "userId" }];
const strategies = [{ name: "default", parameters: {}, constraints: [] }];
const feature = { name: "support-model", type: "release", enabled: true, stale: false, impressionData: true };
const unleash = new Unleash({
  url: "http://127.0.0.1:9/api/",
  appName: "app",
  disableMetrics: true,
  refreshInterval: 0,
  skipInstanceCountWarning: true,
  bootstrap: { data: [{ ...feature, strategies, variants }] },
});
unleash.on("error", () => {});
unleash.on("warn", () => {});

unleash.on("impression", ({ featureName, variant, enabled, context }) =>
  recordFlag({ key: featureName, variant: variant ?? String(enabled), targetingKey: context.userId }),
);

await new Promise((resolve) => unleash.once("ready", resolve));
await withConversation("c", async () => {
  unleash.getVariant("support-model", { userId: "user-1" });
  await callModel();
});
unleash.destroy();
