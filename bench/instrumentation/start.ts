import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { quantile } from "./quantile.ts";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PRELOAD = join(ROOT, "dist", "instrumentation", "preload.cjs");

/** What the app's first line sees: ms since the process was created, and its memory. */
const LINE = "process.stdout.write(JSON.stringify([performance.now(), process.memoryUsage().rss]))";

const startOnce = (flags: readonly string[]): readonly [ms: number, bytes: number] =>
  JSON.parse(execFileSync(process.execPath, [...flags, "-e", LINE], { encoding: "utf8", env: { PATH: "" } }));

const added = (without: readonly number[], withIt: readonly number[]): number =>
  quantile(withIt, 0.25) - quantile(without, 0.25);

/**
 * What the preload adds to the start of a process, starts with and without it alternating. Lower quartiles: other
 * programs on the machine can only make a start slower.
 */
export const measureStart = (pairs: number): { readonly addedMs: number; readonly addedMb: number } => {
  const measured = Array.from({ length: pairs }, () => ({
    bare: startOnce([]),
    loaded: startOnce(["--require", PRELOAD]),
  }));
  const column = (kind: "bare" | "loaded", at: 0 | 1): number[] => measured.map((pair) => pair[kind][at]);
  return {
    addedMs: added(column("bare", 0), column("loaded", 0)),
    addedMb: added(column("bare", 1), column("loaded", 1)) / 1e6,
  };
};
