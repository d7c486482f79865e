import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** `leeway demo` as a process of its own, with a folder for temporary files of its own. */
export interface RunningDemo {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** What is in its folder for temporary files. */
  readonly files: () => readonly string[];
  /** Ids of the processes that have or are in its folder for temporary files, itself included; Linux only. */
  readonly processes: () => readonly number[];
  /** Kills what is left and removes the folder. */
  readonly remove: () => Promise<void>;
}

const environmentOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
};

/** The engine has an environment of its own; it works in its folder. */
const workingDirectoryOf = (pid: string): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
};

const processesIn = (folder: string): readonly number[] => {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const isOf = (pid: string): boolean =>
    environmentOf(pid).includes(`TMPDIR=${folder}\0`) || workingDirectoryOf(pid).startsWith(`${folder}/`);
  return pids.filter(isOf).map(Number);
};

/** Starts the built command: `npm run build` comes before the tests. */
export const runDemo = async (...flags: readonly string[]): Promise<RunningDemo> => {
  if (!existsSync(ENTRY)) throw new Error(`${ENTRY} is missing; run: npm run build`);
  const folder = await mkdtemp(join(tmpdir(), "leeway-e2e-"));
  const child = spawn(process.execPath, [ENTRY, "demo", ...flags], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended: new Promise((resolve) => {
      child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
    }),
    files: () => readdirSync(folder),
    processes: () => processesIn(folder),
    remove: async () => {
      for (const pid of processesIn(folder)) process.kill(pid, "SIGKILL");
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
