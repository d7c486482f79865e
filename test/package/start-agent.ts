import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { cleanEnvironment } from "./run-process.ts";

/** A running `leeway start`. */
export interface StartedAgent {
  /** Everything it printed so far, both streams. */
  readonly output: () => string;
  /** True once the process is gone. */
  readonly ended: () => boolean;
  /** Sends SIGTERM and resolves with the exit code; null when it had to be killed. */
  readonly stop: () => Promise<number | null>;
}

/** A port of loopback that nothing listens on at this moment. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

/** Environment in which `#!/usr/bin/env node` finds the Node that runs the tests. */
export const withThisNode = (): Record<string, string> => ({
  ...cleanEnvironment(),
  PATH: [dirname(process.execPath), process.env.PATH ?? ""].join(delimiter),
});

const endOf = async (child: ChildProcess, deadlineMs: number): Promise<number | null> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const kill = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  const [code] = await once(child, "exit");
  clearTimeout(kill);
  return code;
};

/** Starts the installed package's `leeway start` in the project's directory, by the name npm gave it. */
export const startAgent = (project: string): StartedAgent => {
  const child = spawn(join(project, "node_modules", ".bin", "leeway"), ["start"], {
    cwd: project,
    env: withThisNode(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const keep = (chunk: Buffer): void => {
    text += chunk.toString("utf8");
  };
  child.once("error", (error) => keep(Buffer.from(error.message)));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return {
    output: () => text,
    ended: () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null,
    stop: () => {
      child.kill("SIGTERM");
      return endOf(child, 20_000);
    },
  };
};
