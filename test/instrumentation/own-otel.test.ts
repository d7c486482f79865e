import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FakeProvider, startFakeProvider } from "../../demo/fake-provider.ts";
import { type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";
import { runApp } from "./run-app.ts";

interface OwnSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

describe("an app with its own OpenTelemetry and another instrumentation", () => {
  let provider: FakeProvider;
  let receiver: OtlpReceiver;
  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 1, models: { good: { latencyMs: { median: 10, sigma: 0 } } } });
    receiver = await startOtlpReceiver();
  });
  afterAll(() => Promise.all([provider.close(), receiver.close()]));
  beforeEach(() => {
    receiver.spans.length = 0;
  });
  const run = async (flags: readonly string[], env: Readonly<Record<string, string>>): Promise<readonly OwnSpan[]> => {
    const app = runApp(flags, "own-otel.mjs", {
      ...{ OPENAI_BASE_URL: provider.url, LEEWAY_ENDPOINT: receiver.url },
      ...env,
    });
    expect(await app.ended).toBe(0);
    expect(app.errors()).toBe("");
    // The call's span first.
    return JSON.parse(app.output()).sort((a: OwnSpan, b: OwnSpan) => a.name.localeCompare(b.name));
  };
  const PRELOAD = ["--require", "leeway/instrumentation"];

  it("exports what it exports without us", async () => {
    const [withUs, without] = [await run(PRELOAD, {}), await run([], {})];
    const seen = (spans: readonly OwnSpan[]) => spans.map(({ name, attributes }) => [name, Object.keys(attributes)]);
    expect(seen(withUs)).toEqual(seen(without));
  });

  it("shares its trace ids with our span, which names the span of the same call", async () => {
    const [call] = await run(PRELOAD, {});
    expect(receiver.spans).toHaveLength(1);
    expect(receiver.spans[0]).toMatchObject({ traceId: call?.traceId, parentSpanId: call?.spanId });
    expect(receiver.spans[0]?.attributes["leeway.covers_span_id"]).toBe(call?.spanId);
  });

  it("gets our attributes on the other instrumentation's span through the span processor, and on no other", async () => {
    const [call, root] = await run(PRELOAD, { PROCESSOR: "1" });
    expect(call?.attributes).toMatchObject({
      "leeway.covered": true,
      "leeway.cohort": "canary",
      "leeway.segment.input_type": "faq",
      "leeway.output.refusal_class": "none",
    });
    expect(root?.attributes).toEqual({});
  });

  it("gets them without the preload too, and nobody says then that ours stands for the call", async () => {
    const [call] = await run([], { PROCESSOR: "1" });
    expect(call?.attributes).toMatchObject({ "leeway.cohort": "canary", "leeway.output.refusal_class": "none" });
    expect(call?.attributes).not.toHaveProperty(["leeway.covered"]);
  });
});
