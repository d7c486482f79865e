import { describe, expect, it } from "vitest";
import { addAlertRoutes } from "../../../agent/http/alert-routes.ts";
import type { TestAnswer } from "../../../alerts/try-channel.ts";
import { ANYBODY, bearer, routesFor } from "./routes-for.ts";

const ANSWER: TestAnswer = { channel: "chat", delivery: { outcome: "delivered", detail: "ok" } };

const post = async (body: string, headers: Record<string, string> = {}, caller = ANYBODY) => {
  const asked: unknown[] = [];
  const routes = routesFor(caller);
  addAlertRoutes(routes, {
    test: async (channel, by) => {
      asked.push([channel, by]);
      return channel === "fax" ? null : [ANSWER];
    },
    channels: () => ["chat", "pager"],
  });
  const response = await routes.request("http://127.0.0.1:4320/api/v1/test-alert", {
    method: "POST",
    body,
    headers: { host: "127.0.0.1:4320", "content-type": "application/json", ...headers },
  });
  return { status: response.status, answer: (await response.json()) as unknown, asked };
};

describe("POST /api/v1/test-alert", () => {
  it("tests all channels, or one, for somebody", async () => {
    expect(await post('{"by":" ana "}')).toEqual({
      status: 200,
      answer: { schema: "leeway.test-alert/1", answers: [ANSWER] },
      asked: [[null, "ana (unverified)"]],
    });
    expect((await post('{"by":"ana","channel":"chat"}')).asked).toEqual([["chat", "ana (unverified)"]]);
  });

  it("knows by a token who asks, whatever they say", async () => {
    for (const body of ["{}", '{"by":"bob"}'])
      expect((await post(body, {}, bearer("ana", "operate"))).asked).toEqual([[null, "ana"]]);
  });

  it("names the channels there are where it is asked for another", async () => {
    const { status, answer } = await post('{"by":"ana","channel":"fax"}');
    expect([status, answer]).toEqual([404, { error: "no channel fax; expected one of: chat, pager" }]);
  });

  it.each(["", "null", "[]", "7", "{}", '{"by":""}', '{"by":7}', '{"by":"ana","channel":7}', '{"by":"ana"'])(
    "refuses the body %s",
    async (body) => {
      const { status, asked } = await post(body);
      expect([status, asked]).toEqual([400, []]);
    },
  );

  it("is no page's of another site to ask for, nor a form's", async () => {
    expect((await post('{"by":"ana"}', { origin: "https://evil.example" })).status).toBe(403);
    expect((await post('{"by":"ana"}', { "content-type": "text/plain" })).status).toBe(400);
  });
});
