// @module-tag soak
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { MigrationView, StatusView } from "../../status/status-page.ts";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { cleanEnvironment, runProcess } from "../package/run-process.ts";
import { freePort } from "../package/start-agent.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
});

/** A `leeway start` whose pipes the test holds, and what it is asked. */
const startAgent = async (nodeArguments: readonly string[] = []) => {
  const [store, collector, port] = [await freePort(), await freePort(), await freePort()];
  const cwd = temporaryDirectory({
    "leeway.yaml": [
      `store: { port: ${store} }`,
      `collector: { listen: "127.0.0.1:${collector}" }`,
      `agent: { listen: "127.0.0.1:${port}", tick: 1s, settle: 100ms }`,
      "alerts: [{ type: stdout }]",
      "",
    ].join("\n"),
    "migrations/m.yaml": documentText(),
  });
  const child = spawn(process.execPath, [...nodeArguments, MAIN, "start"], {
    cwd,
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  const get = (path: string): Promise<Response> => fetch(`${url}${path}`);
  const migration = async (): Promise<MigrationView> => {
    const { migrations } = (await (await get("/api/v1/status")).json()) as StatusView;
    const [only] = migrations;
    if (only === undefined) throw new Error("no migration");
    return only;
  };
  return { child, cwd, url, get, migration };
};

const isUp = ({ get }: Awaited<ReturnType<typeof startAgent>>): Promise<boolean> =>
  get("/readyz").then(
    ({ ok }) => ok,
    () => false,
  );

describe("an agent that nobody reads any more", () => {
  it.each([
    [
      "stderr is closed at its first line",
      (child: ChildProcess) => void child.stderr?.once("data", () => child.stderr?.destroy()),
    ],
    [
      "stderr and stdout are closed at once",
      (child: ChildProcess) => void [child.stderr, child.stdout].map((pipe) => pipe?.destroy()),
    ],
  ])("answers, judges and acts on when %s", async (_what, close) => {
    const agent = await startAgent();
    const { child, cwd, url, get, migration } = agent;
    close(child);
    await expect.poll(() => isUp(agent)).toBe(true);
    child.stdout?.destroy();
    child.stderr?.destroy();
    const before = (await migration()).lastTick ?? 0;
    const command = ["rollback", "m", "--reason", "test", "--agent", url];
    expect((await runProcess(process.execPath, [MAIN, ...command], { cwd })).code).toBe(0);
    await expect.poll(async () => (await migration()).standing).toMatch(/roll/);
    await expect.poll(async () => (await migration()).lastTick).toBeGreaterThan(before);
    expect((await get("/healthz")).status).toBe(200);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  it("ends with code 70 and one line when an error is caught by nobody, its message unsaid", async () => {
    const bug = "setTimeout(() => { throw new TypeError('a secret answer') }, 50)";
    const { child } = await startAgent(["--import", join(temporaryDirectory({ "bug.mjs": bug }), "bug.mjs")]);
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    const [code] = await once(child, "close");
    expect(code).toBe(70);
    const said = stderr.split("\n").filter((line) => line.includes("a bug of Leeway ends the agent"));
    expect(said).toEqual([expect.stringContaining('error="TypeError" places="at ')]);
    expect(stderr).not.toContain("a secret answer");
  });
});

/** Runs a command with pipes that are closed at once, and tells how it ended. */
const withClosedPipe = async (cwd: string, args: readonly string[], which: "stdout" | "stderr") => {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  child[which].destroy();
  let text = "";
  const other = which === "stdout" ? child.stderr : child.stdout;
  other.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, text };
};

describe("a command whose output nobody reads", () => {
  it.each([[["--help"]], [["--version"]], [["check"]], [["init", "there"]]])(
    "ends quietly: leeway %j",
    async (args) => {
      const folder = temporaryDirectory({ "leeway.yaml": "", "migrations/m.yaml": documentText() });
      expect(await withClosedPipe(folder, args, "stdout")).toEqual({ code: 0, signal: null, text: "" });
    },
  );

  it("keeps its answer: a mistake is still exit 2", async () => {
    const folder = temporaryDirectory({ "leeway.yaml": "agnt: {}" });
    expect(await withClosedPipe(folder, ["check"], "stderr")).toEqual({ code: 2, signal: null, text: "" });
  });

  it.runIf(process.platform === "linux")("is told about by exit 2 where the disk is full", async () => {
    const folder = temporaryDirectory({ "leeway.yaml": "", "migrations/m.yaml": documentText() });
    const shell = `"${process.execPath}" "${MAIN}" check > /dev/full`;
    const { code, stderr } = await runProcess("sh", ["-c", shell], { cwd: folder });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^standard output cannot be written \(.*ENOSPC.*\)\n$/)]);
  });
});
