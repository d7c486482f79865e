import { describe, expect, it } from "vitest";
import type { Caller } from "../../../agent/access/caller.ts";
import { NO_TOKENS } from "../../../agent/access/token-book.ts";
import type { ContentDesk } from "../../../agent/content-desk.ts";
import { addContentRoutes } from "../../../agent/http/content-routes.ts";
import { aPair } from "../../store/a-pair.ts";
import { ANYBODY, bearer, routesFor } from "./routes-for.ts";

const PAGE = { schema: "leeway.content/1", migration: "m", calls: [], next: null } as const;

const server = (caller: Caller, desk: "kept" | "off" = "kept") => {
  const asked: unknown[] = [];
  const kept: ContentDesk = {
    ofPair: async ({ id }) => ({ pair: id }) as never,
    page: async (...request) => {
      asked.push(request);
      return request[1] === "nowhere" ? null : PAGE;
    },
  };
  const routes = routesFor(caller);
  addContentRoutes(routes, {
    ...{ desk: desk === "kept" ? kept : null, isDeclared: (name) => name === "m", tokens: NO_TOKENS },
    row: async (_name, id) => (id === "there" ? aPair({ id }) : null),
  });
  /** `from`: where the connection comes from; null = it is not known. */
  const get = (path: string, from: string | null = "127.0.0.1", headers: Record<string, string> = {}) =>
    routes.request(
      `http://127.0.0.1/api/v1/migrations/${path}`,
      { headers },
      from === null ? undefined : { incoming: { socket: { remoteAddress: from } } },
    );
  return { asked, get };
};

const READER = bearer("rita", "read", "granted");

describe("content over HTTP", () => {
  it("is shown to who has the scope, wherever they are", async () => {
    const { get, asked } = server(READER);
    expect(await (await get("m/content?limit=7&after=x", "203.0.113.9")).json()).toEqual(PAGE);
    expect(await (await get("m/pairs/there/content", "203.0.113.9")).json()).toEqual({ pair: "there" });
    expect(asked).toEqual([["m", "x", 7]]);
  });

  it.each(["read", "operate", "approve"] as const)(
    "is not shown to who may %s alone, who is told what to do",
    async (scope) => {
      const { get, asked } = server(bearer("bob", scope));
      for (const path of ["m/content", "m/pairs/there/content", "unknown/content"]) {
        const answer = await get(path);
        expect(answer.status).toBe(403);
        expect(await answer.text()).toMatch(
          /needs the scope content; the token of bob does not have it; .*--scope content/,
        );
      }
      expect(asked).toEqual([]);
    },
  );

  it("is shown without a token on this machine alone, and not through a proxy", async () => {
    const { get } = server(ANYBODY);
    for (const from of ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
      expect((await get("m/content", from)).status).toBe(200);
    for (const from of ["203.0.113.9", "::ffff:10.0.0.7", null])
      expect((await get("m/content", from)).status).toBe(403);
    for (const name of ["forwarded", "x-forwarded-for", "x-real-ip", "via"])
      expect((await get("m/content", "127.0.0.1", { [name]: "1.2.3.4" })).status).toBe(403);
  });

  it("says what is wrong with the question", async () => {
    const { get } = server(READER);
    for (const query of ["limit=0", "limit=101", "limit=x", "after=nowhere"])
      expect((await get(`m/content?${query}`)).status).toBe(400);
    for (const path of ["gone/content", "m/pairs/gone/content"]) expect((await get(path)).status).toBe(404);
  });

  it("says plainly that none is kept", async () => {
    const { get } = server(READER, "off");
    for (const path of ["m/content", "m/pairs/there/content"]) {
      const answer = await get(path);
      expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining("content: { keep: 14d }")]);
    }
  });
});
