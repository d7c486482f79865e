import { afterEach, describe, expect, it } from "vitest";
import { type FakeProvider, startFakeProvider } from "../../demo/fake-provider.ts";
import type { Behaviour } from "../../demo/provider/behaviour.ts";

const QUICK: Behaviour = { latencyMs: { median: 1, sigma: 0.5 } };
const MESSAGES = [{ role: "user", content: "Where is my parcel?" }];

describe("the fake provider", () => {
  const open: FakeProvider[] = [];
  afterEach(() => Promise.all(open.splice(0).map((provider) => provider.close())));
  const start = async (models: Record<string, Behaviour> = { m: QUICK }, seed = 1) => {
    const provider = await startFakeProvider({ seed, models });
    open.push(provider);
    return provider;
  };
  const post = (provider: FakeProvider, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${provider.url}/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer sk-test", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const ask = async (provider: FakeProvider, more: object = {}) => {
    const response = await post(provider, { model: "m", messages: MESSAGES, ...more });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  it.each([
    ["no JSON", "{", 400, null],
    ["no model", { messages: MESSAGES }, 400, "missing_required_parameter"],
    ["no messages", { model: "m", messages: [] }, 400, "invalid_value"],
    ["a role that is none", { model: "m", messages: [{ role: "bot", content: "x" }] }, 400, "invalid_value"],
    ["an unknown parameter", { model: "m", messages: MESSAGES, temprature: 1 }, 400, null],
    ["a parameter out of range", { model: "m", messages: MESSAGES, temperature: 3 }, 400, "invalid_value"],
    ["stream options without stream", { model: "m", messages: MESSAGES, stream_options: {} }, 400, null],
    ["a tool choice without tools", { model: "m", messages: MESSAGES, tool_choice: "auto" }, 400, null],
    [
      "JSON mode without the word",
      { model: "m", messages: MESSAGES, response_format: { type: "json_object" } },
      400,
      null,
    ],
    ["an unknown model", { model: "x", messages: MESSAGES }, 404, "model_not_found"],
  ])("refuses %s in OpenAI's shape", async (_name, body, status, code) => {
    const provider = await start();
    const response = await post(provider, body);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: object };
    expect(error).toMatchObject({ message: expect.any(String), type: "invalid_request_error", code });
    expect(provider.requests()).toMatchObject([{ outcome: "rejected", status }]);
  });

  it("refuses a missing key and other paths", async () => {
    const provider = await start();
    expect((await post(provider, { model: "m", messages: MESSAGES }, { authorization: "" })).status).toBe(401);
    expect((await fetch(`${provider.url}/embeddings`, { method: "POST" })).status).toBe(404);
  });

  it("gives the same answers for the same seed, others for another", async () => {
    const texts = async (seed: number) => {
      const provider = await start({ m: QUICK }, seed);
      const answers = [await ask(provider), await ask(provider)];
      return answers.map(({ body }) => body.choices[0].message.content);
    };
    expect(await texts(3)).toEqual(await texts(3));
    expect(await texts(3)).not.toEqual(await texts(4));
  });

  it("answers JSON when asked, by the schema", async () => {
    const provider = await start();
    const schema = { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } } };
    const { body } = await ask(provider, {
      response_format: { type: "json_schema", json_schema: { name: "x", schema } },
    });
    expect(JSON.parse(body.choices[0].message.content)).toEqual({ city: expect.any(String), days: 1 });
    expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens);
  });

  it("fails, refuses and truncates as often as it is told, and says so in its log", async () => {
    const provider = await start({
      m: {
        ...QUICK,
        failures: [
          { share: 0.2, failure: 500 },
          { share: 0.1, failure: 429 },
        ],
        refusalShare: 0.3,
      },
    });
    const statuses = await Promise.all(Array.from({ length: 400 }, async () => (await ask(provider)).status));
    const share = (status: number) => statuses.filter((other) => other === status).length / statuses.length;
    expect(share(500)).toBeCloseTo(0.2, 1);
    expect(share(429)).toBeCloseTo(0.1, 1);
    const outcomes = provider.requests().map(({ outcome }) => outcome);
    expect(outcomes).toHaveLength(400);
    expect(outcomes.filter((outcome) => outcome === "refused").length / 280).toBeCloseTo(0.3, 1);
  });

  it("changes while it runs; the log tells when the first bad call began", async () => {
    const provider = await start();
    for (let call = 0; call < 5; call += 1) await ask(provider);
    const changedAt = Date.now();
    provider.set("m", { ...QUICK, failures: [{ share: 1, failure: 503 }] });
    expect((await ask(provider)).status).toBe(503);
    const firstBad = provider.requests().find(({ outcome }) => outcome === "failed");
    expect(firstBad?.start).toBeGreaterThanOrEqual(changedAt);
    expect(firstBad?.end).toBeGreaterThanOrEqual(firstBad?.start ?? Number.NaN);
    provider.set("m", QUICK);
    expect((await ask(provider)).status).toBe(200);
  });

  it("notes a client that went away", async () => {
    const provider = await start({ m: { latencyMs: { median: 50, sigma: 0 } } });
    const request = fetch(`${provider.url}/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer k" },
      body: JSON.stringify({ model: "m", messages: MESSAGES }),
      signal: AbortSignal.timeout(20),
    });
    await expect(request).rejects.toThrow();
    await expect.poll(() => provider.requests()).toMatchObject([{ outcome: "closed", status: 0 }]);
  });
});
