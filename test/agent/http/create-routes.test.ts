import { describe, expect, it } from "vitest";
import { NO_TOKENS, type TokenBook } from "../../../agent/access/token-book.ts";
import { createRoutes, type RouteHandlers } from "../../../agent/http/create-routes.ts";
import type { ServedFlag } from "../../../alerts/flags/ofrep.ts";
import type { Command } from "../../../core/ledger.ts";
import type { Scope } from "../../../core/scope.ts";
import type { CommandRequest, CommandResult } from "../../../lifecycle/commands/command-type.ts";
import type { StatusView } from "../../../status/status-page.ts";

const TOKEN = "a-long-enough-token";
const HERE = "http://127.0.0.1:4320";

const VIEW: StatusView = {
  now: 1,
  startedAt: 0,
  version: "1",
  problems: [],
  migrations: [],
  monitors: [],
  pipeline: [],
  ledger: [],
};
const FLAG: ServedFlag = {
  state: { flag: "model", share: 1, enabled: true, revision: "r1" },
  values: { baseline: "old", canary: "new" },
};

const SAID = { identity: "claimed" } as const;

const server = (token: string | null = null, changes: Partial<RouteHandlers> = {}) => {
  const commands: (CommandRequest & { readonly migration: string })[] = [];
  const failures: Error[] = [];
  const handlers: RouteHandlers = {
    status: async () => VIEW,
    explain: () => null,
    cost: async () => null,
    handoffs: async () => null,
    report: async () => null,
    flag: async () => null,
    command: async (migration, request): Promise<CommandResult> => {
      commands.push({ migration, ...request });
      return { outcome: "done", problem: "" };
    },
    flags: () => new Map([["model", FLAG]]),
    monitors: () => [],
    metrics: () => "leeway_x 1\n",
    notReady: async () => [],
    silences: {
      begin: async () => ({ outcome: "unknown", problem: "" }),
      end: async () => ({ outcome: "unknown", problem: "" }),
      silences: () => [],
      muted: () => [],
    },
    drills: { begin: async () => ({ outcome: "unknown", problem: "" }), newest: () => undefined },
    baselines: { baselines: null, segmentOf: () => "" },
    pairs: { view: async () => null, row: async () => null, word: async () => null, asked: async () => [] },
    content: { desk: null, isDeclared: () => true, labels: () => "not-kept" },
    alerts: { test: async () => [], channels: () => [] },
    failed: (error) => void failures.push(error),
    tokens: NO_TOKENS,
    links: null,
    scopeOf: () => "operate",
    ...changes,
  };
  const routes = createRoutes({ token, hosts: ["host.docker.internal"] }, handlers);
  const ask = (path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) =>
    routes.request(`${HERE}${path}`, { ...init, headers: { host: "127.0.0.1:4320", ...headers } });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  return { ask, post, commands, failures };
};

const ROLLBACK = { command: "rollback", reason: "users complain", by: "ana" };
const COMMANDS = "/api/v1/migrations/m/commands";

describe("what is shown", () => {
  it("is the status as a page that runs no script, and as JSON with a schema", async () => {
    const { ask } = server();
    const page = await ask("/");
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    const json = await ask("/api/v1/status");
    expect(await json.json()).toEqual({ schema: "leeway.status/1", ...VIEW });
  });

  it("is an explanation, or 404 for a migration nobody declared", async () => {
    const { ask } = server();
    const answer = await ask("/api/v1/migrations/none");
    expect([answer.status, await answer.json()]).toEqual([404, { error: "no migration none is declared" }]);
  });

  it("is the metrics as Prometheus reads them", async () => {
    const answer = await server().ask("/metrics");
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    expect(await answer.text()).toBe("leeway_x 1\n");
  });

  it("is whether the agent is alive, and whether it can work and why not", async () => {
    const ill = server(null, { notReady: async () => ["the store does not answer", "the first round is not over"] });
    expect((await ill.ask("/healthz")).status).toBe(200);
    const answer = await ill.ask("/readyz");
    expect([answer.status, await answer.text()]).toEqual([
      503,
      "the store does not answer\nthe first round is not over\n",
    ]);
    expect((await server().ask("/readyz")).status).toBe(200);
  });

  it("is no flag before the first round: a share from before a crash may be older than a rollback", async () => {
    const starting = server(null, { flags: () => null });
    const answer = await starting.post("/ofrep/v1/evaluate/flags/model", { context: { targetingKey: "u" } });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  });

  it("is no inner detail when something fails, which goes to the log", async () => {
    const broken = server(null, { status: () => Promise.reject(new Error("password=hunter2")) });
    const answer = await broken.ask("/api/v1/status");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("hunter2");
    expect(broken.failures).toHaveLength(1);
  });

  it("is an error in JSON for a page that does not exist", async () => {
    const answer = await server().ask("/api/v2/status");
    expect([answer.status, await answer.json()]).toEqual([404, { error: expect.stringContaining("no such page") }]);
  });
});

