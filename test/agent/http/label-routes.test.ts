import { describe, expect, it } from "vitest";
import type { Caller } from "../../../agent/access/caller.ts";
import { NO_TOKENS } from "../../../agent/access/token-book.ts";
import { addLabelRoutes } from "../../../agent/http/label-routes.ts";
import type { LabelAnswer, LabelDesk } from "../../../agent/shadow/label-desk.ts";
import { bearer, routesFor } from "./routes-for.ts";

const PAIR = "ab".repeat(16);
const READER = bearer("rita", "read", "granted");

const server = (caller: Caller = READER, answer: LabelAnswer = { outcome: "done", problem: "" }) => {
  const asked: unknown[] = [];
  const desk: LabelDesk = {
    next: async (reader) => {
      asked.push(reader);
      return { schema: "leeway.label/1", question: null, done: { yours: 0, all: 0 }, reason: "none" };
    },
    take: async (order) => {
      asked.push(order);
      return answer;
    },
  };
  const routes = routesFor(caller);
  const labels = (name: string) => (name === "m" ? desk : name === "off" ? "not-kept" : "not-declared");
  addLabelRoutes(routes, { labels, tokens: NO_TOKENS });
  const at = (path: string) => `http://127.0.0.1/api/v1/migrations/${path}`;
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    routes.request(at("m/pairs/labels"), {
      ...{ method: "POST", body: JSON.stringify(body) },
      headers: { host: "127.0.0.1", "content-type": "application/json", ...headers },
    });
  return { asked, post, get: (path: string) => routes.request(at(path)) };
};

describe("labels over HTTP", () => {
  it("are asked for and given under the token's name, whatever is said", async () => {
    const { asked, get, post } = server();
    expect((await get("m/pairs/labels/next?by=somebody")).status).toBe(200);
    expect((await post({ pair: PAIR, word: "a", by: "somebody" })).status).toBe(200);
    const rita = { by: "rita", identity: "proven" };
    expect(asked).toEqual([rita, { ...rita, pair: PAIR, word: "a" }]);
  });

  it("need the scope content, whatever else one may", async () => {
    const { asked, get, post } = server(bearer("bob", "approve"));
    expect((await get("m/pairs/labels/next")).status).toBe(403);
    expect((await post({ pair: PAIR, word: "a" })).status).toBe(403);
    expect(asked).toEqual([]);
  });

  it.each([
    ["a pair that is none", { pair: "../x" }],
    ["a word that is none", { word: "prefers-candidate" }],
    ["no word", { word: undefined }],
  ])("are refused with %s", async (_what, change) => {
    const { asked, post } = server();
    expect((await post({ pair: PAIR, word: "a", ...change })).status).toBe(400);
    expect(asked).toEqual([]);
  });

  it("are not taken from another site's page", async () => {
    expect((await server().post({ pair: PAIR, word: "a" }, { origin: "https://evil.example" })).status).toBe(403);
  });

  it("say why there is nothing to read, or nothing to change", async () => {
    const { get, post } = server(READER, { outcome: "refused", problem: "it is gone" });
    expect([(await get("off/pairs/labels/next")).status, (await get("x/pairs/labels/next")).status]).toEqual([
      409, 404,
    ]);
    const answer = await post({ pair: PAIR, word: "same" });
    expect([answer.status, await answer.json()]).toEqual([409, { error: "it is gone" }]);
  });
});
