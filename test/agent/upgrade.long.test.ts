import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../agent/config/load-config.ts";
import { type Agent, createAgent } from "../../agent/create-agent.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { openStore } from "../../store/open-store.ts";
import { recordingLog } from "../store/recording-log.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** What version 0.1 had when it was ended: a migration rolled back, and a second Slack channel that could not be reached. */
const earlier = (file: string): string =>
  readFileSync(new URL(`../fixtures/earlier/v1/${file}`, import.meta.url), "utf8");

const LEDGER: readonly LedgerEntry[] = earlier("support-answers.ledger.jsonl")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A Slack that says ok, and what it was told, by path. */
const slack = async (): Promise<{ readonly url: string; readonly told: (path: string) => readonly string[] }> => {
  const told: (readonly [path: string, text: string])[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    told.push([request.url ?? "", JSON.parse(body).text]);
    response.end("ok");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    told: (path) => told.filter(([at]) => at === path).map(([, text]) => text),
  };
};

const folderWith = (url: string, document: string): string =>
  temporaryDirectory({
    "leeway.yaml": `
store: { port: 0 }
collector: { listen: "127.0.0.1:0" }
agent: { listen: "127.0.0.1:0", tick: 1s, settle: 100ms }
flags: { builtin: { type: ofrep } }
alerts:
  - { type: slack, url: "${url}/first" }
  - { type: slack, url: "${url}/second" }
  - { type: stdout }
`,
    "migrations/support-answers.yaml": document,
  });

const withLedger = async (folder: string, entries: readonly LedgerEntry[]): Promise<void> => {
  const { settings } = loadConfig(join(folder, "leeway.yaml"), {});
  const elapsed = () => performance.now();
  const store = await openStore(settings.store, { now: Date.now, elapsed, log: recordingLog().log });
  await store.appendLedger(entries);
  await store.close();
};

const start = async (folder: string): Promise<Agent> => {
  const stdout = { write: (_text: string, done: () => void) => done() };
  const { log } = recordingLog();
  const config = loadConfig(join(folder, "leeway.yaml"), {});
  const agent = await createAgent(config, { now: Date.now, log, stdout, version: "1.2.3" });
  closers.push(agent.close);
  return agent;
};

describe("a folder of version 0.1 under this version", () => {
  it("goes on: the latch holds, what was undelivered arrives where it was meant to, and nothing is told twice", async () => {
    const { url, told } = await slack();
    const folder = folderWith(url, earlier("support-answers.yaml"));
    await withLedger(folder, LEDGER);
    const agent = await start(folder);

    const history = agent.runners[0]?.history;
    expect(history?.state()).toMatchObject({ rollback: { isConfirmed: true } });
    const titles = [
      "support-answers: stage 1 of 2, canary 5%",
      "support-answers: stage 2 of 2, canary 50%",
      "Rolled back support-answers: by lead@example.org",
    ];
    const isOld = (text: string): boolean => titles.some((title) => text.includes(title));
    // The urgent ones come first, those of the latched rollback among them.
    await expect.poll(() => told("/second").filter(isOld).length).toBe(3);
    expect(told("/first").filter(isOld)).toEqual([]);

    // Called by its new hash from now on, so that its owner may change.
    expect(history?.state().hash).toBe(agent.runners[0]?.migration.hash);
    expect(history?.entries().filter(({ event }) => event.type === "rehashed")).toHaveLength(1);
  });

  it("says what to do when its owner changed together with the version", async () => {
    const { url } = await slack();
    const folder = folderWith(url, earlier("support-answers.yaml").replace("support-team", "another-team"));
    await withLedger(folder, LEDGER);
    const agent = await start(folder);
    await expect.poll(() => agent.runners[0]?.problem()).toMatch(/held: its document was changed after it was started/);
    // No document of its own is known, so nothing may move but downwards; the latch is as it was.
    expect(agent.runners[0]?.history.state().rollback).not.toBeNull();
  });
});
