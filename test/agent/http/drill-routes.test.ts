import { describe, expect, it } from "vitest";
import type { DrillAnswer } from "../../../agent/drill-plan.ts";
import { addDrillRoutes } from "../../../agent/http/drill-routes.ts";
import { ANYBODY, routesFor } from "./routes-for.ts";

const VIEW = { drill: "1-1", outcome: null } as never;

const server = (answer: DrillAnswer = { outcome: "begun", drill: "1-1" }) => {
  const asked: unknown[] = [];
  const routes = routesFor(ANYBODY);
  addDrillRoutes(routes, {
    begin: async (migration, order) => {
      asked.push({ migration, ...order });
      return answer;
    },
    newest: (migration) => (migration === "m" ? VIEW : undefined),
  });
  const ask = async (init: RequestInit & { headers?: Record<string, string> } = {}, name = "m") => {
    const headers = { host: "127.0.0.1:4320", "content-type": "application/json", ...init.headers };
    const response = await routes.request(`http://127.0.0.1:4320/api/v1/migrations/${name}/drill`, {
      ...init,
      headers,
    });
    return { status: response.status, answer: (await response.json()) as unknown };
  };
  const post = (body: string, headers: Record<string, string> = {}) => ask({ method: "POST", body, headers });
  return { asked, ask, post };
};

describe("the routes about drills", () => {
  it("begin one, for somebody and a reason, once for a key", async () => {
    const { post, asked } = server();
    expect(await post('{"by":" ana ","reason":"friday","key":"k"}')).toEqual({
      status: 200,
      answer: { schema: "leeway.drill/1", migration: "m", drill: VIEW },
    });
    await post('{"by":"ana","dry":true}');
    expect(asked).toEqual([
      { migration: "m", by: "ana (unverified)", reason: "friday", isDry: false, key: "k" },
      { migration: "m", by: "ana (unverified)", reason: "drill", isDry: true },
    ]);
  });

  it("show the newest, and know who is declared", async () => {
    const { ask } = server();
    expect(await ask()).toEqual({ status: 200, answer: { schema: "leeway.drill/1", migration: "m", drill: VIEW } });
    expect((await ask({}, "other")).status).toBe(404);
  });

  it.each<[DrillAnswer, number, unknown]>([
    [{ outcome: "refused", problem: "m: no" }, 409, { error: "m: no" }],
    [{ outcome: "unknown", problem: "no m" }, 404, { error: "no m" }],
    [
      { outcome: "planned", plan: { isPossible: null, problem: "?", steps: ["a"] } },
      200,
      { schema: "leeway.drill-plan/1", migration: "m", isPossible: null, problem: "?", steps: ["a"] },
    ],
  ])("answer %j", async (given, status, answer) => {
    expect(await server(given).post('{"by":"ana"}')).toEqual({ status, answer });
  });

  it.each([
    "",
    "null",
    "[]",
    "{}",
    '{"by":""}',
    '{"by":7}',
    '{"by":"ana","reason":""}',
    '{"by":"ana","reason":7}',
    '{"by":"ana","dry":"yes"}',
    '{"by":"ana","key":""}',
    '{"by":"ana","key":7}',
    `{"by":"${"a".repeat(501)}"}`,
  ])("refuse the body %s", async (body) => {
    const { post, asked } = server();
    expect([(await post(body)).status, asked]).toEqual([400, []]);
  });

  it("are no page's of another site to ask for, nor a form's", async () => {
    const { post, asked } = server();
    expect((await post('{"by":"ana"}', { origin: "https://evil.example" })).status).toBe(403);
    expect((await post('{"by":"ana"}', { "content-type": "text/plain" })).status).toBe(400);
    expect(asked).toEqual([]);
  });
});
