import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cleanEnvironment, type Ended, runProcess } from "../package/run-process.ts";

/** The command line, from the source. */
export const MAIN: string = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** Runs `leeway` from the source in `cwd`, without a terminal. */
export const leeway = (
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> => runProcess(process.execPath, [MAIN, ...args], { cwd, env });

/** A `leeway start` that runs. */
export interface RunningLeeway {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  /** Sends the signal and resolves with the exit code; null when it had to be killed. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** Starts an agent in `cwd` and resolves when it says that it is up, or has ended. */
export const startLeeway = async (cwd: string, env: Readonly<Record<string, string>> = {}): Promise<RunningLeeway> => {
  const child = spawn(process.execPath, [MAIN, "start"], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  const isUp = new Promise<void>((resolve) => {
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
      if (stderr.includes("the agent is up")) resolve();
    });
  });
  const ended = once(child, "exit");
  await Promise.race([isUp, ended]);
  return {
    child,
    stderr: () => stderr,
    stop: async (signal = "SIGTERM") => {
      if (child.exitCode !== null) return child.exitCode;
      child.kill(signal);
      const kill = setTimeout(() => child.kill("SIGKILL"), 20_000);
      const [code] = await ended;
      clearTimeout(kill);
      return code;
    },
  };
};
