import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../agent/config/load-config.ts";
import { type Agent, createAgent } from "../../agent/create-agent.ts";
import { openJournal } from "../../alerts/journal/open-journal.ts";
import { askOverHttp } from "../../cli/ask-over-http.ts";
import type { StatusView } from "../../status/status-page.ts";
import { chatSpan, jsonRequest } from "../collector/otlp-request.ts";
import { aCertificate } from "../http/a-certificate.ts";
import { recordingLog } from "../store/recording-log.ts";
import { documentText } from "./config/documents.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const settingsText = (agentPort = 0): string => `
store: { port: 0 }
collector: { listen: "127.0.0.1:0" }
agent: { listen: "127.0.0.1:${agentPort}", tick: 1s, settle: 100ms }
alerts: [{ type: stdout }]
`;

const open: Agent[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((agent) => agent.close()));
});

const folderWith = (document = documentText(), settings = settingsText()): string =>
  temporaryDirectory({ "leeway.yaml": settings, "migrations/m.yaml": document });

const start = async (folder: string) => {
  const { log, messages } = recordingLog();
  let printed = "";
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      printed += String(chunk);
      done();
    },
  });
  const agent = await createAgent(loadConfig(join(folder, "leeway.yaml"), {}), {
    now: Date.now,
    log,
    stdout,
    version: "1.2.3",
  });
  open.push(agent);
  return { agent, messages, printed: () => printed };
};

const close = async (agent: Agent): Promise<void> => {
  open.splice(open.indexOf(agent), 1);
  await agent.close();
};

const statusOf = async ({ url }: Agent): Promise<StatusView> =>
  (await (await fetch(`${url}/api/v1/status`)).json()) as StatusView;

const sendCalls = async (agent: Agent, cohort: string, ids: readonly number[]): Promise<number> => {
  const endMs = Date.now();
  const spans = ids.map((n) => ({ ...chatSpan(n, { "leeway.cohort": cohort }), startMs: endMs - 200, endMs }));
  const { status } = await fetch(`${agent.collectorUrl}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(jsonRequest(spans)),
  });
  return status;
};

/** What this process holds open, by kind; timers come and go. */
const held = (): readonly string[] =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => ["ProcessWrap", "TCPServerWrap", "Pipe"].includes(kind))
    .sort();

const isFree = async (url: string): Promise<boolean> => {
  const server = createServer();
  const { port, hostname } = new URL(url);
  server.listen(Number(port), hostname);
  const listening = await Promise.race([
    once(server, "listening").then(() => true),
    once(server, "error").then(() => false),
  ]);
  if (listening) await new Promise((resolve) => server.close(resolve));
  return listening;
};

