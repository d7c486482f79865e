import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { totalmem } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../core/errors.ts";
import { startListening } from "../../http/start-listening.ts";
import { type Engine, loadChdb, openEngine } from "./engine.ts";
import { createHttpInterface } from "./http-server.ts";
import { createLane } from "./lane.ts";
import type { ChildMessage, StartMessage, StopMessage } from "./messages.ts";
import { makePrivate } from "./private-folder.ts";
import { createCallRunner, type Limits } from "./run-call.ts";

/*
 * The process that holds the engine: opens the directory, serves ClickHouse's HTTP interface on the loopback, and ends
 * with its parent, however that ended, so that the next agent finds the directory free.
 */

/** The engine is reached from its own machine only. */
const HOST = "127.0.0.1";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A statement that hangs must not keep the process from ending. */
const STOP_PATIENCE_MS = 5_000;

const share = (part: number, most: number): number => Math.min(most, Math.floor(totalmem() * part));

/** What readers may take together is at most 1 GiB: as many statements at once, each with its answer and a zipped copy. */
const READERS = { width: 2, waiting: 60 } as const;
const READER_ANSWER_BYTES = 32 * MIB;

const LIMITS: Limits = {
  memoryBytes: { admin: share(0.5, 4 * GIB), reader: share(0.05, 192 * MIB) },
  seconds: { admin: 300, reader: 30 },
  resultBytes: { admin: 512 * MIB, reader: READER_ANSWER_BYTES },
};

/** A statement of a reader is text that a person or a dashboard wrote; those of the agent carry rows. */
const MAX_BODY_BYTES = { admin: 256 * MIB, reader: 256 * 1024 } as const;

const send = (message: ChildMessage): void => {
  if (process.connected) process.send?.(message);
};

const listenFailure = (error: NodeJS.ErrnoException): ChildMessage => ({
  type: "failed",
  why: error.code === "EADDRINUSE" ? "port-in-use" : "listen",
  detail: messageOf(error),
});

/** Whatever the engine writes is its owner's alone, and what it is asked to write without a path lands in its folder. */
const settleIn = async (dir: string): Promise<void> => {
  process.umask(0o077);
  await makePrivate(dir);
  process.chdir(dir);
};

const open = async ({ dir, readable }: StartMessage): Promise<Engine | null> => {
  const chdb = loadChdb();
  if (chdb === null) {
    send({ type: "failed", why: "engine-missing", detail: "" });
    return null;
  }
  try {
    await settleIn(dir);
    return await openEngine({ dir, readable, memoryBytes: share(0.6, 8 * GIB) }, chdb);
  } catch (error) {
    send({ type: "failed", why: "open", detail: messageOf(error) });
    return null;
  }
};

const serve = (engine: Engine, { dir, port, passwords, hosts, readable }: StartMessage): void => {
  const holder = join(dir, "agent.pid");
  const lanes = {
    ingest: createLane({ width: 2, waiting: 100 }),
    agent: createLane({ width: 4, waiting: 1000 }),
    readers: createLane(READERS),
  };
  const run = createCallRunner(LIMITS, { engine, lanes, readable });
  const { version } = engine;
  const server = createHttpInterface({ run, passwords, version, known: { hosts }, maxBodyBytes: MAX_BODY_BYTES });
  const end = (): void => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), STOP_PATIENCE_MS).unref();
    rmSync(holder, { force: true });
    server.close();
    server.closeIdleConnections();
    engine.close().finally(() => process.exit(0));
  };
  let ending = false;
  const endOnce = (): void => {
    if (!ending) end();
    ending = true;
  };
  const ready = (bound: number): void => {
    writeFileSync(holder, String(process.ppid));
    send({ type: "ready", port: bound, version: engine.version });
  };
  const failed = (error: NodeJS.ErrnoException): void => {
    send(listenFailure(error));
    endOnce();
  };
  startListening(server, { host: HOST, port }).then(ready, failed);
  process.once("disconnect", endOnce);
  process.once("message", (message: StopMessage) => message.type === "stop" && endOnce());
};

// The agent decides when the engine ends; a Ctrl-C reaches the whole process group.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);

/** Why nobody can listen on the port, known before the engine is loaded, which takes a second; null = it is free. */
const portProblem = async ({ port }: StartMessage): Promise<ChildMessage | null> => {
  const probe = createServer();
  try {
    await startListening(probe, { host: HOST, port });
  } catch (error) {
    return listenFailure(error as NodeJS.ErrnoException);
  }
  return new Promise((resolve) => probe.close(() => resolve(null)));
};

const start = async (message: StartMessage): Promise<void> => {
  const problem = await portProblem(message);
  if (problem !== null) send(problem);
  const engine = problem === null ? await open(message) : null;
  if (engine === null) process.exit(1);
  else if (process.connected) serve(engine, message);
  else process.exit(0);
};

process.once("message", (message: StartMessage) => void start(message));
