import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { NO_TOKENS, type TokenBook } from "../../../agent/access/token-book.ts";
import { addLinkRoutes, type LinkHandlers, type LinkPreview } from "../../../agent/http/link-routes.ts";
import type { RouteEnvironment } from "../../../agent/http/routes.ts";
import type { ReadLink } from "../../../agent/links/action-link.ts";
import type { Scope } from "../../../core/scope.ts";

const LINK: ReadLink = {
  ...{ migration: "support-bot", command: "rollback", stage: 1, since: 1_000, until: 1_800_000_000_000 },
  ...{ channel: "slack-ops", notice: "n", key: "link:1" },
};
const PREVIEW: LinkPreview = {
  now: "stage 2 of 4, canary 25%",
  effect: "switch it off",
  scope: "operate",
  refused: null,
};

const ana = (scope: Scope): TokenBook => ({
  ...NO_TOKENS,
  look: async (presented) =>
    presented === "anas"
      ? {
          outcome: "known",
          token: {
            ...{ id: "1", name: "ana", scope, sha256: "", createdAt: 0, createdBy: "" },
            ...{ expiresAt: null, revokedAt: null, revokedBy: null },
          },
        }
      : { outcome: "unknown", why: presented === "old" ? "the token expired" : "" },
  hasPeople: () => true,
  holders: () => ["ana", "bob"],
  contentHolders: () => [],
});

const server = (preview: Partial<LinkPreview> = {}, changes: Partial<LinkHandlers> = {}) => {
  const acts: unknown[] = [];
  const routes = new Hono<RouteEnvironment>();
  addLinkRoutes(routes, {
    read: async (text) => (text === "good" ? LINK : "this link has expired"),
    preview: () => ({ ...PREVIEW, ...preview }),
    act: async (link, who) => {
      acts.push([link.key, who]);
      return { isDone: true, problem: "" };
    },
    tokens: ana("approve"),
    origin: "https://leeway.example.com",
    ...changes,
  });
  const ask = (method: string, path = "good", headers: Record<string, string> = {}, body?: string) =>
    routes.request(`http://127.0.0.1:4320/act/${path}`, {
      method,
      headers: { host: "127.0.0.1:4320", ...headers },
      ...(body === undefined ? {} : { body }),
    });
  const press = (fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    ask(
      "POST",
      "good",
      { "content-type": "application/x-www-form-urlencoded", ...headers },
      new URLSearchParams({ go: "1", ...fields }).toString(),
    );
  return { acts, ask, press };
};

const BY_LINK = {
  by: "link in slack-ops (not a verified person)",
  identity: "link",
  reason: "by a link of a notice, no reason given",
};

describe("the page of a link", () => {
  it("shows what would be done, and does nothing, whoever fetches it", async () => {
    const { ask, acts } = server();
    for (const headers of [{}, { "user-agent": "Slackbot-LinkExpanding 1.0" }, { "sec-purpose": "prefetch" }]) {
      const answer = await ask("GET", "good", headers);
      const text = await answer.text();
      expect(answer.status).toBe(200);
      for (const part of ["support-bot", "switch it off", "stage 2 of 4, canary 25%", "slack-ops", 'method="post"'])
        expect(text).toContain(part);
    }
    expect((await ask("HEAD")).status).toBe(200);
    for (const method of ["PUT", "DELETE", "OPTIONS"]) expect((await ask(method)).status).toBe(404);
    expect(acts).toEqual([]);
  });

  it("is in no frame, asks nothing else, and runs nothing", async () => {
    const { headers } = await server().ask("GET");
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
    );
    expect([headers.get("x-frame-options"), headers.get("referrer-policy")]).toEqual(["DENY", "same-origin"]);
  });

  it("escapes what it shows", async () => {
    const { ask } = server({ now: "<script>alert(1)</script>", effect: '"><img src=x>' });
    const text = await (await ask("GET")).text();
    expect(text).not.toMatch(/<script>|<img/);
  });

  it("has no button where nothing can be done", async () => {
    const used = await server({ refused: "this link was used" }).ask("GET");
    expect([used.status, await used.text()]).toEqual([409, expect.not.stringContaining("<form")]);
    const old = await server().ask("GET", "old");
    expect([old.status, await old.text()]).toEqual([410, expect.stringContaining("has expired")]);
  });

  it("says where a link is not enough, and who could", async () => {
    const text = await (await server({ scope: "approve" }).ask("GET")).text();
    expect(text).toContain("needs an approval, and a link says nothing about who follows it");
    expect(text).toContain("ana, bob");
  });
});

describe("its button", () => {
  it("acts, in the name of the channel and of nobody", async () => {
    const { press, acts } = server();
    const answer = await press();
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("Done")]);
    expect(acts).toEqual([["link:1", BY_LINK]]);
  });

  it("acts in the name of whose token is given", async () => {
    const { press, acts } = server({ scope: "approve" });
    expect((await press({ token: " anas ", reason: " looks good " })).status).toBe(200);
    expect(acts).toEqual([["link:1", { by: "ana", identity: "proven", reason: "looks good" }]]);
  });

  it.each<[string, Record<string, string>, Partial<LinkPreview>, Scope, number, string]>([
    ["without a token where an approval is needed", {}, { scope: "approve" }, "approve", 403, "needs an approval"],
    [
      "with a token that may not",
      { token: "anas" },
      { scope: "approve" },
      "operate",
      403,
      "the token of ana has operate",
    ],
    ["with a token that expired", { token: "old" }, {}, "approve", 403, "the token expired"],
    ["with what is no token", { token: "<b>" }, {}, "approve", 403, "that is no token"],
    ["when it was used", {}, { refused: "this link was used" }, "approve", 409, "this link was used"],
  ])("does nothing %s", async (_what, fields, preview, scope, status, text) => {
    const { press, acts } = server(preview, { tokens: ana(scope) });
    const answer = await press(fields);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)]);
    expect(acts).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["another port of this machine", { "sec-fetch-site": "same-site" }],
    ["another site, of an old browser", { origin: "https://evil.example" }],
    ["a frame without an origin", { origin: "null" }],
  ])("is not pressed by %s", async (_who, headers) => {
    const { press, acts } = server();
    expect((await press({}, headers)).status).toBe(403);
    expect(acts).toEqual([]);
  });

  it("is pressed by its own page, behind a proxy and before it", async () => {
    const { press, acts } = server();
    for (const headers of [
      { "sec-fetch-site": "same-origin", origin: "null" },
      { origin: "https://leeway.example.com" },
      { origin: "http://127.0.0.1:4320" },
    ])
      expect((await press({}, headers)).status).toBe(200);
    expect(acts).toHaveLength(3);
  });

  it("is nothing else than its form", async () => {
    const { ask, acts } = server();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await ask("POST", "good", { "content-type": "application/json" }, "{}")).status).toBe(400);
    expect((await ask("POST", "good", form, "")).status).toBe(400);
    expect((await ask("POST", "old", form, "go=1")).status).toBe(410);
    expect((await ask("POST", "good", form, `go=1&reason=${"x".repeat(20_000)}`)).status).toBe(413);
    expect(acts).toEqual([]);
  });

  it("says what is not done yet, and what was refused after all", async () => {
    const late = server({}, { act: async () => ({ isDone: true, problem: "the flag system is down" }) });
    expect(await (await late.press()).text()).toMatch(/Taken, but not all is done[\s\S]*the flag system is down/);
    const refused = server({}, { act: async () => ({ isDone: false, problem: "it is paused already" }) });
    expect((await refused.press()).status).toBe(409);
  });
});
