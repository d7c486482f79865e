import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { LeewayError } from "../../core/errors.ts";

/** A Node process the demo started. */
export interface Child {
  readonly pid: number;
  /** Everything it wrote to standard output and standard error so far. */
  readonly output: () => string;
  readonly stdout: () => string;
  readonly isRunning: () => boolean;
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

/** Starts `node …args` in `cwd` with `environment` added to this process's own. */
export const startChild = async (
  args: readonly string[],
  { cwd, environment = {} }: { readonly cwd: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<Child> => {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, stdout] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout = (stdout + chunk.toString()).slice(-OUTPUT_LIMIT);
    output = (output + chunk.toString()).slice(-OUTPUT_LIMIT);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_LIMIT);
  });
  await once(child, "spawn");
  if (child.pid === undefined) throw new LeewayError("config-invalid", `${args[0]}: the process could not be started`);
  return {
    pid: child.pid,
    output: () => output,
    stdout: () => stdout,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: (signal = "SIGTERM") => stopProcess(child, signal),
  };
};
