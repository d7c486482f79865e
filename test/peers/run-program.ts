import { spawn } from "node:child_process";

/** How a program ended, and what it printed. */
export interface ProgramRun {
  /** Exit code, a signal's name, or that it took too long. */
  readonly ended: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command runs. */
export interface CommandPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

/** Where a Node program runs, and by which Node; this one by default. */
export interface ProgramPlace extends CommandPlace {
  readonly node?: string;
}

/** Runs a command to its end, with exactly this environment. Rejects when it cannot be started. */
export const runCommand = (
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs }: CommandPlace,
): Promise<ProgramRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
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

/** The same for a Node program. */
export const runProgram = (
  args: readonly string[],
  { node = process.execPath, ...place }: ProgramPlace,
): Promise<ProgramRun> => runCommand(node, args, place);
