import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { LeewayError } from "../core/errors.ts";

/** A Node process the demo started. */
export interface Child {
  readonly pid: number;
  /** Everything it wrote to standard output and standard error so far. */
  readonly output: () => string;
  readonly stdout: () => string;
  readonly isRunning: () => boolean;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Sends a signal and resolves when the process has ended. */
  readonly stop: (signal?: "SIGTERM" | "SIGKILL") => Promise<void>;
}

const OUTPUT_LIMIT = 200_000;
const STOP_GRACE_MS = 15_000;

/** Ends a process: asks first, and after 15 s kills. */
const stopProcess = async (process: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = once(process, "exit");
  process.kill(signal);
  const timer = setTimeout(() => process.kill("SIGKILL"), STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
};

/** Source runs as .ts, the published package as .js. */
const END_WITH_PARENT = new URL(`./end-with-parent${extname(import.meta.url)}`, import.meta.url).href;

/** Starts `node …args` in `cwd` with `environment` added to this process's own. It ends when this process does. */
export const startChild = async (
  args: readonly string[],
  { cwd, environment = {} }: { readonly cwd: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<Child> => {
  const child = spawn(process.execPath, ["--import", END_WITH_PARENT, ...args], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ended = new Promise<number | string>((resolve) => {
    // "close" comes after the last output, "exit" may come before it.
    child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  let [output, stdout] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout = (stdout + chunk.toString()).slice(-OUTPUT_LIMIT);
    output = (output + chunk.toString()).slice(-OUTPUT_LIMIT);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_LIMIT);
  });
  await once(child, "spawn");
  if (child.pid === undefined) throw new LeewayError("config-invalid", `${args[0]}: the process could not be started`);
  return {
    pid: child.pid,
    output: () => output,
    stdout: () => stdout,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    ended,
    stop: (signal = "SIGTERM") => stopProcess(child, signal),
  };
};