describe("commands", () => {
  it("are carried out, reason and name trimmed", async () => {
    const { post, commands } = server();
    const answer = await post(COMMANDS, { ...ROLLBACK, reason: " users complain " });
    expect([answer.status, await answer.json()]).toEqual([200, { outcome: "done", problem: "" }]);
    expect(commands).toEqual([{ migration: "m", ...ROLLBACK, ...SAID }]);
  });

  it("name the stage they are meant for, from 1, and the request they are", async () => {
    const { post, commands } = server();
    await post(COMMANDS, { ...ROLLBACK, command: "advance", stage: 2, key: "k-1" });
    await post(COMMANDS, { ...ROLLBACK, stage: null, key: null });
    expect(commands).toEqual([
      { migration: "m", ...ROLLBACK, ...SAID, command: "advance", stage: 1, key: "k-1" },
      { migration: "m", ...ROLLBACK, ...SAID },
    ]);
  });

  it.each<[string, CommandResult, number]>([
    ["refused", { outcome: "refused", problem: "it is not paused" }, 409],
    ["for nobody", { outcome: "unknown", problem: "no migration m is declared" }, 404],
  ])("that are %s say why", async (_what, result, status) => {
    const { post } = server(null, { command: async () => result });
    const answer = await post(COMMANDS, ROLLBACK);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: "problem" in result ? result.problem : "" });
  });

  it.each<[string, unknown, Record<string, string>]>([
    ["without a reason", { ...ROLLBACK, reason: undefined }, {}],
    ["with an empty reason", { ...ROLLBACK, reason: "  " }, {}],
    ["by nobody", { ...ROLLBACK, by: "" }, {}],
    ["by an endless name", { ...ROLLBACK, by: "a".repeat(201) }, {}],
    ["by no text", { ...ROLLBACK, by: 7 }, {}],
    ["that do not exist", { ...ROLLBACK, command: "explode" }, {}],
    ["that every object has", { ...ROLLBACK, command: "constructor" }, {}],
    ["in a list", [ROLLBACK], {}],
    ["in nothing", null, {}],
    ["for a stage before the start", { ...ROLLBACK, stage: -1 }, {}],
    ["for half a stage", { ...ROLLBACK, stage: 1.5 }, {}],
    ["for a stage in words", { ...ROLLBACK, stage: "2" }, {}],
    ["with an empty key", { ...ROLLBACK, key: "" }, {}],
    ["with a key that is no text", { ...ROLLBACK, key: 5 }, {}],
    ["with an endless key", { ...ROLLBACK, key: "k".repeat(201) }, {}],
    ["as a form would send them", ROLLBACK, { "content-type": "text/plain" }],
  ])("%s get 400 and change nothing", async (_what, body, headers) => {
    const { post, commands } = server();
    const answer = await post(COMMANDS, body, headers);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.stringContaining("expected JSON") });
    expect(commands).toEqual([]);
  });

  it("that are no JSON get 400, and too large ones 413", async () => {
    const { ask, post, commands } = server();
    const headers = { "content-type": "application/json" };
    expect((await ask(COMMANDS, { method: "POST", body: "{", headers })).status).toBe(400);
    expect((await post(COMMANDS, { ...ROLLBACK, reason: "x".repeat(2 ** 21) })).status).toBe(413);
    expect(commands).toEqual([]);
  });

  it.each([
    ["a page of another site", { origin: "https://evil.example" }],
    ["a sandboxed page", { origin: "null" }],
    ["another port of this machine", { origin: "http://127.0.0.1:8080" }],
  ])("from %s are refused", async (_what, headers) => {
    const { post, commands } = server();
    expect((await post(COMMANDS, ROLLBACK, headers)).status).toBe(403);
    expect(commands).toEqual([]);
  });

  it("from a site whose name points at this machine are refused too", async () => {
    const { post, commands } = server();
    const headers = { host: "evil.example:4320", origin: "http://evil.example:4320" };
    expect((await post(COMMANDS, ROLLBACK, headers)).status).toBe(403);
    expect(commands).toEqual([]);
  });

  it("from the agent's own page are taken", async () => {
    const { post } = server();
    expect((await post(COMMANDS, ROLLBACK, { origin: HERE })).status).toBe(200);
  });
});

const PATHS = ["/", "/metrics", "/api/v1/status", "/api/v1/monitors", "/api/v1/migrations/m", "/no/such/page"];

