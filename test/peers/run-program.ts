import { spawn } from "node:child_process";

/** How a program ended, and what it printed. */
export interface ProgramRun {
  /** Exit code, a signal's name, or that it took too long. */
  readonly ended: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a program runs. */
export interface ProgramPlace {
  readonly node?: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Runs a Node program to its end, with exactly this environment. Rejects when it cannot be started. */
export const runProgram = (
  args: readonly string[],
  { node = process.execPath, cwd, env, timeoutMs }: ProgramPlace,
): Promise<ProgramRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      stdout += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      stderr += part;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const ended = child.killed ? `timeout after ${timeoutMs / 1000} s` : String(code ?? signal);
      resolve({ ended, stdout, stderr });
    });
  });
