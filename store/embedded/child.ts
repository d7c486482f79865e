import { rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { totalmem } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../core/errors.ts";
import { type Engine, loadChdb, openEngine } from "./engine.ts";
import { createHttpInterface } from "./http-server.ts";
import { createLane } from "./lane.ts";
import type { ChildMessage, StartMessage, StopMessage } from "./messages.ts";
import { createCallRunner, type Limits } from "./run-call.ts";

/*
 * The process that holds the engine: opens the directory, serves ClickHouse's HTTP interface on the loopback, and ends
 * with its parent, however that ended, so that the next agent finds the directory free.
 */

const GIB = 1024 ** 3;

const MAX_BODY_BYTES = 256 * 1024 ** 2;

/** A statement that hangs must not keep the process from ending. */
const STOP_PATIENCE_MS = 5_000;

const share = (part: number, most: number): number => Math.min(most, Math.floor(totalmem() * part));

const LIMITS: Limits = {
  memoryBytes: { admin: share(0.5, 4 * GIB), reader: share(0.25, GIB) },
  seconds: { admin: 300, reader: 30 },
  resultBytes: 512 * 1024 ** 2,
};

const send = (message: ChildMessage): void => {
  if (process.connected) process.send?.(message);
};

const open = async (dir: string): Promise<Engine | null> => {
  const chdb = loadChdb();
  if (chdb === null) {
    send({ type: "failed", why: "engine-missing", detail: "" });
    return null;
  }
  try {
    return await openEngine({ dir, memoryBytes: share(0.6, 8 * GIB) }, chdb);
  } catch (error) {
    send({ type: "failed", why: "open", detail: messageOf(error) });
    return null;
  }
};

const serve = (engine: Engine, { dir, port, secret }: StartMessage): void => {
  const holder = join(dir, "agent.pid");
  const lanes = {
    ingest: createLane({ width: 2, waiting: 100 }),
    agent: createLane({ width: 4, waiting: 1000 }),
    readers: createLane({ width: 4, waiting: 100 }),
  };
  const run = createCallRunner(LIMITS, { engine, lanes });
  const server = createHttpInterface({ run, secret, version: engine.version, maxBodyBytes: MAX_BODY_BYTES });
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
  server.once("error", (error: NodeJS.ErrnoException) => {
    send({ type: "failed", why: error.code === "EADDRINUSE" ? "port-in-use" : "listen", detail: messageOf(error) });
    endOnce();
  });
  server.listen(port, "127.0.0.1", () => {
    writeFileSync(holder, String(process.ppid));
    send({ type: "ready", port: (server.address() as AddressInfo).port, version: engine.version });
  });
  process.once("disconnect", endOnce);
  process.once("message", (message: StopMessage) => message.type === "stop" && endOnce());
};

// The agent decides when the engine ends; a Ctrl-C reaches the whole process group.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);

process.once("message", (message: StartMessage) => {
  open(message.dir).then((engine) => {
    if (engine === null) process.exit(1);
    else if (process.connected) serve(engine, message);
    else process.exit(0);
  });
});