describe("without a token", () => {
  it.each(PATHS)("%s is answered under names of this machine alone", async (path) => {
    const { ask } = server();
    for (const host of ["127.0.0.1:4320", "localhost:4320", "[::1]:4320", "host.docker.internal:4320"]) {
      expect((await ask(path, { headers: { host } })).status, host).not.toBe(403);
    }
    for (const host of ["evil.example:4320", "127.0.0.1.evil.example", "10.0.0.7:4320", ""]) {
      const answer = await ask(path, { headers: { host } });
      expect([answer.status, await answer.json()], host).toEqual([
        403,
        { error: expect.stringMatching(/^host ".*" is not known here; use 127\.0\.0\.1 or localhost, or list/) },
      ]);
    }
  });

  it.each(["/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/model", COMMANDS])(
    "%s is answered under names of this machine alone",
    async (path) => {
      const { post, commands } = server();
      expect((await post(path, ROLLBACK, { host: "evil.example" })).status).toBe(403);
      expect(commands).toEqual([]);
      expect((await post(path, ROLLBACK, { host: "host.docker.internal" })).status).toBe(200);
    },
  );

  it.each(PATHS)("%s is not read by another site's page", async (path) => {
    const { ask } = server();
    expect((await ask(path, { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" } })).status).toBe(
      403,
    );
    expect((await ask(path, { headers: { origin: "https://evil.example" } })).status).toBe(403);
    const framed = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" };
    expect((await ask(path, { headers: framed })).status).toBe(403);
  });

  it("a person who follows a notice's link sees the status", async () => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    expect((await server().ask("/", { headers: link })).status).toBe(200);
    expect((await server().ask("/", { headers: { ...link, host: "evil.example" } })).status).toBe(403);
    const { post, commands } = server();
    expect((await post(COMMANDS, ROLLBACK, link)).status).toBe(403);
    expect(commands).toEqual([]);
  });

  it.each(["/healthz", "/readyz"])("%s is answered under every name: probes use the address of a pod", async (path) => {
    expect((await server().ask(path, { headers: { host: "10.0.0.7:4320" } })).status).toBe(200);
  });
});

describe("every answer", () => {
  it.each<[string, string, RequestInit & { headers?: Record<string, string> }, number]>([
    ["a page", "/", {}, 200],
    ["JSON", "/api/v1/status", {}, 200],
    ["metrics", "/metrics", {}, 200],
    ["a health check", "/healthz", {}, 200],
    ["a page that does not exist", "/none", {}, 404],
    ["a refusal", "/", { headers: { host: "evil.example" } }, 403],
    ["flags", "/ofrep/v1/evaluate/flags", { method: "POST", body: "{}" }, 200],
  ])("tells browsers to keep %s to themselves", async (_what, path, init, status) => {
    const answer = await server().ask(path, init);
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
      "content-security-policy": expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'/),
    });
  });
});

