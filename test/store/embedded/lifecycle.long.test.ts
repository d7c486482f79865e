import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { startEmbedded } from "../../../store/embedded/start-embedded.ts";
import { backoffMs } from "../../../store/embedded/supervise-engine.ts";
import { openStore } from "../../../store/open-store.ts";
import { aBatch, aSpan } from "../a-span.ts";
import { eventually } from "../eventually.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { embeddedSettings, openTestStore } from "../test-store.ts";
import { enginePid } from "./engine-pid.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const directory = async (): Promise<string> => {
  const { path, remove } = await temporaryDirectory();
  cleanups.push(remove);
  return path;
};

const parts = (): Parameters<typeof openStore>[1] => ({ log: recordingLog().log, now: Date.now });

const at = (dir: string, port = 0): Parameters<typeof startEmbedded>[0] => ({
  dir,
  port,
  hosts: [],
  readable: ["leeway"],
});

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

const startAgent = async (dir: string): Promise<{ readonly agent: ChildProcess; readonly url: string }> => {
  const agent = fork(fileURLToPath(new URL("./an-agent.ts", import.meta.url)), [dir]);
  cleanups.push(async () => agent.kill("SIGKILL"));
  const [{ url }] = (await once(agent, "message")) as [{ url: string }];
  return { agent, url };
};

const answers = async (url: string): Promise<boolean> => (await fetch(`${url}/ping`)).ok;

describe("the directory of the embedded engine", () => {
  it("is refused to a second agent, by name and with the process id of the first", async () => {
    const { store, dir, end } = await openTestStore();
    cleanups.push(end);
    const failure = await errorOf(openStore(embeddedSettings(dir), parts()));
    expect(failure).toMatchObject({ code: "store-locked" });
    expect((failure as Error).message).toBe(
      `store.dir: ${dir} is in use by the agent with process id ${process.pid}; stop it, or give this agent a store.dir of its own`,
    );
    expect(await store().ping()).toBe(true);
  });

  it("is free again, with all it holds, after the agent was killed with kill -9", async () => {
    const dir = await directory();
    const { agent, url } = await startAgent(dir);
    agent.kill("SIGKILL");
    const store = await openStore(embeddedSettings(dir), parts());
    cleanups.push(() => store.close());
    expect(await store.query("SELECT count() AS n FROM llm_spans")).toEqual([{ n: 1 }]);
    await eventually(async () => !(await answers(url).catch(() => false)));
  });

  it("that cannot be made is reported by name", async () => {
    const failure = await errorOf(startEmbedded(at("/dev/null/store"), parts()));
    expect(failure).toMatchObject({ code: "store-unavailable", message: expect.stringContaining("/dev/null/store") });
  });
});

describe("the port of the embedded engine", () => {
  it("is refused by number when something listens on it", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await once(busy, "listening");
    cleanups.push(async () => busy.close());
    const { port } = busy.address() as { port: number };
    const failure = await errorOf(openStore({ ...embeddedSettings(await directory()), port }, parts()));
    expect(failure).toMatchObject({
      code: "listen-failed",
      message: `store.port: 127.0.0.1:${port} is already in use; stop what listens there, or set another store.port`,
    });
  });
});

