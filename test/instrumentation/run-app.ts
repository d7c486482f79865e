import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(dirname(HERE));

/** An app process and what it has printed so far. */
export interface RunningApp {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts `apps/<app>` with Node's own `flags`; the working directory is the checkout, where `leeway` resolves. */
export const runApp = (flags: readonly string[], app: string, env: Readonly<Record<string, string>>): RunningApp => {
  if (!existsSync(join(ROOT, "dist", "instrumentation", "preload.cjs"))) {
    throw new Error("dist/instrumentation/preload.cjs is missing; run: npm run build");
  }
  const child = spawn(process.execPath, [...flags, join(HERE, "apps", app)], {
    cwd: ROOT,
    // Nothing of one test is left on disk for the next, unless the test asks for it.
    env: { PATH: process.env.PATH, OPENAI_API_KEY: "sk-test", LEEWAY_SPOOL_DIR: "off", ...env },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (part) => {
    output += part;
  });
  child.stderr.on("data", (part) => {
    errors += part;
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  return { child, output: () => output, errors: () => errors, ended };
};