describe("with a token", () => {
  it("any name will do: a page in a browser does not have the token", async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, host: "leeway.internal" };
    expect((await server(TOKEN).ask("/api/v1/status", { headers })).status).toBe(200);
    const { post, commands } = server(TOKEN);
    expect((await post(COMMANDS, ROLLBACK, { ...headers, origin: "https://evil.example" })).status).toBe(403);
    expect(commands).toEqual([]);
    expect((await post(COMMANDS, ROLLBACK, { ...headers, origin: "https://leeway.internal" })).status).toBe(200);
  });

  it.each(["/", "/metrics", "/api/v1/status", "/api/v1/migrations/m", "/api/v1/migrations/m/flag"])(
    "%s asks for it",
    async (path) => {
      const { ask } = server(TOKEN, { explain: () => null });
      expect((await ask(path)).status).toBe(401);
      expect((await ask(path, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
      expect((await ask(path, { headers: { authorization: `Basic ${TOKEN}` } })).status).toBe(401);
      expect((await ask(path, { headers: { authorization: `Bearer ${TOKEN}` } })).status).not.toBe(401);
      expect((await ask(path, { headers: { "x-api-key": TOKEN } })).status).not.toBe(401);
    },
  );

  it("commands and flags ask for it, and say nothing else", async () => {
    const { post, commands } = server(TOKEN);
    for (const path of [COMMANDS, "/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/model"]) {
      const answer = await post(path, ROLLBACK);
      expect([answer.status, await answer.text()]).toEqual([401, expect.not.stringContaining(TOKEN)]);
    }
    expect(commands).toEqual([]);
    expect((await post(COMMANDS, ROLLBACK, { "x-api-key": TOKEN })).status).toBe(200);
  });

  it.each(["/healthz", "/readyz"])("%s does not: probes carry none", async (path) => {
    expect((await server(TOKEN).ask(path)).status).toBe(200);
  });
});

describe("with tokens of people", () => {
  const ANA = "token-of-ana";
  const token = { id: "1", sha256: "", createdAt: 0, createdBy: "", expiresAt: null, revokedAt: null, revokedBy: null };
  const people = (scope: Scope, problem = ""): TokenBook => ({
    ...NO_TOKENS,
    look: async (presented) =>
      presented === ANA && problem === ""
        ? { outcome: "known", token: { ...token, name: "ana@example.com", scope } }
        : { outcome: "unknown", why: problem },
    hasPeople: () => true,
    holders: () => ["bob"],
    contentHolders: () => ["carl"],
    problem: () => problem,
  });
  const asAna = { authorization: `Bearer ${ANA}` };

  it("a command is given by whom the token belongs to, never by whom its bearer names", async () => {
    const { post, commands } = server(null, { tokens: people("operate") });
    for (const by of ["bob", undefined, 7, "x".repeat(10_000)])
      expect((await post(COMMANDS, { ...ROLLBACK, by }, asAna)).status).toBe(200);
    const proven = { migration: "m", ...ROLLBACK, by: "ana@example.com", identity: "proven" };
    expect(commands).toEqual([proven, proven, proven, proven]);
  });

  it("a command without one is what its sender says, and known as that", async () => {
    const { post, commands } = server(null, { tokens: people("operate") });
    await post(COMMANDS, { ...ROLLBACK, by: "ana@example.com" });
    expect(commands).toEqual([{ migration: "m", ...ROLLBACK, by: "ana@example.com", identity: "unproven" }]);
  });

  it("what a scope does not hold is refused, with who has it", async () => {
    const { post, ask, commands } = server(TOKEN, { tokens: people("read"), scopeOf: () => "approve" });
    expect((await ask("/api/v1/status", { headers: asAna })).status).toBe(200);
    expect((await post("/ofrep/v1/evaluate/flags", {}, asAna)).status).toBe(200);
    for (const path of [COMMANDS, "/api/v1/silences", "/api/v1/test-alert"]) {
      const answer = await post(path, ROLLBACK, asAna);
      expect([answer.status, await answer.json()]).toEqual([
        403,
        { error: expect.stringMatching(/needs the scope operate; the token of ana@example\.com has read; .*bob/) },
      ]);
    }
    expect(commands).toEqual([]);
  });

  it("an advance that needs an approval is not made without one, and a rollback is", async () => {
    const scopeOf = (_name: string, command: Command) => (command === "advance" ? "approve" : "operate");
    const { post, commands } = server(null, { tokens: people("operate"), scopeOf });
    for (const headers of [asAna, {}])
      expect((await post(COMMANDS, { ...ROLLBACK, command: "advance" }, headers)).status).toBe(403);
    expect((await post(COMMANDS, ROLLBACK)).status).toBe(200);
    expect(commands).toHaveLength(1);
  });

  it("a file of tokens that is broken stops no rollback of this machine, and lets nobody approve", async () => {
    const tokens = people("admin", "tokens.json is no JSON");
    const { post } = server(null, {
      tokens,
      scopeOf: (_name, command) => (command === "rollback" ? "operate" : "approve"),
    });
    expect((await post(COMMANDS, ROLLBACK, asAna)).status).toBe(200);
    const answer = await post(COMMANDS, { ...ROLLBACK, command: "rearm" }, asAna);
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { error: expect.stringContaining("tokens.json is no JSON") },
    ]);
    const remote = server(TOKEN, { tokens });
    expect((await remote.post(COMMANDS, ROLLBACK, asAna)).status).toBe(401);
    expect((await remote.post(COMMANDS, ROLLBACK, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });

  it("an enormous header knows nobody", async () => {
    const { ask } = server(TOKEN);
    expect((await ask("/", { headers: { authorization: `Bearer ${"x".repeat(1_000_000)}` } })).status).toBe(401);
  });
});

describe("flags over HTTP", () => {
  it("are evaluated one by one and all together, with ETag and 304", async () => {
    const { post } = server();
    const context = { context: { targetingKey: "user-1" } };
    expect(await (await post("/ofrep/v1/evaluate/flags/model", context)).json()).toMatchObject({
      key: "model",
      value: "new",
      variant: "canary",
    });
    const all = await post("/ofrep/v1/evaluate/flags", context);
    expect(await all.json()).toMatchObject({ flags: [{ key: "model", variant: "canary" }] });
    const again = await post("/ofrep/v1/evaluate/flags", context, { "if-none-match": all.headers.get("etag") ?? "" });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it.each([
    ["an unknown flag", "/ofrep/v1/evaluate/flags/none", {}, 404, "FLAG_NOT_FOUND"],
    ["no object", "/ofrep/v1/evaluate/flags/model", 5, 400, "PARSE_ERROR"],
    ["a context of the wrong type", "/ofrep/v1/evaluate/flags/model", { context: 5 }, 400, "INVALID_CONTEXT"],
  ])("answer %s as the protocol says", async (_what, path, body, status, errorCode) => {
    const answer = await server().post(path, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ errorCode });
  });
});
