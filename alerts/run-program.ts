import { type ChildProcess, spawn } from "node:child_process";

/** One run of a program. */
export interface ProgramRun {
  /** The program, as an absolute path, and its arguments; no shell reads them. */
  readonly argv: readonly [string, ...string[]];
  /** All of its environment: nothing of this process's own is handed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** When it and all that it started is ended, ms. */
  readonly timeoutMs: number;
  /** How much it may write to standard output, bytes. */
  readonly maxBytes: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/**
 * How it ended. `output`: standard output as text, null where it is no UTF-8. Standard error is not read: it could hold
 * anything, and in any amount.
 */
export type ProgramEnd =
  | { readonly outcome: "exited"; readonly code: number; readonly output: string | null }
  | { readonly outcome: "killed"; readonly signal: string }
  | { readonly outcome: "not-started"; readonly code: string }
  | { readonly outcome: "timeout" }
  | { readonly outcome: "too-much" };

/** How long the end of the output is waited for once the program is gone, ms: who left its group may hold the pipe open. */
const LAST_OUTPUT_MS = 500;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "error";

/** The whole group: what the program started ends with it. A group that is gone is no news. */
const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // nobody is left
  }
};

const decode = (parts: readonly Buffer[]): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    return null;
  }
};

const start = ({ argv: [program, ...args], env }: ProgramRun): ChildProcess | string => {
  try {
    return spawn(program, args, { env, detached: true, stdio: ["pipe", "pipe", "ignore"] });
  } catch (error) {
    return codeOf(error);
  }
};

/**
 * Runs a program in a process group of its own and ends all of the group when the program has ended, is late or writes too
 * much. Never rejects.
 */
export const runProgram = async (run: ProgramRun): Promise<ProgramEnd> => {
  const child = start(run);
  if (typeof child === "string") return { outcome: "not-started", code: child };
  const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
  const parts: Buffer[] = [];
  let bytes = 0;
  const stop = (end: ProgramEnd): void => {
    endGroup(child);
    resolve(end);
  };
  child.stdout?.on("data", (part: Buffer) => {
    bytes += part.byteLength;
    if (bytes > run.maxBytes) stop({ outcome: "too-much" });
    else parts.push(part);
  });
  // a program that does not read what it is given is no failure
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(run.stdin);
  child.on("error", (error) => stop({ outcome: "not-started", code: codeOf(error) }));
  child.on("exit", (code, signal) => {
    const end = (): void =>
      stop(
        code === null
          ? { outcome: "killed", signal: signal ?? "" }
          : { outcome: "exited", code, output: decode(parts) },
      );
    endGroup(child);
    const patience = setTimeout(end, LAST_OUTPUT_MS);
    child.once("close", () => {
      clearTimeout(patience);
      end();
    });
  });
  const late = setTimeout(() => stop({ outcome: "timeout" }), run.timeoutMs);
  const abort = (): void => stop({ outcome: "timeout" });
  run.signal?.addEventListener("abort", abort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    run.signal?.removeEventListener("abort", abort);
    child.stdout?.destroy();
    child.stdin?.destroy();
  }
};
