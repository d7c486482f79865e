import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../../agent/config/load-config.ts";
import { type Agent, createAgent } from "../../../agent/create-agent.ts";
import type { StatusView } from "../../../status/status-page.ts";
import { recordingLog } from "../../store/recording-log.ts";
import { giveToken } from "../access/tokens-in.ts";
import { documentText } from "../config/documents.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const SETTINGS = `
store: { port: 0 }
collector: { listen: "127.0.0.1:0" }
agent: { listen: "127.0.0.1:0", tick: 1s, settle: 100ms }
`;

const CHANGED = documentText({
  rules: "rules: [{ signal: error, limit: 50%, unit: absolute, severity: rollback }]",
});

const OTHER = documentText({
  migration: "migration: other",
  match: "match: { service: other-api }",
  route: "route: { flag: other, target: builtin }",
});

const open: Agent[] = [];
const closeAll = async (): Promise<void> => void (await Promise.all(open.splice(0).map((agent) => agent.close())));
afterEach(closeAll);

const start = async (folder: string): Promise<Agent> => {
  const { log } = recordingLog();
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  const agent = await createAgent(loadConfig(join(folder, "leeway.yaml"), {}), {
    now: Date.now,
    log,
    stdout,
    version: "1.2.3",
  });
  open.push(agent);
  return agent;
};

const statusOf = async ({ url }: Agent): Promise<StatusView> =>
  (await (await fetch(`${url}/api/v1/status`)).json()) as StatusView;

const served = async ({ url }: Agent, flag = "model"): Promise<number> =>
  (
    await fetch(`${url}/ofrep/v1/evaluate/flags/${flag}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ context: { targetingKey: "u" } }),
    })
  ).status;

const metricsOf = async ({ url }: Agent): Promise<string> => (await fetch(`${url}/metrics`)).text();

/** Ids of what people are told of changed documents. */
const toldOf = ({ runners }: Agent): readonly string[] =>
  runners
    .flatMap(({ history }) => history.entries())
    .flatMap(({ event }) =>
      event.type === "notice" && event.notice.id.includes("/revision/") ? [event.notice.id] : [],
    );

const startedFolder = async (): Promise<string> => {
  const folder = temporaryDirectory({ "leeway.yaml": SETTINGS, "migrations/m.yaml": documentText() });
  await start(folder);
  await closeAll();
  return folder;
};

