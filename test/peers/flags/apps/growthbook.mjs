import { GrowthBookClient } from "@growthbook/growthbook";
import { recordFlag, withConversation } from "leeway";
import { callModel } from "./call-model.mjs";

const growthbook = new GrowthBookClient({
  onFeatureUsage: (key, { value }, { attributes }) =>
    recordFlag({ key, variant: String(value), targetingKey: attributes?.id }),
});

growthbook.initSync({ payload: { features: { "support-model": { defaultValue: "canary" } } } });
await withConversation("c", async () => {
  growthbook.getFeatureValue("support-model", "baseline", { attributes: { id: "user-1" } });
  await callModel();
});
growthbook.destroy();
