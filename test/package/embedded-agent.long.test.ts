import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../collector/eventually.ts";
import { type InstalledPackage, installPackage } from "./installed-package.ts";
import { runProcess } from "./run-process.ts";
import { freePort, type StartedAgent, startAgent, withThisNode } from "./start-agent.ts";

interface Ports {
  readonly store: number;
  readonly collector: number;
  readonly agent: number;
}

let installed: InstalledPackage;
let ports: Ports;
let agent: StartedAgent | null = null;

const leeway = (...args: readonly string[]) =>
  runProcess(join(installed.project, "node_modules", ".bin", "leeway"), args, {
    cwd: installed.project,
    env: withThisNode(),
  });

beforeAll(async () => {
  installed = await installPackage();
  ports = { store: await freePort(), collector: await freePort(), agent: await freePort() };
  await installed.write(
    "leeway.yaml",
    `store: { url: embedded, dir: data, port: ${ports.store} }
collector: { listen: "127.0.0.1:${ports.collector}", spool: { dir: data/spool } }
agent: { listen: "127.0.0.1:${ports.agent}" }
`,
  );
}, 180_000);

afterEach(async () => {
  await agent?.stop();
  agent = null;
});

afterAll(() => installed?.remove());

/** Status of a GET; 0 when nothing answers. */
const statusOf = async (port: number, path: string): Promise<number> => {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
};

describe("the installed command", () => {
  it("explains itself", async () => {
    const { code, stdout } = await leeway("--help");
    expect(code).toBe(0);
    for (const command of ["init", "check", "start", "status", "explain", "rollback"])
      expect(stdout).toContain(command);
  });

  it("knows its version", async () => {
    expect(await leeway("--version")).toMatchObject({ code: 0, stdout: "0.1.0\n" });
  });

  it("refuses what it does not know, with exit code 2", async () => {
    expect((await leeway("no-such-command")).code).toBe(2);
  });

  it("says how to get the embedded engine where it is not installed", async () => {
    const { code, stderr } = await leeway("start");
    expect(code).toBe(2);
    expect(stderr).toContain("npm install chdb@3.4.0");
  });
});

describe("leeway start with the embedded store, from the installed package", () => {
  it("becomes ready, serves its ports and ends on SIGTERM, engine included", async () => {
    const chdb = fileURLToPath(new URL("../../node_modules/chdb", import.meta.url));
    await symlink(chdb, join(installed.project, "node_modules", "chdb"));
    const started = startAgent(installed.project);
    agent = started;
    await eventually(async () => {
      if (started.ended()) throw new Error(`it ended: ${started.output()}`);
      return (await statusOf(ports.agent, "/readyz")) === 200;
    });
    expect(await statusOf(ports.agent, "/")).toBe(200);
    expect(await statusOf(ports.store, "/ping")).toBe(200);
    expect(await statusOf(ports.collector, "/v1/traces")).not.toBe(0);
    expect(await started.stop()).toBe(0);
    await eventually(async () => (await statusOf(ports.store, "/ping")) === 0, 10_000);
  });
});