describe("an agent on embedded parts", () => {
  it("gives a sign of life where it is told to, once it judges, and shows the address nowhere", async () => {
    const asked: string[] = [];
    const server = createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const heartbeat = `heartbeat: { url: "http://127.0.0.1:${port}/s3cr3t", every: 10s }`;
    const { agent, messages } = await start(folderWith(documentText(), `${settingsText()}${heartbeat}\n`));
    await expect.poll(() => asked[0]).toBe("GET /s3cr3t");
    const metrics = await (await fetch(`${agent.url}/metrics`)).text();
    expect(metrics).toMatch(/^leeway_heartbeat_last_success_seconds \d+/m);
    expect(JSON.stringify([await statusOf(agent), messages])).not.toContain("s3cr3t");
    server.close();
  });

  it("sets the flag before it is up, takes OTLP in and shows the calls", async () => {
    const { agent, printed } = await start(folderWith());
    const flags = await fetch(`${agent.url}/ofrep/v1/evaluate/flags/model`, {
      method: "POST",
      body: JSON.stringify({ context: { targetingKey: "user-1" } }),
    });
    expect(await flags.json()).toMatchObject({ reason: "SPLIT", metadata: { share: 0.05 } });
    expect((await fetch(`${agent.url}/readyz`)).status).toBe(200);

    expect(await sendCalls(agent, "canary", [1, 2])).toBe(200);
    expect(await sendCalls(agent, "baseline", [3, 4, 5])).toBe(200);
    const calls = async () => (await statusOf(agent)).migrations[0]?.calls;
    await expect.poll(calls).toEqual({ canary: 2, baseline: 3 });
    await expect.poll(async () => (await statusOf(agent)).migrations[0]?.lastTick).not.toBeNull();
    const status = await statusOf(agent);
    expect(status).toMatchObject({ version: "1.2.3", problems: [] });
    expect(status.migrations[0]).toMatchObject({
      name: "m",
      standing: "running",
      stage: "canary 5%",
      shareConfigured: 0.05,
    });
    expect(await (await fetch(`${agent.url}/metrics`)).text()).toContain("leeway_rows_acknowledged_total 5\n");
    expect(await (await fetch(agent.url)).text()).toContain("<h2>m</h2>");
    await expect.poll(printed).toContain("[stage] m: stage 1 of 2, canary 5%");
    expect(printed()).toContain(`${agent.url}/`);
  });

  it("leaves nothing behind when it is closed, and a new one goes on from the same place", {
    tags: ["soak"],
  }, async () => {
    const folder = folderWith();
    const before = held();
    const first = await start(folder);
    await sendCalls(first.agent, "baseline", [1, 2, 3]);
    await close(first.agent);
    expect(held()).toEqual(before);
    for (const url of [first.agent.url, first.agent.collectorUrl, first.agent.store.endpoint.url])
      expect(await isFree(url)).toBe(true);

    const second = await start(folder);
    await expect.poll(async () => (await statusOf(second.agent)).migrations[0]?.calls?.baseline).toBe(3);
    expect(await second.agent.store.query("SELECT count() AS n FROM ledger WHERE type = 'started'")).toEqual([
      { n: 1 },
    ]);
    expect(second.printed()).toBe("");
  });

  it("refuses a directory that another agent uses, and the first one goes on", async () => {
    const folder = folderWith();
    const { agent } = await start(folder);
    const before = held();
    await expect(start(folder)).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringContaining("is in use by"),
    });
    expect(held()).toEqual(before);
    expect(await sendCalls(agent, "canary", [1])).toBe(200);
    await expect.poll(async () => (await statusOf(agent)).migrations[0]?.calls?.canary).toBe(1);
  });

  it("closes everything again when it cannot start", { tags: ["soak"] }, async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as { readonly port: number };
    const folder = folderWith(documentText(), settingsText(port));
    const before = held();
    await expect(start(folder)).rejects.toMatchObject({
      code: "listen-failed",
      message: expect.stringContaining(`:${port} is in use`),
    });
    expect(held()).toEqual(before);
    await new Promise((resolve) => blocker.close(resolve));
    const { agent } = await start(folder);
    expect((await fetch(`${agent.url}/healthz`)).status).toBe(200);
  });

  it("speaks https on both listeners, and its notices link there", async () => {
    const { cert, key } = aCertificate();
    const tls = "tls: { cert: a.crt, key: a.key }";
    const settings = settingsText().replaceAll('"127.0.0.1:0"', `"127.0.0.1:0", ${tls}`);
    const folder = temporaryDirectory({
      ...{ "leeway.yaml": settings, "migrations/m.yaml": documentText() },
      ...{ "a.crt": cert, "a.key": key },
    });
    const { agent, printed } = await start(folder);
    expect([agent.url, agent.collectorUrl]).toEqual([
      expect.stringMatching(/^https:/),
      expect.stringMatching(/^https:/),
    ]);
    const ask = (url: string, body = "") =>
      askOverHttp(
        url,
        {
          method: body === "" ? "GET" : "POST",
          headers: { "content-type": "application/json" },
          body,
          timeoutMs: 10_000,
        },
        { by: "certificate", pem: cert },
      );
    expect((await ask(`${agent.url}/healthz`)).status).toBe(200);
    const metrics = (await ask(`${agent.url}/metrics`)).body;
    expect(metrics).toMatch(/^leeway_connections_limit\{listener="agent"\} [1-9]/m);
    expect(metrics).toMatch(/^leeway_connections\{listener="collector"\} 0$/m);
    const body = JSON.stringify(jsonRequest([chatSpan(1)]));
    expect((await ask(`${agent.collectorUrl}/v1/traces`, body)).status).toBe(200);
    await expect.poll(printed).toContain(`${agent.url}/`);
  });

  it("cannot start without its store, but what its journal says is rolled back is off, and nobody serves more", async () => {
    const dead = createServer().listen(0, "127.0.0.1");
    await once(dead, "listening");
    const { port } = dead.address() as { readonly port: number };
    await new Promise((resolve) => dead.close(resolve));
    const folder = folderWith(documentText(), settingsText().replace("port: 0", `url: "http://127.0.0.1:${port}"`));
    const flags = join(folder, ".leeway", "flags.json");
    mkdirSync(join(folder, ".leeway"));
    writeFileSync(flags, JSON.stringify({ version: 1, flags: { model: { share: 0.05, writes: 1 } } }));
    const leave = async (...commands: readonly ("rollback" | "rearm")[]): Promise<void> => {
      const file = join(folder, ".leeway", "journal", "entries.jsonl");
      const journal = await openJournal({ file }, { log: recordingLog().log });
      await journal.add(
        commands.map((command, at) => ({
          id: `m:${command}`,
          at,
          migration: "m",
          by: "ana",
          incident: "m:1",
          event: { type: "command", command, reason: "users complain" },
        })),
      );
      await journal.close();
    };
    const share = (): number => JSON.parse(readFileSync(flags, "utf8")).flags.model.share;
    await expect(start(folder)).rejects.toMatchObject({ code: "store-unavailable" });
    expect(share()).toBe(0.05);
    await leave("rollback");
    await expect(start(folder)).rejects.toMatchObject({ code: "store-unavailable" });
    expect(share()).toBe(0);
    writeFileSync(flags, JSON.stringify({ version: 1, flags: { model: { share: 0.05, writes: 3 } } }));
    await leave("rearm");
    await expect(start(folder)).rejects.toMatchObject({ code: "store-unavailable" });
    expect(share()).toBe(0.05);
  });

  it("goes on with what an earlier run left in the journal: the latch holds before a flag is served", {
    tags: ["soak"],
  }, async () => {
    const folder = folderWith();
    const first = await start(folder);
    const started = first.agent.runners[0]?.history.incident() ?? "";
    await close(first.agent);
    const journal = await openJournal(
      { file: join(folder, ".leeway", "journal", "entries.jsonl") },
      { log: recordingLog().log },
    );
    const event = { type: "command", command: "rollback", reason: "users complain" } as const;
    const entry = { id: "m:left", at: Date.now(), migration: "m", by: "ana", incident: started, event };
    expect(await journal.add([entry])).toBe("");
    await journal.close();

    const { agent, printed } = await start(folder);
    expect((await statusOf(agent)).migrations[0]).toMatchObject({ standing: "rolling-back", shareConfigured: 0 });
    const answer = await fetch(`${agent.url}/ofrep/v1/evaluate/flags/model`, {
      method: "POST",
      body: JSON.stringify({ context: { targetingKey: "user-1" } }),
    });
    expect(await answer.json()).toMatchObject({ variant: "baseline", metadata: { share: 0 } });
    expect(await agent.store.query("SELECT id FROM ledger WHERE type = 'command'")).toEqual([{ id: "m:left" }]);
    await expect.poll(printed).toContain("[rollback] Rolled back m: by ana");
    expect(printed()).not.toContain("[page]");
  });

  it("refuses a journal that another agent on the same server and folder uses", async () => {
    const folder = folderWith();
    const { agent } = await start(folder);
    const settings = settingsText().replace("port: 0", `url: "${agent.store.endpoint.url}"`);
    writeFileSync(
      join(folder, "leeway.yaml"),
      settings.replace('listen: "127.0.0.1:0" }', 'listen: "127.0.0.1:0", spool: { dir: other } }'),
    );
    await expect(start(folder)).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringMatching(
        /is in use by the agent with process id \d+; stop it, or give this agent a store\.dir/,
      ),
    });
  });
});
