import { expect, test } from "vitest";
import type { ShadowAsker } from "../../../collector/collaborators.ts";
import { startCollector } from "../start-collector.ts";

const PLANS = { plans: [], goodForMs: 1234 };

const start = async (token: string | null = null) => {
  const askers: ShadowAsker[] = [];
  const { collector } = await startCollector(
    { token },
    {
      shadow: (asker) => {
        askers.push(asker);
        return PLANS;
      },
    },
  );
  const ask = (path: string, init: RequestInit = {}) => fetch(`${collector.url}${path}`, init);
  return { collector, ask, askers };
};

test("an app asks what it is to shadow, and says who it is", async () => {
  const { ask, askers } = await start();
  const answer = await ask("/leeway/v1/shadow?service=support-api&instance=pod%201");
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(await answer.json()).toEqual(PLANS);
  expect(askers).toEqual([{ service: "support-api", instance: "pod 1" }]);
});

test("needs the token that spans need, and is no page for a browser", async () => {
  const { ask, collector } = await start("secret");
  expect((await ask("/leeway/v1/shadow")).status).toBe(401);
  expect((await ask("/leeway/v1/shadow", { headers: { authorization: "Bearer secret" } })).status).toBe(200);
  expect(collector.stats().refused.unauthorised).toBe(1);
  const open = await start();
  expect((await open.ask("/leeway/v1/shadow", { headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
});

test("is asked with GET, and only where there is an answer", async () => {
  const { ask } = await start();
  expect((await ask("/leeway/v1/shadow", { method: "POST", body: "x" })).status).toBe(405);
  expect((await ask("/leeway/v1/other")).status).toBe(404);
});

test("bounds the names, whatever is sent", async () => {
  const { ask, askers } = await start();
  await ask(`/leeway/v1/shadow?service=${"x".repeat(5000)}&instance=%00`);
  expect(askers[0]?.service).toHaveLength(256);
});

test("an agent that has nobody to tell says: nothing", async () => {
  const { collector } = await startCollector();
  expect(await (await fetch(`${collector.url}/leeway/v1/shadow`)).json()).toMatchObject({ plans: [] });
});
