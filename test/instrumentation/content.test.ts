import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen, type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";
import { runApp } from "./run-app.ts";

const SECRET = "CANARY-7f3a";

const message = (more: object) => ({
  id: "c1",
  model: "m",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: null, ...more } }],
});
const chunk = (delta: object) => `data: ${JSON.stringify({ id: "c1", choices: [{ index: 0, delta }] })}\n\n`;
const error = { message: `bad ${SECRET}`, code: `code ${SECRET}`, type: `type ${SECRET}` };
const call = { id: "1", type: "function", function: { name: `f_${SECRET}`, arguments: `{"a":"${SECRET}"}` } };

/** What the provider answers, by model: the marker is in every kind of answer. */
const ANSWERS: Readonly<Record<string, readonly [status: number, type: string, body: string]>> = {
  answers: [200, "application/json", JSON.stringify(message({ content: `I can't help with ${SECRET}` }))],
  refuses: [200, "application/json", JSON.stringify(message({ refusal: `no ${SECRET}` }))],
  "calls-tool": [200, "application/json", JSON.stringify(message({ tool_calls: [call] }))],
  errs: [400, "application/json", JSON.stringify({ error })],
  garbage: [200, "application/json", `<html>${SECRET}`],
  streams: [200, "text/event-stream", `${chunk({ content: `a ${SECRET}` })}data: [DONE]\n\n`],
  "streams-error": [200, "text/event-stream", `${chunk({ content: SECRET })}data: ${JSON.stringify({ error })}\n\n`],
};

describe("content", () => {
  let receiver: OtlpReceiver;
  let provider: { url: string; close: () => Promise<void> };
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    provider = await listen(async (incoming, response) => {
      let body = "";
      for await (const part of incoming) body += part;
      const [status, type, text] = ANSWERS[JSON.parse(body).model] ?? [500, "text/plain", "unknown model"];
      response.writeHead(status, { "content-type": type }).end(text);
    });
  });
  afterAll(() => Promise.all([receiver.close(), provider.close()]));

  it("leaves the process in no form: neither in spans nor in what is printed", async () => {
    const flags = ["--require", "leeway/instrumentation"];
    const env = { OPENAI_BASE_URL: provider.url, LEEWAY_ENDPOINT: receiver.url };
    const run = runApp(flags, "content.mjs", env);
    expect(await run.ended).toBe(0);
    expect(receiver.spans.map(({ name }) => name)).toEqual(Object.keys(ANSWERS).map((model) => `chat ${model}`));
    const exported = JSON.stringify(receiver.requests);
    expect(exported).not.toContain(SECRET);
    expect(exported).not.toContain(Buffer.from(SECRET).toString("base64"));
    expect(run.errors()).toBe("");
    expect(receiver.spans.map(({ attributes }) => attributes["leeway.output.refusal_class"])).toEqual([
      ...["hard", "hard", undefined, undefined, undefined, "none", undefined],
    ]);
  });
});
