import { spawn } from "node:child_process";

/** How a process ended. */
export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm test` tells its children about itself; a second npm would take it for its own settings. */
const NPM_OWN = /^npm_(package|lifecycle|command|node_execpath|execpath|config_local_prefix|config_prefix)/i;

/** This process's environment without npm's notes about the script that runs. */
export const cleanEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) =>
      value === undefined || NPM_OWN.test(key) ? [] : [[key, value] as const],
    ),
  );

/** Runs a program to its end in `cwd`. It is killed after `timeoutMs` (60 s unless told). */
export const runProcess = (
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>>; readonly timeoutMs?: number },
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const { cwd, env = {}, timeoutMs = 60_000 } = options;
    const child = spawn(command, args, {
      cwd,
      env: { ...cleanEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    const text = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text.stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text.stderr += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...text }));
  });
