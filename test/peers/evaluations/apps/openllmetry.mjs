// Guards as Traceloop's SDK runs them around a call: one lets the answer pass, one stops it.
import * as traceloop from "@traceloop/node-server-sdk";

traceloop.initialize({
  ...{ appName: "app", baseUrl: process.env.COLLECTOR_URL, apiKey: "test", disableBatch: true },
  ...{ traceloopSyncEnabled: false, silenceInitializationMessage: true },
});

const named = (name, passes) => Object.assign(() => passes, { guardName: name });
const guarded = traceloop.guard(async () => "an answer", [named("polite", true), named("secrets", false)], {
  onFailure: "stopped",
  runAll: true,
});
await traceloop.withWorkflow({ name: "support" }, () => guarded());
await traceloop.forceFlush();
process.exit(0);
