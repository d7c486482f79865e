import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ShadowPlan } from "../../../core/shadow-plan.ts";
import { type FakeProvider, startFakeProvider } from "../../../demo/fake-provider.ts";
import type { Behaviour } from "../../../demo/provider/behaviour.ts";
import { eventually } from "../eventually.ts";
import { listen, type OtlpReceiver, startOtlpReceiver } from "../otlp-receiver.ts";
import { type RunningApp, runApp } from "../run-app.ts";
import { installFakeEmbedding } from "./fake-embedding.ts";
import { outcomesIn, pairsIn } from "./pair-outcomes.ts";

const QUICK: Behaviour = { latencyMs: { median: 5, sigma: 0 } };
const PLAN: ShadowPlan = {
  ...{ migration: "bot", operation: null, baselineModel: "old", candidateModel: "new", share: 1, selfRerun: 0 },
  ...{ audience: null, baseUrl: null, key: null, timeoutMs: 5000, concurrency: 4 },
  left: { calls: null, tokens: null, usd: null },
};

let provider: FakeProvider;
let receiver: OtlpReceiver;
const apps: RunningApp[] = [];
beforeAll(async () => {
  provider = await startFakeProvider({ seed: 1, models: { old: QUICK, new: QUICK } });
});
afterAll(() => provider.close());
beforeEach(async () => {
  provider.set("new", QUICK);
  receiver = await startOtlpReceiver();
});
afterEach(async () => {
  for (const app of apps.splice(0)) app.child.kill("SIGKILL");
  await receiver.close();
});

const start = (plan: Partial<ShadowPlan> | null, env: Readonly<Record<string, string>> = {}): RunningApp => {
  receiver.plans = plan === null ? null : { plans: [{ ...PLAN, ...plan }], goodForMs: 90_000 };
  const app = runApp(["--require", "leeway/instrumentation"], "shadowed.mjs", {
    ...{ OPENAI_BASE_URL: provider.url, LEEWAY_ENDPOINT: receiver.url, OTEL_SERVICE_NAME: "support-api", STAY: "1" },
    ...env,
  });
  apps.push(app);
  return app;
};

const pairs = () => pairsIn(receiver);
const outcomes = () => outcomesIn(receiver);
const ofCohort = (cohort: string) => receiver.spans.filter(({ attributes }) => attributes["leeway.cohort"] === cohort);

const end = async (app: RunningApp): Promise<void> => {
  app.child.stdin?.write("\n");
  expect([await app.ended, app.errors()]).toEqual([0, ""]);
};

