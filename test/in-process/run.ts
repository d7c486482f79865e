// npm run test:in-process
//
// Embedding models that run beside the app, as they can be had: likeness of texts, time, memory, and that nothing of it is on the
// app's own thread or keeps it alive. What cannot be installed is skipped by name.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { IN_PROCESS_MODELS, type InProcessModel } from "../../core/in-process-model.ts";
import { createInProcess } from "../../instrumentation/shadow/in-process.ts";
import { cosineOf } from "../../instrumentation/shadow/likeness.ts";
import { npm } from "../peers/install-packages.ts";

/** Where packages are kept between runs: outside of the repository. */
const FOLDER = process.env.LEEWAY_EMBEDDING_DIR ?? join(tmpdir(), "leeway-embedding-models");
const VERSION = "0.2.0";
const LONGEST_MS = 60_000;

const SAME = ["The refund was issued to your credit card.", "We have returned the money to your card."];
const OTHER = [SAME[0] ?? "", "The weather in Oslo is cold in winter."];

const install = async ({ code, weights, beside }: InProcessModel): Promise<string | null> => {
  const names = [code, weights, ...beside];
  const isThere = (): boolean => names.every((name) => existsSync(join(FOLDER, "node_modules", name, "package.json")));
  if (isThere()) return null;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, "package.json"), '{ "private": true }\n');
  const wanted = names.map((name) => `${name}@${VERSION}`);
  const { ok, reason } = await npm(["install", "-E", "--ignore-scripts", "--no-audit", "--no-fund", ...wanted], FOLDER);
  return ok && isThere() ? null : reason || "npm did not install it";
};

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const later = (fn: () => void, ms: number): (() => void) => {
  const timer = setTimeout(fn, ms).unref();
  return () => clearTimeout(timer);
};

const tick = (): number => performance.now();

const measure = async (name: string): Promise<boolean> => {
  const embed = createInProcess({ from: [FOLDER], tick, later, say: print });
  const alive = setInterval(() => undefined, 1000);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = process.memoryUsage().rss;
  const timed = async (texts: readonly string[]): Promise<readonly [number | null, number]> => {
    const began = tick();
    return [cosineOf(await embed(name, texts, LONGEST_MS)), tick() - began];
  };
  delay.enable();
  const [same, first] = await timed(SAME);
  const [other] = await timed(OTHER);
  const long = SAME.map((text) => `${text} `.repeat(200));
  const [alike, longMs] = await timed(long);
  delay.disable();
  clearInterval(alive);
  const rss = (process.memoryUsage().rss - before) / 1e6;
  const held = delay.max / 1e6;
  const shown = (value: number | null): string => value?.toFixed(3) ?? "none";
  print(
    `${name}: the same otherwise said ${shown(same)}, something else ${shown(other)}, the same at 8000 characters ${shown(alike)}`,
  );
  print(
    `${name}: first pair ${first.toFixed(0)} ms with loading, a long pair ${longMs.toFixed(0)} ms with the rest before it, +${rss.toFixed(0)} MB, the app's own thread held up ${held.toFixed(0)} ms at most`,
  );
  return same !== null && other !== null && alike !== null && same > other + 0.3 && alike > other + 0.3;
};

let isRight = true;
for (const [name, model] of Object.entries(IN_PROCESS_MODELS)) {
  const missing = await install(model);
  if (missing !== null) print(`skipped  ${name}: ${missing}`);
  else if (!(await measure(name))) {
    print(`FAILS    ${name}`);
    isRight = false;
  }
}
// Nothing of it keeps a process alive: that it ends here is part of the test.
process.exitCode = isRight ? 0 : 1;
