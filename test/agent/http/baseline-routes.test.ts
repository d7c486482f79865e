import { describe, expect, it } from "vitest";
import type { Caller } from "../../../agent/access/caller.ts";
import { NO_TOKENS } from "../../../agent/access/token-book.ts";
import type { BaselineDesk } from "../../../agent/baselines/baseline-desk.ts";
import { addBaselineRoutes, NO_BASELINES } from "../../../agent/http/baseline-routes.ts";
import { bearer, routesFor } from "./routes-for.ts";

const STRATA = [{ stratum: "refused/faq", kept: 3, calls: 3, newest: 7 }];

const server = (caller: Caller, isKept = true) => {
  const asked: unknown[] = [];
  const desk: BaselineDesk = {
    strata: async () => STRATA,
    page: async (...request) => {
      asked.push(request);
      return request[1] === "nowhere" ? null : ({ examples: [] } as never);
    },
  };
  const routes = routesFor(caller);
  addBaselineRoutes(routes, {
    ...{ baselines: isKept ? desk : null, segmentOf: (name) => (name === "m" ? "topic" : null), tokens: NO_TOKENS },
  });
  const get = async (path: string) => {
    const answer = await routes.request(`http://127.0.0.1/api/v1/migrations/${path}`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { asked, get };
};

const READER = bearer("rita", "read", "granted");

describe("kept examples over HTTP", () => {
  it("are counted for everybody who may read, and shown to who has the scope content", async () => {
    const bob = server(bearer("bob", "approve"));
    expect(await bob.get("m/baselines")).toMatchObject({ status: 200, body: { strata: STRATA } });
    const refused = await bob.get("m/baselines/content");
    expect(refused).toMatchObject({ status: 403, body: { error: expect.stringContaining("needs the scope content") } });
    expect(bob.asked).toEqual([]);
    const rita = server(READER);
    expect(await rita.get("m/baselines/content?limit=9&after=x")).toMatchObject({ status: 200 });
    expect(rita.asked).toEqual([[{ migration: "m", segment: "topic" }, "x", 9]]);
  });

  it("are told not to be there in words", async () => {
    const { get } = server(READER, false);
    expect(await get("m/baselines")).toMatchObject({ status: 200, body: { strata: null } });
    expect(await get("m/baselines/content")).toEqual({ status: 409, body: { error: NO_BASELINES } });
    expect((await get("other/baselines")).status).toBe(404);
    expect((await get("other/baselines/content")).status).toBe(404);
    const kept = server(READER);
    expect((await kept.get("m/baselines/content?limit=1000")).status).toBe(400);
    expect((await kept.get("m/baselines/content?after=nowhere")).status).toBe(400);
  });
});
