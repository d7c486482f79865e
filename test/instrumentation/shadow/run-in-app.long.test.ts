import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ShadowPlan } from "../../../core/shadow-plan.ts";
import { type FakeProvider, startFakeProvider } from "../../../demo/fake-provider.ts";
import type { Behaviour } from "../../../demo/provider/behaviour.ts";
import { eventually } from "../eventually.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../otlp-receiver.ts";
import { type RunningApp, runApp } from "../run-app.ts";
import { outcomesIn, pairsIn } from "./pair-outcomes.ts";
import { PLAN } from "./shadow-bench.ts";

const QUICK: Behaviour = { latencyMs: { median: 5, sigma: 0 } };

let provider: FakeProvider;
let receiver: OtlpReceiver;
const apps: RunningApp[] = [];
beforeAll(async () => {
  provider = await startFakeProvider({ seed: 1, models: { old: QUICK, new: QUICK } });
});
afterAll(() => provider.close());
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(async () => {
  for (const app of apps.splice(0)) app.child.kill("SIGKILL");
  await receiver.close();
});

const start = (how: string, env: Readonly<Record<string, string>> = {}, plan: Partial<ShadowPlan> = {}): RunningApp => {
  receiver.plans = { plans: [{ ...PLAN, timeoutMs: 5000, ...plan }], migrations: ["bot"], goodForMs: 90_000 };
  const app = runApp(env.BARE === "1" ? [] : ["--require", "leeway/instrumentation"], "shadowed-run.mjs", {
    ...{ OPENAI_BASE_URL: provider.url, LEEWAY_ENDPOINT: receiver.url, OTEL_SERVICE_NAME: "support-api" },
    ...{ STAY: "1", HOW: how, ...env },
  });
  apps.push(app);
  return app;
};

const pairs = () => pairsIn(receiver);
const outcomes = () => outcomesIn(receiver);
const spansOf = (cohort: string) => receiver.spans.filter(({ attributes }) => attributes["leeway.cohort"] === cohort);

/** Its answers, and what its stubs gave, once it has ended by itself. */
const end = async (app: RunningApp): Promise<unknown[]> => {
  app.child.stdin?.write("\n");
  expect(await app.ended).toBe(0);
  return app
    .output()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
};

describe("an app that asks its candidate by a function of its own", () => {
  it("makes a pair of each call, whose calls are the shadow's and nobody's else", async () => {
    const app = start("asks");
    await eventually(() => outcomes()["candidate paired"] === 2);
    expect((await end(app))[0]).toHaveLength(2);
    expect(app.errors()).toBe("");
    const shadows = spansOf("shadow");
    expect(shadows.map(({ attributes }) => attributes["gen_ai.request.model"])).toEqual(["new", "new"]);
    for (const { attributes } of pairs()) {
      const other = shadows.find((span) => span.attributes["leeway.pair_id"] === attributes["leeway.pair_id"]);
      expect(attributes).toMatchObject({
        "leeway.pair.other_span_id": other?.spanId,
        "leeway.segment.tier": "free",
        "leeway.pair.number.output_tokens_ratio": expect.any(Number),
      });
      expect(other?.attributes).toMatchObject({ "leeway.migration": "bot" });
    }
  });

  it("is not asked again for what the function asks, though it be the baseline", async () => {
    const app = start("baseline");
    await eventually(() => outcomes()["candidate paired"] === 2);
    await end(app);
    expect([spansOf("shadow").length, outcomes()]).toEqual([2, { "candidate paired": 2 }]);
    // Two of the app, two of the function.
    expect(receiver.spans).toHaveLength(4);
  });

  it("has the tools' results of what was served, and no tool is called for real", async () => {
    const app = start("stubs");
    await eventually(() => outcomes()["candidate paired"] === 2);
    expect((await end(app))[1]).toEqual([{ found: 1 }, { found: 1 }]);
    expect(pairs()[0]?.attributes).toMatchObject({ "leeway.pair.number.tool_calls_equal": 1 });
  });

  it.each([
    ["throws", "candidate failed"],
    ["hangs", "candidate timed-out"],
    ["leaves", "candidate paired"],
  ])("gives its users what it gave them without where the function %s", async (how, outcome) => {
    const plain = await end(start(how, { BARE: "1", WAIT_MS: "0" }));
    const app = start(how, {}, { timeoutMs: 300 });
    await eventually(() => outcomes()[outcome] === 2);
    const shadowed = await end(app);
    expect((shadowed[0] as string[]).length).toBe((plain[0] as string[]).length);
    expect(app.errors()).toBe("");
  });

  it("says once that the preload is absent, and which name is none of a migration", async () => {
    const bare = start("asks", { BARE: "1", WAIT_MS: "0", STAY: "0", UNKNOWN: "bto" });
    expect(await bare.ended).toBe(0);
    expect(bare.errors()).toBe(
      "leeway: shadow() does nothing here: the preload is not loaded; start the app with node --require leeway/instrumentation\n",
    );
    const app = start("asks", { UNKNOWN: "bto" });
    await eventually(() => outcomes()["candidate paired"] === 2);
    await end(app);
    expect(app.errors()).toContain('leeway: shadow("bto") does nothing: the agent has no migration of that name');
  });

  it("says nothing where its own environment wants no shadow", async () => {
    const app = start("throws", { LEEWAY_SHADOW: "off", STAY: "0" });
    expect(await app.ended).toBe(0);
    expect([app.errors(), pairs()]).toEqual(["", []]);
  });
});
