import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PRELOAD = join(ROOT, "dist", "instrumentation", "preload.cjs");

/** What the app's first line sees: ms since the process was created, and its memory. */
const LINE = "process.stdout.write(JSON.stringify([performance.now(), process.memoryUsage().rss]))";

const startOnce = (flags: readonly string[]): readonly [ms: number, bytes: number] =>
  JSON.parse(execFileSync(process.execPath, [...flags, "-e", LINE], { encoding: "utf8", env: { PATH: "" } }));

/** What the preload adds to the start of a process: medians over pairs of starts with and without it. */
export const measureStart = (pairs: number): { readonly addedMs: number; readonly addedMb: number } => {
  const measured = Array.from({ length: pairs }, () => {
    const [bareMs, bareBytes] = startOnce([]);
    const [ms, bytes] = startOnce(["--require", PRELOAD]);
    return { ms: ms - bareMs, mb: (bytes - bareBytes) / 1e6 };
  });
  return { addedMs: median(measured.map(({ ms }) => ms)), addedMb: median(measured.map(({ mb }) => mb)) };
};
