import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { addPairRoutes, type PairHandlers } from "../../../agent/http/pair-routes.ts";
import type { RouteEnvironment } from "../../../agent/http/routes.ts";
import type { PairWordOrder } from "../../../agent/shadow/word-on-pairs.ts";
import { aPair } from "../../store/a-pair.ts";

const WORD = { cluster: "0123456789ab", as: "neutral", reason: "as wanted", by: "ana" };

const server = (answer: Awaited<ReturnType<PairHandlers["word"]>> = { outcome: "done", problem: "" }) => {
  const orders: PairWordOrder[] = [];
  const routes = new Hono<RouteEnvironment>();
  routes.use(async (context, next) => {
    context.set("caller", { identity: "claimed" } as never);
    await next();
  });
  addPairRoutes(routes, {
    view: async () => null,
    row: async (_name, id) => (id === "there" ? aPair() : null),
    word: async (_name, order) => {
      orders.push(order);
      return answer;
    },
    asked: async (_name, calls) => calls.filter(({ spanId }) => spanId.startsWith("a")),
  });
  const post = (body: unknown, headers: Record<string, string> = { "content-type": "application/json" }) =>
    routes.request("http://127.0.0.1/api/v1/migrations/m/pairs/words", {
      method: "POST",
      headers: { host: "127.0.0.1", ...headers },
      body: JSON.stringify(body),
    });
  return {
    orders,
    post,
    get: (path: string) => routes.request(`http://127.0.0.1/api/v1/migrations/m/pairs${path}`),
    asked: (calls: string) => routes.request(`http://127.0.0.1/api/v1/migrations/m/asked-calls?calls=${calls}`),
  };
};

describe("which served calls the candidate was asked", () => {
  const [one, two] = [`${"1".repeat(32)}.${"a".repeat(16)}`, `${"1".repeat(32)}.${"b".repeat(16)}`];

  it("is told of those that are named", async () => {
    const response = await server().asked([one, two].join(","));
    expect(await response.json()).toEqual({
      schema: "leeway.asked-calls/1",
      calls: [{ traceId: "1".repeat(32), spanId: "a".repeat(16) }],
    });
  });

  it.each(["", "x.y", `${one},`, `${one};${two}`, Array(101).fill(one).join(",")])(
    "is refused for %j",
    async (calls) => {
      expect((await server().asked(calls)).status).toBe(400);
    },
  );
});

describe("a person's word on differences, over HTTP", () => {
  it("is taken with everything it says", async () => {
    const { orders, post } = server();
    expect((await post({ ...WORD, segment: "tier=free" })).status).toBe(200);
    expect(orders).toEqual([{ ...WORD, segment: "tier=free", identity: "claimed" }]);
  });

  it.each([
    ["no cluster", { cluster: "" }],
    ["a cluster that is none", { cluster: "../../../x" }],
    ["a word that is none", { as: "fine" }],
    ["no reason", { reason: "  " }],
    ["nobody", { by: "" }],
    ["a reason without end", { reason: "x".repeat(501) }],
  ])("is refused with %s", async (_what, change) => {
    const { orders, post } = server();
    expect((await post({ ...WORD, ...change })).status).toBe(400);
    expect(orders).toEqual([]);
  });

  it("is not taken from another site's page, nor from a form", async () => {
    const { orders, post } = server();
    expect((await post(WORD, { "content-type": "application/json", origin: "https://evil.example" })).status).toBe(403);
    expect((await post(WORD, { "content-type": "text/plain" })).status).toBe(400);
    expect(orders).toEqual([]);
  });

  it("says why it changes nothing", async () => {
    const refused = server({ outcome: "refused", problem: "no such differences" });
    const answer = await refused.post(WORD);
    expect([answer.status, await answer.json()]).toEqual([409, { error: "no such differences" }]);
    expect((await server(null).post(WORD)).status).toBe(404);
  });

  it("one pair is shown where it is kept", async () => {
    const { get } = server();
    expect(await (await get("/there")).json()).toMatchObject({ schema: "leeway.pair/1", outcome: "paired" });
    expect((await get("/gone")).status).toBe(404);
    expect((await get("")).status).toBe(404);
  });
});
