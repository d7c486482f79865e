import { describe, expect, it } from "vitest";
import { addSilenceRoutes } from "../../../agent/http/silence-routes.ts";
import { ANYBODY, bearer, routesFor } from "./routes-for.ts";

const ask = async (path: string, body: unknown, headers: Record<string, string> = {}, caller = ANYBODY) => {
  const asked: unknown[] = [];
  const routes = routesFor(caller);
  const known = (id: string) => ({ outcome: id === "s404" ? "unknown" : "done", problem: "", until: 9 }) as const;
  addSilenceRoutes(routes, {
    begin: async (request) => {
      asked.push(request);
      return known(request.id);
    },
    end: async (id, by, reason) => {
      asked.push([id, by, reason]);
      return known(id);
    },
    silences: () => [],
    muted: () => [],
  });
  const response = await routes.request(`http://127.0.0.1:4320/api/v1/silences${path}`, {
    ...(body === undefined ? {} : { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) }),
    headers: { host: "127.0.0.1:4320", "content-type": "application/json", ...headers },
  });
  return { status: response.status, answer: (await response.json()) as unknown, asked };
};

const REQUEST = { id: "1a2b3c4d", subject: "support-*", forMs: 7_200_000, reason: "load test", by: "ana" };

describe("/api/v1/silences", () => {
  it("lists", async () => {
    const { status, answer } = await ask("", undefined);
    expect([status, answer]).toEqual([200, { schema: "leeway.silences/1", silences: [], muted: [] }]);
  });

  it("begins one, under the name it is given or one of its own", async () => {
    const { status, answer, asked } = await ask("", { ...REQUEST, types: ["pause"] });
    expect([status, answer, asked]).toEqual([
      200,
      { silence: "1a2b3c4d", until: 9, problem: "" },
      [{ ...REQUEST, by: "ana (unverified)", types: ["pause"] }],
    ]);
    const { id: _, ...unnamed } = REQUEST;
    expect((await ask("", unnamed)).asked).toEqual([
      { ...REQUEST, by: "ana (unverified)", types: [], id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
  });

  it("knows by a token who asks, whatever they say", async () => {
    const { asked } = await ask("", { ...REQUEST, by: "bob" }, {}, bearer("ana", "operate"));
    expect(asked).toMatchObject([{ by: "ana" }]);
    expect((await ask("/1a2b/end", {}, {}, bearer("ana", "operate"))).asked).toMatchObject([
      ["1a2b", "ana", expect.anything()],
    ]);
  });

  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["a list", []],
    ["no subject", { ...REQUEST, subject: " " }],
    ["no reason", { ...REQUEST, reason: undefined }],
    ["nobody", { ...REQUEST, by: 7 }],
    ["no time", { ...REQUEST, forMs: undefined }],
    ["time as text", { ...REQUEST, forMs: "2h" }],
    ["for ever", { ...REQUEST, forMs: 1e15 }],
    ["backwards", { ...REQUEST, forMs: -1 }],
    ["a rollback", { ...REQUEST, types: ["rollback"] }],
    ["types that are none", { ...REQUEST, types: "pause" }],
    ["a name that is none", { ...REQUEST, id: "../x" }],
    ["an enormous reason", { ...REQUEST, reason: "x".repeat(501) }],
  ])("refuses %s, and says what it expects", async (_what, body) => {
    const { status, answer, asked } = await ask("", body);
    expect([status, asked]).toEqual([400, []]);
    expect(answer).toMatchObject({
      error: expect.stringContaining("a rollback and NOT ROLLED BACK are never silenced"),
    });
  });

  it("ends one, for somebody", async () => {
    expect(await ask("/s1/end", { by: "bob" })).toMatchObject({
      status: 200,
      asked: [["s1", "bob (unverified)", "no reason given"]],
    });
    expect(await ask("/s404/end", { by: "bob" })).toMatchObject({ status: 404 });
    expect(await ask("/s1/end", {})).toMatchObject({ status: 400, asked: [] });
  });

  it.each(["", "/s1/end"])("is no page's of another site to change: %s", async (path) => {
    const { status, asked } = await ask(path, REQUEST, { origin: "https://evil.example" });
    expect([status, asked]).toEqual([403, []]);
  });
});
