import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { freePort } from "../package/start-agent.ts";
import { leeway, type RunningLeeway, startLeeway } from "./leeway.ts";

const TOKEN = "a-token-of-the-test";
let folder: string;
let agent: RunningLeeway;
let url: string;

const settings = async (): Promise<string> => {
  const [store, collector, port] = [await freePort(), await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  return [
    `store: { port: ${store} }`,
    `collector: { listen: "127.0.0.1:${collector}" }`,
    `agent: { listen: "127.0.0.1:${port}", tick: 1s, settle: 100ms, token: ${TOKEN} }`,
    "",
  ].join("\n");
};

beforeAll(async () => {
  folder = temporaryDirectory({ "leeway.yaml": await settings(), "migrations/m.yaml": documentText() });
  agent = await startLeeway(folder);
});
afterAll(() => agent?.stop());

const run = (...args: readonly string[]) => leeway(folder, args);
const oneLine = (pattern: RegExp) => expect.stringMatching(new RegExp(`^${pattern.source}\\n$`));

describe("a running agent", () => {
  it("said in one line where it listens", () => {
    const up = agent
      .stderr()
      .split("\n")
      .filter((line) => line.includes("the agent is up"));
    expect(up).toEqual([expect.stringContaining(`status="${url}"`)]);
    expect(agent.stderr()).not.toContain(TOKEN);
  });

  it("shows its status: exit 0 while all is well", async () => {
    const { code, stdout, stderr } = await run("status");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("m: ");
    expect(stdout).toContain("stage 1 of 2 (canary 5%); canary share set 5%");
    const json = JSON.parse((await run("status", "m", "--json")).stdout);
    expect(json).toMatchObject({
      schema: "leeway.status/1",
      problems: [],
      migrations: [{ name: "m", standing: "running" }],
    });
  });

  it("explains its verdicts, all of them or one", async () => {
    const { code, stdout } = await run("explain", "m", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "leeway.explain/1",
      migration: { name: "m" },
      rules: [{ id: "error", title: "error at most 5%" }],
      ledger: expect.arrayContaining([
        expect.objectContaining({ event: expect.objectContaining({ type: "started" }) }),
      ]),
    });
    const one = async () => (await run("explain", "m", "error")).stdout;
    await expect
      .poll(one, { interval: 500 })
      .toMatch(/error: undecided \(no data\)[\s\S]+breach +log e-value none yet, 4\.6052 needed/);
  });

  it("asks the flag's system for the flag, or this command does", async () => {
    const { code, stdout } = await run("flag", "m");
    expect(stdout).toMatch(/^m: flag model on builtin, asked by the agent at 2\S+Z\n/);
    expect(stdout).toMatch(/ {2}serves +5% to the candidate; on; revision \w+\n/);
    expect(stdout).toMatch(
      / {2}wanted +5%: Running \(stage 1 of 2\)\n {2}agrees +yes\n {2}rollback +the canary's share is set to 0%/,
    );
    expect([code, stdout]).toEqual([0, expect.not.stringMatching(/PROBLEM|NOT KNOWN/)]);
    const direct = await run("flag", "m", "--direct", "--json");
    expect([direct.code, JSON.parse(direct.stdout)]).toMatchObject([
      4,
      { agrees: true, by: "this command, with leeway.yaml", unknown: ["whether an agent serves it: none was asked"] },
    ]);
  });

  it("does what a person says, with the reason on record, and status exits 1 while it is rolled back", async () => {
    expect(await run("pause", "m", "--reason", "lunch", "--by", "ana")).toEqual({
      code: 0,
      stdout: "m: paused; rollback rules are judged on\n",
      stderr: "",
    });
    expect((await run("resume", "m", "--reason", "back")).code).toBe(0);
    const rolledBack = await run("rollback", "m", "--reason", "users complain", "--by", "ana");
    expect([rolledBack.code, rolledBack.stdout]).toEqual([0, oneLine(/m: rolled back; .+/)]);
    const status = await run("status");
    expect(status.code).toBe(1);
    expect(status.stdout).toContain("incident, as decided: ana (unverified): users complain");
    const refused = await run("rollback", "m", "--reason", "again");
    expect(refused).toEqual({
      code: 1,
      stdout: "",
      stderr: oneLine(/m: it is rolled back; nothing moves until it is re-armed/),
    });
    const rearmed = await run("rearm", "m", "--reason", "fixed");
    expect([rearmed.code, rearmed.stdout]).toEqual([0, "m: re-armed at its first stage\n"]);
    const early = await run("advance", "m", "--reason", "go", "--stage", "2");
    expect(early).toEqual({
      code: 1,
      stdout: "",
      stderr: "m: advance was given for stage 2 of 2; it is at stage 1 now\n",
    });
    expect((await run("advance", "m", "--reason", "go")).stdout).toBe("m: advanced to the next stage\n");
    expect((await run("status")).code).toBe(0);
    const { ledger } = JSON.parse((await run("explain", "m", "--json")).stdout);
    const commands = ledger.filter((entry: { event: { type: string } }) => entry.event.type === "command");
    expect(commands.map((entry: { event: { command: string } }) => entry.event.command)).toEqual([
      "pause",
      "resume",
      "rollback",
      "rearm",
      "advance",
    ]);
    expect(commands[2]).toMatchObject({ by: "ana (unverified)", event: { reason: "users complain" } });
    expect(commands[4]).toMatchObject({ event: { stage: 0, key: expect.any(String) } });
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ["a migration nobody declared", ["status", "none"], 2, /no migration none; expected one of: m/],
    ["in flag", ["flag", "none"], 2, /no migration none is declared/],
    ["in explain", ["explain", "none"], 2, /no migration none is declared/],
    ["in a command", ["pause", "none", "--reason", "x"], 2, /no migration none is declared/],
    ["an unknown rule", ["explain", "m", "errr"], 2, /no rule errr in m; expected one of: error/],
    [
      "a command without reason, where nobody can be asked",
      ["pause", "m"],
      2,
      /leeway pause m: no reason; expected --reason ".+/,
    ],
    [
      "a stage that is none",
      ["advance", "m", "--reason", "x", "--stage", "1.5"],
      2,
      /--stage: "1.5"; expected a number from 1 as leeway status shows it, or 0 to approve the first/,
    ],
    ["an empty reason", ["pause", "m", "--reason", " "], 2, /leeway pause m: no reason; expected --reason ".+/],
    ["a command that makes no sense", ["resume", "m", "--reason", "x"], 1, /m: it is not paused/],
    [
      "an address that is none",
      ["status", "--agent", "localhost"],
      2,
      /--agent: "localhost"; expected a URL such as .+/,
    ],
    [
      "an address where nobody is",
      ["status", "--agent", "http://127.0.0.1:1"],
      3,
      /http:\/\/127\.0\.0\.1:1: no agent answers; start it with "leeway start", or .+/,
    ],
  ])("answers %s in one line", async (_what, args, code, expected) => {
    expect(await run(...args)).toEqual({ code, stdout: "", stderr: oneLine(expected) });
  });

  it("asks for its token, and never repeats it", async () => {
    const wrong = await leeway(folder, ["status"], { LEEWAY_AGENT_TOKEN: "not-the-token" });
    expect(wrong).toEqual({
      code: 2,
      stdout: "",
      stderr: oneLine(/.+: the agent does not take this token; set LEEWAY_AGENT_TOKEN to a token .+/),
    });
    const elsewhere = temporaryDirectory();
    expect((await leeway(elsewhere, ["status", "--agent", `${url}/`], { LEEWAY_AGENT_TOKEN: TOKEN })).code).toBe(0);
    expect((await leeway(elsewhere, ["status"])).stderr).toBe(
      'leeway.yaml: cannot be read (ENOENT); "leeway init" writes one\n',
    );
  });

  it("is not started a second time in the same folder, and the first one goes on", async () => {
    const second = await run("start");
    expect([second.code, second.stdout]).toEqual([2, ""]);
    expect(second.stderr).toMatch(/^store\.(dir|port): .+ in use/);
    expect((await run("status")).code).toBe(0);
  });

  it("ends on SIGTERM with exit 0, and then nobody answers", async () => {
    expect(await agent.stop("SIGTERM")).toBe(0);
    expect(agent.stderr()).toContain("stopping");
    expect((await run("status")).code).toBe(3);
    const flag = await run("flag", "m");
    expect(flag.code).toBe(1);
    expect(flag.stderr).toMatch(/no agent answers.+; the flag system is asked from here\n$/);
    expect(flag.stdout).toMatch(
      /^m: flag model on builtin, asked by this command, with leeway\.yaml, as no agent answers at /,
    );
    expect(flag.stdout).toMatch(/serves +50% to the candidate/);
    expect(flag.stdout).toContain("PROBLEM: the agent serves this flag itself, and none answers");
    expect(flag.stdout).toContain("NOT KNOWN: what it should serve: no agent runs here");
  });

  it("comes back where it stood, and ends on SIGINT too", async () => {
    agent = await startLeeway(folder);
    expect((await run("status")).stdout).toContain("stage 2 of 2 (canary 50%)");
    expect(await agent.stop("SIGINT")).toBe(0);
  });
});