describe("a crash of the embedded engine", () => {
  it("makes calls fail as store-unavailable until it is back, on the same port", async () => {
    const { log, messages } = recordingLog();
    const dir = await directory();
    const engine = await startEmbedded(at(dir), { log, now: Date.now });
    cleanups.push(() => engine.close());
    const store = await openStore(
      { ...embeddedSettings(dir), url: engine.url, user: engine.user, password: engine.password },
      parts(),
    );
    cleanups.push(() => store.close());
    const crashed = engine.pid();
    process.kill(crashed, "SIGKILL");
    expect(await errorOf(store.query("SELECT 1"))).toMatchObject({ code: "store-unavailable" });
    await eventually(() => store.ping());
    expect(engine.pid()).not.toBe(crashed);
    expect(await store.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(messages.slice(1)).toEqual(["store: the embedded engine ended unexpectedly and is restarted"]);
  });

  it("is named, with its reason, to those who ask meanwhile", async () => {
    const dir = await directory();
    const store = await openStore(embeddedSettings(dir), parts());
    cleanups.push(() => store.close());
    expect(store.engine()).toMatchObject({ restarts: 0, down: null });
    process.kill((await enginePid(dir)) ?? 0, "SIGKILL");
    await eventually(async () => store.engine()?.down !== null);
    expect(await errorOf(store.query("SELECT 1"))).toMatchObject({
      code: "store-unavailable",
      message: "store: the embedded engine is down: it ended unexpectedly and is restarted",
    });
    await eventually(() => store.ping());
    await eventually(async () => store.engine()?.down === null);
    expect(store.engine()).toMatchObject({ restarts: 1, down: null });
  });
});

describe("an engine that is killed while it restarts", () => {
  it("comes back, again and again, with every row that was acknowledged", {
    tags: ["soak"],
    timeout: 120_000,
  }, async () => {
    const dir = await directory();
    const store = await openStore(embeddedSettings(dir), parts());
    cleanups.push(() => store.close());
    await store.insertSpans(aBatch([aSpan()], "before"));
    // The first hits the engine at work, the others as soon as it has taken its directory, before it serves.
    for (let kills = 0; kills < 5; kills += 1) {
      await eventually(async () => {
        const pid = await enginePid(dir);
        return pid !== null && process.kill(pid, "SIGKILL");
      });
      await eventually(async () => (await enginePid(dir)) === null);
    }
    await eventually(() => store.ping());
    expect(await store.query("SELECT count() AS n FROM llm_spans")).toEqual([{ n: 1 }]);
    await store.insertSpans(aBatch([aSpan()], "after"));
    expect(await store.query("SELECT sum(calls) AS n FROM llm_1m")).toEqual([{ n: 2 }]);
  });
});

describe("an engine that cannot start again", () => {
  /**
   * Takes something away from the engine before or after it is killed, and gives it back when the engine was started in
   * vain.
   */
  const bringBack = async (
    when: "before" | "after",
    take: (dir: string, port: number) => Promise<() => Promise<void>>,
    reason: RegExp,
  ): Promise<void> => {
    const dir = await directory();
    const store = await openStore(embeddedSettings(dir), parts());
    cleanups.push(() => store.close());
    await store.insertSpans(aBatch([aSpan()], "before"));
    const port = Number(new URL(store.endpoint.url).port);
    const pid = (await enginePid(dir)) ?? 0;
    const kill = (): boolean => process.kill(pid, "SIGKILL");
    if (when === "after") kill();
    const giveBack = await take(dir, port);
    if (when === "before") kill();
    await eventually(async () => (store.engine()?.down?.tries ?? 0) >= 1);
    expect(store.engine()?.down?.why).toMatch(reason);
    expect(await errorOf(store.query("SELECT 1"))).toMatchObject({
      code: "store-unavailable",
      message: expect.stringMatching(/^store: the embedded engine is down: /),
    });
    await giveBack();
    await eventually(() => store.ping());
    expect(await store.query("SELECT count() AS n FROM llm_spans")).toEqual([{ n: 1 }]);
  };

  it("because its port is taken comes back when the port is free", { tags: ["soak"] }, async () => {
    await bringBack(
      "after",
      async (_dir, port) => {
        const thief = createServer((socket) => socket.destroy());
        const listens = (): Promise<boolean> =>
          new Promise((resolve) => {
            thief.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
          });
        await eventually(listens);
        return async () => void thief.close();
      },
      /already in use/,
    );
  });

  it("because its directory cannot be opened comes back when it can", { tags: ["soak"] }, async () => {
    await bringBack(
      "before",
      async (dir) => {
        const folder = join(dir, "clickhouse", "config");
        await rm(folder, { recursive: true });
        await writeFile(folder, "in the way");
        return () => rm(folder);
      },
      /cannot open/,
    );
  });

  // What locks a file from a shell is not there on every system.
  it.skipIf(spawnSync("flock", ["--version"]).error !== undefined)(
    "because somebody else holds its directory comes back when that one lets go",
    async () => {
      // It waits for the lock behind the engine, and has it when that dies.
      await bringBack(
        "before",
        async (dir) => {
          const holder = spawn("flock", [join(dir, "clickhouse", "status"), "cat"], {
            stdio: ["pipe", "ignore", "ignore"],
          });
          return async () => {
            holder.stdin.end();
            await once(holder, "close");
          };
        },
        /in use by/,
      );
    },
    60_000,
  );
});

describe("backoffMs", () => {
  it("grows to half a minute and stays there", () => {
    expect([1, 2, 3, 8, 9, 1000].map(backoffMs)).toEqual([200, 400, 800, 25_600, 30_000, 30_000]);
  });
});

describe("close", () => {
  it("ends the engine and frees directory and port at once", async () => {
    const dir = await directory();
    const engine = await startEmbedded(at(dir), parts());
    const { url } = engine;
    await engine.close();
    expect(await answers(url).catch(() => false)).toBe(false);
    const again = await startEmbedded(at(dir, Number(new URL(url).port)), parts());
    cleanups.push(() => again.close());
    expect(await answers(again.url)).toBe(true);
  });
});

describe("a ClickHouse server that does not answer", () => {
  it("is store-unavailable, with the reason", async () => {
    const settings = { ...embeddedSettings(""), url: "http://127.0.0.1:1" };
    expect(await errorOf(openStore(settings, parts()))).toMatchObject({
      code: "store-unavailable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });
});