describe("a document that is not what its migration was started with", () => {
  it.each([
    [
      "edited",
      (path: string) => writeFileSync(path, CHANGED),
      /^m: .*migrations\/m\.yaml was changed after it started \(looser: rule error: error at most 50%/,
    ],
    ["broken", (path: string) => writeFileSync(path, "migration: m\nowner: [\n"), /^m: .*m\.yaml: line/],
    ["removed", (path: string) => rmSync(path), /^m: .*migrations\/m\.yaml is gone/],
  ])(
    "%s while the agent was down: it goes on as it was, beside a new one",
    { tags: ["soak"] },
    async (_what, edit, problem) => {
      const folder = await startedFolder();
      edit(join(folder, "migrations/m.yaml"));
      writeFileSync(join(folder, "migrations/other.yaml"), OTHER);
      const agent = await start(folder);
      const { migrations, problems } = await statusOf(agent);
      expect(migrations.map(({ name }) => name).toSorted()).toEqual(["m", "other"]);
      expect(migrations.find(({ name }) => name === "m")).toMatchObject({ shareConfigured: 0.05 });
      const running = agent.runners.find(({ migration }) => migration.name === "m");
      expect(running?.migration.rules.map(({ limit }) => limit)).toEqual([0.05]);
      expect(problems.join("\n")).toMatch(new RegExp(problem.source, "m"));
      expect([await served(agent), await served(agent, "other")]).toEqual([200, 200]);
    },
  );

  it("edited and broken under a running agent, beside a new one and a removed one", async () => {
    const folder = temporaryDirectory({ "leeway.yaml": SETTINGS, "migrations/m.yaml": documentText() });
    const path = join(folder, "migrations/m.yaml");
    const agent = await start(folder);
    const lines = async (): Promise<string> => (await statusOf(agent)).problems.join("\n");

    writeFileSync(path, CHANGED.slice(0, 60));
    writeFileSync(path, CHANGED);
    writeFileSync(join(folder, "migrations/other.yaml"), OTHER);
    await expect.poll(() => served(agent, "other")).toBe(200);
    await expect.poll(lines).toMatch(/m\.yaml was changed after it started \(looser: /);
    const waits = async () =>
      /^leeway_migration_revision_pending\{migration="m"\} (\d)/m.exec(await metricsOf(agent))?.[1];
    await expect.poll(waits).toBe("1");
    await expect.poll(() => toldOf(agent)).toEqual([expect.stringMatching(/\/revision\/1\/[0-9a-f]{8}$/)]);

    writeFileSync(path, "migration: m\nowner: [\n");
    await expect.poll(lines).toMatch(/^m: .*m\.yaml: line /m);
    rmSync(join(folder, "migrations"), { recursive: true });
    await expect.poll(lines).toMatch(/^other: .*other\.yaml is gone/m);
    expect([await served(agent), await served(agent, "other")]).toEqual([200, 200]);

    mkdirSync(join(folder, "migrations"));
    writeFileSync(path, documentText());
    writeFileSync(join(folder, "migrations/other.yaml"), OTHER);
    writeFileSync(join(folder, "leeway.yaml"), `${SETTINGS}# changed\n`);
    await agent.reload();
    expect(await lines()).toMatch(/^\S*leeway\.yaml was changed, and is read at the start alone: restart the agent/);
    expect(await lines()).not.toMatch(/m\.yaml|other\.yaml/);
    expect(agent.runners.map(({ migration }) => migration.rules[0]?.limit)).toEqual([0.05, 0.05]);
    await expect.poll(waits).toBe("0");
    await expect
      .poll(() => toldOf(agent).slice(1))
      .toEqual([expect.stringMatching(/\/revision\/1\/[0-9a-f]{8}\/gone$/)]);
  });

  it("a changed one is taken up by a person's word, and stays it across a restart without its file", async () => {
    const folder = await startedFolder();
    writeFileSync(join(folder, "migrations/m.yaml"), CHANGED);
    const limits = (agent: Agent) => agent.runners.map(({ migration }) => migration.rules[0]?.limit);
    const agent = await start(folder);
    const revise = () =>
      fetch(`${agent.url}/api/v1/migrations/m/commands`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ command: "revise", reason: "the old limit was a typo", by: "ana" }),
      });
    expect(limits(agent)).toEqual([0.05]);
    expect(await (await revise()).json()).toEqual({ outcome: "done", problem: "" });
    expect(limits(agent)).toEqual([0.5]);
    expect(await (await revise()).json()).toEqual({ error: expect.stringMatching(/there is nothing to take up/) });
    expect((await statusOf(agent)).problems.join()).not.toMatch(/m\.yaml/);
    await closeAll();
    rmSync(join(folder, "migrations/m.yaml"));
    expect(limits(await start(folder))).toEqual([0.5]);
  });

  it("under four eyes it takes two people's tokens, of one content, also across a restart", async () => {
    const people = "approvers: [ana, bob]\nfourEyes: true";
    const folder = temporaryDirectory({ "leeway.yaml": SETTINGS, "migrations/m.yaml": documentText({}, people) });
    const path = join(folder, "migrations/m.yaml");
    const limited = (limit: string): string =>
      documentText(
        { rules: `rules: [{ signal: error, limit: ${limit}, unit: absolute, severity: rollback }]` },
        people,
      );
    const tokens = new Map<string, string>();
    for (const name of ["ana", "bob"]) {
      tokens.set(name, (await giveToken(join(folder, ".leeway"), { name, createdAt: Date.now() })).token);
    }
    const limit = ({ runners }: Agent) => runners[0]?.migration.rules[0]?.limit;
    const revise = async ({ url }: Agent, by: string): Promise<{ error?: string; problem?: string }> => {
      const token = tokens.get(by);
      const answer = await fetch(`${url}/api/v1/migrations/m/commands`, {
        method: "POST",
        headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify({ command: "revise", reason: "a typo", by }),
      });
      return (await answer.json()) as { error?: string; problem?: string };
    };
    const first = await start(folder);
    await expect.poll(() => first.runners[0]?.history.state().hash).toBeTruthy();
    writeFileSync(path, limited("50%"));
    await first.reload();
    expect((await revise(first, "carl")).error).toMatch(/people have tokens here|only said/);
    expect((await revise(first, "ana")).problem).toMatch(/^asked for by ana; under four eyes .*\(bob\)$/);
    expect((await revise(first, "ana")).error).toMatch(/ana approved it already: it still needs bob/);
    expect(limit(first)).toBe(0.05);
    await closeAll();
    // What the second one sees is another content: the first one's word is not for that.
    writeFileSync(path, limited("90%"));
    const second = await start(folder);
    expect((await revise(second, "bob")).problem).toMatch(/^asked for by bob/);
    expect(limit(second)).toBe(0.05);
    writeFileSync(path, limited("50%"));
    await second.reload();
    expect(await revise(second, "bob")).toEqual({ outcome: "done", problem: "" });
    expect(limit(second)).toBe(0.5);
    expect(second.runners[0]?.history.state().askedBy).toEqual(["ana"]);
  });

  it("a document that never was valid keeps nothing else from running", async () => {
    const folder = temporaryDirectory({
      "leeway.yaml": SETTINGS,
      "migrations/m.yaml": documentText(),
      "migrations/new.yaml": "migration: new\n",
    });
    const agent = await start(folder);
    const { migrations, problems } = await statusOf(agent);
    expect(migrations.map(({ name }) => name)).toEqual(["m"]);
    expect(problems.join("\n")).toMatch(/^migrations\/new\.yaml: owner: missing|new\.yaml: owner: missing/m);
    expect(await served(agent)).toBe(200);
  });
});
