import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { unreachable } from "../../core/exhaustive.ts";

/** What may take for ever, or do anything: a pattern on a model's text, a function from a file. */
export type SandboxTask =
  | { readonly is: "regex"; readonly source: string; readonly flags: string; readonly text: string }
  | { readonly is: "javascript"; readonly file: string; readonly output: string | null; readonly context: unknown };

/** What came of it. `failed`: it threw, took too long, or ended its thread; in words. */
export type SandboxResult =
  | { readonly is: "said"; readonly pass: boolean; readonly reason: string }
  | { readonly is: "failed"; readonly why: string };

/** A thread of its own, which is ended when it takes too long and begun again when it is needed. */
export interface Sandbox {
  readonly run: (task: SandboxTask) => Promise<SandboxResult>;
  readonly close: () => Promise<void>;
}

/** Longest work, ms: a pattern; a function, with what it imports. */
const LONGEST: Readonly<Record<SandboxTask["is"], number>> = { regex: 1_000, javascript: 10_000 };

/** Memory of the thread, MiB. */
const MEMORY = { maxOldGenerationSizeMb: 512 };

/** Source of the thread; plain JavaScript, as threads of a package and of its sources alike take it. */
const THREAD = `
const { parentPort } = require("node:worker_threads");
const read = (found) =>
  typeof found === "object" && found !== null && typeof found.pass === "boolean"
    ? { pass: found.pass, reason: typeof found.reason === "string" ? found.reason.slice(0, 200) : "" }
    : typeof found === "boolean" ? { pass: found, reason: "" } : null;
const work = async (task) => {
  if (task.is === "regex") return { pass: new RegExp(task.source, task.flags).test(task.text), reason: "" };
  const { default: check } = await import(task.url);
  if (typeof check !== "function") throw new Error("it exports no function by default");
  const found = read(await check(task.output, task.context));
  if (found === null) throw new Error("it gives neither true or false nor { pass, reason }");
  return found;
};
parentPort.on("message", async (task) => {
  try {
    parentPort.postMessage({ is: "said", ...(await work(task)) });
  } catch (error) {
    parentPort.postMessage({ is: "failed", why: "throws (" + String(error instanceof Error ? error.message : error).slice(0, 200) + ")" });
  }
});
`;

const messageOf = (task: SandboxTask): object => {
  switch (task.is) {
    case "regex":
      return task;
    case "javascript":
      return { ...task, url: pathToFileURL(task.file).href };
    default:
      return unreachable(task);
  }
};

/** A sandbox; the environment of the process, which holds keys, is not in it, and what it prints goes nowhere. */
export const createSandbox = (): Sandbox => {
  let thread: Worker | null = null;

  const begin = (): Worker => {
    const begun = new Worker(THREAD, { eval: true, env: {}, resourceLimits: MEMORY, stdout: true, stderr: true });
    begun.unref();
    return begun;
  };
  const end = async (): Promise<void> => {
    const ended = thread;
    thread = null;
    await ended?.terminate();
  };

  const run = (task: SandboxTask): Promise<SandboxResult> =>
    new Promise((resolve) => {
      thread ??= begin();
      const worker = thread;
      const finish = (result: SandboxResult, isOver: boolean): void => {
        clearTimeout(timer);
        worker.removeAllListeners("message").removeAllListeners("exit").removeAllListeners("error");
        // What an ended thread still has to say is nobody's.
        if (isOver) worker.on("error", () => undefined);
        if (isOver)
          end().then(
            () => resolve(result),
            () => resolve(result),
          );
        else resolve(result);
      };
      const failed = (why: string): void => finish({ is: "failed", why }, true);
      const longest = LONGEST[task.is];
      const timer = setTimeout(() => failed(`takes more than ${longest / 1000} s`), longest);
      worker.once("message", (result: SandboxResult) => finish(result, false));
      worker.once("error", (error) =>
        failed(`ends its thread (${String(error instanceof Error ? error.message : error)})`),
      );
      worker.once("exit", () => failed("ends its process"));
      worker.postMessage(messageOf(task));
    });

  return { run, close: end };
};
