import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { withinOr } from "../../async/within-or.ts";
import { LeewayError } from "../../core/errors.ts";
import type { Launcher } from "./confine-engine.ts";
import type { ChildMessage, StartMessage, StopMessage } from "./messages.ts";
import type { Passwords } from "./users.ts";

/** A running engine process. */
export interface EngineProcess {
  readonly pid: number;
  readonly port: number;
  readonly version: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it; resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

/** Where the engine lives. */
export interface EngineSettings {
  /** `store.dir`; the engine's files are in its subdirectory `clickhouse`. */
  readonly dir: string;
  readonly port: number;
  readonly passwords: Passwords;
  /** Databases the reader may look at; the first is the one it is in when it names none. */
  readonly readable: readonly [string, ...string[]];
  /** Names beside the loopback's under which the interface may be addressed. */
  readonly hosts: readonly string[];
  /** What it is started through. */
  readonly launcher: Launcher;
}

type Failure = Extract<ChildMessage, { type: "failed" }> & { readonly stderr: string };

/** Source runs as .ts, the published package as .js. */
const ENTRY = fileURLToPath(new URL(`./child${extname(import.meta.url)}`, import.meta.url));

/** Threads for queries: the engine blocks one per running statement, and all lanes together run ten. */
const THREADS = "16";

const STDERR_KEPT = 4_096;

const STOP_WAIT_MS = 8_000;

/** What a heavy query gave back goes to the system within a second, and not beside what the next one takes. */
const MALLOC = "dirty_decay_ms:1000,muzzy_decay_ms:0";

/** Nothing of the agent's environment, which holds its secrets; where libraries are found is not one of them. */
const environment = (): NodeJS.ProcessEnv => {
  const { LD_LIBRARY_PATH } = process.env;
  const own = { UV_THREADPOOL_SIZE: THREADS, TZ: "UTC", JE_MALLOC_CONF: MALLOC };
  return { ...own, ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) };
};

/** Where the engine's files are in `store.dir`. */
export const engineFolder = (dir: string): string => resolve(dir, "clickhouse");

const spawn = ({ execPath, execArgv }: Launcher): ChildProcess =>
  fork(ENTRY, [], {
    env: environment(),
    execPath,
    execArgv: [...execArgv],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });

const LATE: unique symbol = Symbol("not ended in time");

const stopProcess = async (child: ChildProcess, ended: Promise<void>): Promise<void> => {
  const stop: StopMessage = { type: "stop" };
  if (child.connected) child.send(stop, () => undefined);
  if ((await withinOr(STOP_WAIT_MS, ended, LATE)) === LATE) child.kill("SIGKILL");
  await ended;
};

const firstMessage = (child: ChildProcess, ended: Promise<void>): Promise<ChildMessage> =>
  Promise.race([
    new Promise<ChildMessage>((resolve) => child.once("message", (message) => resolve(message as ChildMessage))),
    ended.then((): ChildMessage => ({ type: "failed", why: "open", detail: "the process ended while it started" })),
  ]);

const attempt = async (settings: EngineSettings): Promise<EngineProcess | Failure> => {
  const child = spawn(settings.launcher);
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-STDERR_KEPT);
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  const { port, passwords, readable, hosts } = settings;
  const start: StartMessage = { type: "start", dir: engineFolder(settings.dir), port, passwords, readable, hosts };
  child.send(start, () => undefined);
  const message = await firstMessage(child, ended);
  if (message.type === "failed") {
    await stopProcess(child, ended);
    return { ...message, stderr };
  }
  return {
    pid: child.pid ?? 0,
    port: message.port,
    version: message.version,
    ended,
    stop: () => stopProcess(child, ended),
  };
};

const isLocked = ({ stderr, detail }: Failure): boolean => /Cannot lock file|is already running/i.test(stderr + detail);

const lockedError = async (dir: string): Promise<LeewayError> => {
  const pid = await readFile(join(dir, "clickhouse", "agent.pid"), "utf8").catch(() => "");
  const holder = /^\d+$/.test(pid) ? `the agent with process id ${pid}` : "another agent";
  return new LeewayError(
    "store-locked",
    `store.dir: ${dir} is in use by ${holder}; stop it, or give this agent a store.dir of its own`,
  );
};

const reasonOf = ({ detail, stderr }: Failure): string =>
  stderr
    .split("\n")
    .find((line) => line.includes("Exception"))
    ?.slice(0, 300) ?? detail;

const failureError = async (failure: Failure, { dir, port }: EngineSettings): Promise<LeewayError> => {
  if (failure.why === "engine-missing")
    return new LeewayError(
      "store-engine-missing",
      'store.url: embedded needs chdb, which is not installed; run "npm install chdb@3.4.0", or set store.url to a ClickHouse server',
    );
  if (failure.why === "port-in-use")
    return new LeewayError(
      "listen-failed",
      `store.port: 127.0.0.1:${port} is already in use; stop what listens there, or set another store.port`,
    );
  if (failure.why === "listen")
    return new LeewayError("listen-failed", `store.port: cannot listen on 127.0.0.1:${port}; ${failure.detail}`);
  return isLocked(failure)
    ? lockedError(dir)
    : new LeewayError("store-unavailable", `store.dir: the engine cannot open ${dir}; ${reasonOf(failure)}`);
};

const RETRY_EVERY_MS = 300;

const isPassing = (failure: Failure): boolean =>
  failure.why === "port-in-use" || (failure.why === "open" && isLocked(failure));

/**
 * Starts the engine's process and waits until it serves. A directory or port that is still held is tried again for
 * `patienceMs`, measured by `elapsed` (monotonic ms). Throws LeewayError `store-locked`, `listen-failed`,
 * `store-engine-missing` or `store-unavailable`.
 */
export const startEngineProcess = async (
  settings: EngineSettings,
  { patienceMs, elapsed }: { readonly patienceMs: number; readonly elapsed: () => number },
): Promise<EngineProcess> => {
  const until = elapsed() + patienceMs;
  for (;;) {
    const outcome = await attempt(settings);
    if (!("why" in outcome)) return outcome;
    if (!isPassing(outcome) || elapsed() >= until) throw await failureError(outcome, settings);
    await delay(RETRY_EVERY_MS);
  }
};
