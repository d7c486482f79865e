import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { askedModel } from "../../agent/replay/asker.ts";
import { readSuite } from "../../agent/suite/read-suite.ts";
import { runSuite } from "../../agent/suite/run-suite.ts";
import { answersPath } from "../../agent/suite/suite-models.ts";

const PROVIDER = fileURLToPath(new URL("immediate-provider.ts", import.meta.url));
const MIB = 1024 ** 2;

/** What a suite takes that is answered at once. */
export interface LargeResult {
  readonly questions: number;
  readonly readMs: number;
  readonly askMs: number;
  readonly judgeMs: number;
  /** Highest resident memory while asking and while judging, MiB. */
  readonly askMib: number;
  readonly judgeMib: number;
  readonly verdict: string;
}

const caseOf = (at: number): object => ({
  ...{ id: `c${at}`, kind: "invariant", prompt: `question ${at}`, temperature: 0 },
  expect: [
    { contains: "answer" },
    { path: "$.total", range: { min: 0 } },
    { keyPaths: "baseline" },
    { notRegex: "secret" },
  ],
});

/** Runs a suite of so many cases against a provider in a process of its own. */
export const largeSuite = async (cases: number, runs: number): Promise<LargeResult> => {
  const folder = mkdtempSync(join(tmpdir(), "leeway-suite-bench-"));
  const provider = fork(PROVIDER);
  try {
    const [port] = (await once(provider, "message")) as [number];
    const path = join(folder, "suite.yaml");
    writeFileSync(
      path,
      JSON.stringify({ suite: "large", cases: Array.from({ length: cases }, (_, at) => caseOf(at)) }),
    );
    const began = performance.now();
    const suite = await readSuite(path);
    const readMs = performance.now() - began;
    const model = (name: string) =>
      askedModel({ model: name, provider: null, baseUrl: `http://127.0.0.1:${port}/v1`, keyVariable: null }, {});
    const models = { baseline: model("old"), candidate: model("new") };
    const paths = { baseline: answersPath(folder, models.baseline), candidate: answersPath(folder, models.candidate) };
    const never = new AbortController().signal;
    const most = { asking: 0, judging: 0 };
    let judgedFrom = 0;
    const asked = performance.now();
    const report = await runSuite(
      {
        ...{ suite, models, paths, runs, isFresh: false, maxUsd: null, rate: null, concurrency: 16 },
        ...{ timeoutMs: 60_000, retries: 3, patienceMs: 600_000 },
      },
      {
        ...{ price: () => null, now: Date.now, ending: never, breaking: never },
        clock: {
          now: () => performance.now(),
          sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
        },
        progress: ({ of, count }) => {
          if (of === "judging" && judgedFrom === 0) judgedFrom = performance.now();
          if (count % 100 === 0) most[of] = Math.max(most[of], process.memoryUsage().rss / MIB);
        },
      },
    );
    const end = performance.now();
    return {
      ...{ questions: 2 * cases * runs, readMs, askMs: judgedFrom - asked, judgeMs: end - judgedFrom },
      ...{ askMib: most.asking, judgeMib: most.judging, verdict: report.verdict },
    };
  } finally {
    provider.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};