describe("an app whose calls are shadowed", () => {
  it("has each call asked of the candidate, and the two answers compared", async () => {
    const app = start({ selfRerun: 1 }, { CALLS: "2" });
    await eventually(() => outcomes()["candidate paired"] === 4 && outcomes()["rerun paired"] === 4);
    await end(app);
    const served = ofCohort("baseline");
    const shadow = ofCohort("shadow");
    expect([served.length, shadow.length]).toEqual([4, 8]);
    for (const { attributes, traceId, spanId } of pairs()) {
      expect(served.map((span) => [span.traceId, span.spanId])).toContainEqual([traceId, spanId]);
      const other = shadow.find((span) => span.attributes["leeway.pair_id"] === attributes["leeway.pair_id"]);
      expect(other).toMatchObject({
        traceId: attributes["leeway.pair.other_trace_id"],
        spanId: attributes["leeway.pair.other_span_id"],
      });
      expect(other?.attributes).toMatchObject({
        "leeway.migration": "bot",
        "gen_ai.request.model": attributes["leeway.pair.other_model"],
        "leeway.segment.tier": "free",
      });
      expect(attributes).toMatchObject({
        "leeway.migration": "bot",
        "leeway.segment.tier": "free",
        "leeway.pair.served_model": "old",
        "leeway.pair.number.length_ratio": expect.any(Number),
        "leeway.pair.served_values": expect.arrayContaining(["finish:stop"]),
      });
      expect(attributes["leeway.pair.cluster"]).toMatch(/^[0-9a-f]{16}$/);
    }
    // Neither the conversation nor the flag of whoever was served: those are the arms'.
    expect(shadow.every((span) => !("gen_ai.conversation.id" in span.attributes))).toBe(true);
  });

  it("gives its users what it gave them without", async () => {
    const plain = start(null, { CALLS: "3", STAY: "0" });
    await plain.ended;
    const models = { old: QUICK, new: { ...QUICK, failures: [{ share: 1, failure: 500 as const }] } };
    const same = await startFakeProvider({ seed: 1, models });
    const other = await startFakeProvider({ seed: 1, models });
    try {
      const off = start(null, { CALLS: "3", STAY: "0", OPENAI_BASE_URL: same.url });
      await off.ended;
      const on = start({}, { CALLS: "3", STAY: "0", OPENAI_BASE_URL: other.url });
      await on.ended;
      expect(JSON.parse(on.output())).toEqual(JSON.parse(off.output()));
    } finally {
      await same.close();
      await other.close();
    }
  });

  it.each([
    ["errors", { failures: [{ share: 1, failure: 500 as const }] }, { "candidate failed": 4 }],
    ["hangs", { failures: [{ share: 1, failure: "hang" as const }] }, { "candidate timed-out": 4 }],
    ["is cut", { failures: [{ share: 1, failure: "cut" as const }] }, { "candidate failed": 4 }],
  ])("counts every call while the candidate's provider %s", async (_how, ill, expected) => {
    provider.set("new", { ...QUICK, ...ill });
    const app = start({ timeoutMs: 300 }, { CALLS: "2" });
    await eventually(() => Object.values(outcomes()).reduce((sum, each) => sum + each, 0) === 4);
    expect(outcomes()).toEqual(expected);
    await end(app);
    expect(JSON.parse(app.output())).toHaveLength(4);
  });

  it("asks one after the other where no more than one may be under way", async () => {
    const app = start({ concurrency: 1 }, { CALLS: "4" });
    await eventually(() => outcomes()["candidate paired"] === 8);
    await end(app);
    expect(ofCohort("shadow").every(({ parentSpanId }) => !parentSpanId)).toBe(true);
  });

  it("has the two texts held against each other by an embedding model, where the document says so", async () => {
    const asked: { model: string; input: string[] }[] = [];
    const embeddings = await listen(async (incoming, response) => {
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part);
      asked.push(JSON.parse(Buffer.concat(parts).toString("utf8")));
      // The third time it fails.
      if (asked.length === 3) response.writeHead(500).end("{}");
      else
        response.end(
          JSON.stringify({
            data: [
              [1, 0],
              [1, 1],
            ].map((embedding, index) => ({ index, embedding })),
          }),
        );
    });
    try {
      const similarity = { model: "embed", baseUrl: `${embeddings.url}/v1`, key: null };
      const app = start({ similarity }, { CALLS: "2", LEEWAY_SHADOW_HOSTS: new URL(embeddings.url).host });
      await eventually(() => outcomes()["candidate paired"] === 4);
      await end(app);
      const likeness = pairs().map(({ attributes }) => attributes["leeway.pair.number.similarity_semantic"]);
      expect(likeness.filter((each) => each !== undefined)).toEqual(Array(3).fill(expect.closeTo(Math.SQRT1_2, 9)));
      expect(asked.every(({ model, input }) => model === "embed" && input.length === 2)).toBe(true);
      // What it takes is seen like any other call of the shadow.
      expect(ofCohort("shadow").filter(({ name }) => name === "embeddings embed")).toHaveLength(4);
    } finally {
      await embeddings.close();
    }
  });

  it("has them held against each other by a model beside the app, where the document says so and it is installed", async () => {
    const fake = installFakeEmbedding();
    const similarity = { model: "in-process/use-lite", baseUrl: null, key: null };
    try {
      const app = start({ similarity }, { CALLS: "2", NODE_PATH: join(fake.folder, "node_modules") });
      await eventually(() => outcomes()["candidate paired"] === 4);
      await end(app);
      for (const { attributes } of pairs())
        expect([
          attributes["leeway.pair.label.likeness"],
          attributes["leeway.pair.number.similarity_semantic"],
        ]).toEqual([undefined, expect.any(Number)]);
      expect(JSON.parse(app.output())).toHaveLength(4);
      receiver.logs.length = 0;
      const absent = start({ similarity }, { CALLS: "2" });
      await eventually(() => outcomes()["candidate paired"] === 4);
      absent.child.stdin?.write("\n");
      expect(await absent.ended).toBe(0);
      expect(absent.errors().match(/needs packages that are not installed/g)).toHaveLength(1);
      expect(pairs()[0]?.attributes["leeway.pair.label.likeness"]).toBe("absent");
    } finally {
      fake.remove();
    }
  });

  it("has pairs read by a judge in both orders, where the document says so", async () => {
    const answer = (content: string) => ({
      ...{ id: "c", object: "chat.completion", created: 1, model: "judge" },
      choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
    });
    // It prefers what comes first: whoever asks it once would not see it.
    const judgeServer = await listen(async (incoming, response) => {
      for await (const _part of incoming);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer('{"better":"A"}')));
    });
    try {
      const judge = {
        model: "judge",
        baseUrl: `${judgeServer.url}/v1`,
        key: null,
        share: 1,
        rubric: null,
        temperature: 0,
      };
      const hosts = { LEEWAY_SHADOW_HOSTS: new URL(judgeServer.url).host };
      const app = start({ judge }, { ...hosts, CALLS: "2", LEEWAY_CAPTURE_CONTENT: "true" });
      await eventually(() => outcomes()["candidate paired"] === 4);
      await end(app);
      for (const { attributes } of pairs())
        expect(attributes).toMatchObject({
          "leeway.pair.label.judge": "inconsistent",
          "leeway.pair.label.judge_first": "baseline",
          "leeway.pair.label.judge_second": "candidate",
          "leeway.pair.label.judge_version": "judge/1",
        });
      // Both answers are the judge's question: the spans that are theirs have them already.
      const withContent = ofCohort("shadow").filter(({ attributes }) => "gen_ai.output.messages" in attributes);
      const modelOf = ({ attributes }: (typeof withContent)[number]) => attributes["gen_ai.request.model"];
      expect(ofCohort("shadow").map(modelOf)).toContain("judge");
      expect(new Set(withContent.map(modelOf))).toEqual(new Set(["new"]));
    } finally {
      await judgeServer.close();
    }
  });

  it("asks nothing beyond the day's budget, and says how many it left out", async () => {
    const app = start({ left: { calls: 1, tokens: null, usd: null } }, { CALLS: "2" });
    await eventually(() => outcomes()["candidate paired"] === 1);
    await end(app);
    expect(outcomes()).toEqual({ "candidate paired": 1, "candidate budget-calls": 3 });
  });

  it("asks nothing again that has effects, nor without a key, nor at a host nobody named", async () => {
    const stored = start({}, { BODY: '{"store":true}', STAY: "0" });
    await stored.ended;
    expect(outcomes()).toEqual({ "candidate stored": 2 });
    receiver.logs.length = 0;
    const elsewhere = start({ baseUrl: "http://127.0.0.1:1/v1" }, { STAY: "0" });
    await elsewhere.ended;
    expect(outcomes()).toEqual({ "candidate no-key": 2 });
    receiver.logs.length = 0;
    const noKey = start({ key: "SOMEBODY_ELSES_SECRET" }, { STAY: "0", SOMEBODY_ELSES_SECRET: "s3cret" });
    await noKey.ended;
    expect(outcomes()).toEqual({ "candidate no-key": 2 });
  });

  it("is kept waiting by nothing at its end, and what was under way is counted", async () => {
    provider.set("new", { ...QUICK, failures: [{ share: 1, failure: "hang" }] });
    const app = start({ timeoutMs: 60_000 }, { STAY: "0" });
    expect(await app.ended).toBe(0);
    expect(outcomes()).toEqual({ "candidate ended": 2 });
  });

  it("shadows nothing where its own environment says so", async () => {
    const app = start({}, { STAY: "0", LEEWAY_SHADOW: "off" });
    expect(await app.ended).toBe(0);
    expect(pairs()).toEqual([]);
    expect(ofCohort("shadow")).toEqual([]);
  });
});
