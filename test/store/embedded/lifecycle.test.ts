import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { startEmbedded } from "../../../store/embedded/start-embedded.ts";
import { openStore } from "../../../store/open-store.ts";
import { eventually } from "../eventually.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { embeddedSettings, openTestStore } from "../test-store.ts";

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
    const failure = await errorOf(startEmbedded({ dir: "/dev/null/store", port: 0 }, parts()));
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
    const engine = await startEmbedded({ dir, port: 0 }, { log, now: Date.now });
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
    expect(messages).toEqual(["store: the embedded engine ended unexpectedly and is restarted"]);
  });

  it("is given up after the fifth in a row, and said", async () => {
    const { log, messages } = recordingLog();
    const engine = await startEmbedded({ dir: await directory(), port: 0 }, { log, now: () => 0 });
    cleanups.push(() => engine.close());
    for (let crash = 1; crash <= 6; crash += 1) {
      const pid = engine.pid();
      process.kill(pid, "SIGKILL");
      if (crash <= 5) await eventually(async () => engine.pid() !== pid && (await answers(engine.url)));
    }
    await eventually(async () => messages.length === 6);
    expect(messages.at(-1)).toContain("it crashed 6 times in a row");
  }, 60_000);
});

describe("close", () => {
  it("ends the engine and frees directory and port at once", async () => {
    const dir = await directory();
    const engine = await startEmbedded({ dir, port: 0 }, parts());
    const { url } = engine;
    await engine.close();
    expect(await answers(url).catch(() => false)).toBe(false);
    const again = await startEmbedded({ dir, port: Number(new URL(url).port) }, parts());
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
