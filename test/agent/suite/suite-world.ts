import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type AskedModel, askedModel } from "../../../agent/replay/asker.ts";
import type { PaceClock } from "../../../agent/replay/pace.ts";
import type { CaseResult } from "../../../agent/suite/judge-suite.ts";
import { readSuite } from "../../../agent/suite/read-suite.ts";
import { runSuite, type SuiteParts, type SuitePlan } from "../../../agent/suite/run-suite.ts";
import { answersPath } from "../../../agent/suite/suite-models.ts";
import type { SuiteReport } from "../../../agent/suite/suite-report.ts";

/** Waits of the code under test are cut short, and the clock goes on by what is left out. */
const createClock = (): PaceClock => {
  let skipped = 0;
  return {
    now: () => performance.now() + skipped,
    sleep: async (ms, signal) => {
      skipped += Math.max(0, ms - 2);
      await wait(Math.min(ms, 2), undefined, { signal }).catch(() => undefined);
    },
  };
};

/** A suite in a folder, and where its models are. */
export interface SuiteWorld {
  readonly folder: string;
  readonly baseUrl: string;
}

/** What a run has beside its cases. */
export interface RunMore {
  readonly plan?: Partial<SuitePlan>;
  readonly parts?: Partial<SuiteParts>;
  readonly head?: object;
}

/** Runs the suite of these cases with models `old` and `new`. */
export const runCases = async (
  { folder, baseUrl }: SuiteWorld,
  cases: readonly unknown[],
  { plan = {}, parts = {}, head = {} }: RunMore = {},
): Promise<SuiteReport> => {
  const path = join(folder, "suite.yaml");
  writeFileSync(path, JSON.stringify({ suite: "s", ...head, cases }));
  const suite = await readSuite(path);
  const model = (name: string): AskedModel =>
    askedModel({ model: name, provider: null, baseUrl, keyVariable: "KEY" }, { KEY: "sk-secret" });
  const models = { baseline: model("old"), candidate: model("new") };
  const answers = join(folder, "answers");
  const paths = { baseline: answersPath(answers, models.baseline), candidate: answersPath(answers, models.candidate) };
  const never = new AbortController().signal;
  return runSuite(
    {
      ...{ suite, models, paths, runs: 3, isFresh: false, maxUsd: null, rate: null, concurrency: 8 },
      ...{ timeoutMs: 2_000, retries: 1, patienceMs: 600_000, ...plan },
    },
    {
      ...{
        price: () => 0.001,
        clock: createClock(),
        now: () => Date.UTC(2026, 10, 20),
        ending: never,
        breaking: never,
      },
      ...{ progress: () => undefined, ...parts },
    },
  );
};

/** The result of a case. */
export const resultOf = ({ cases }: SuiteReport, id: string): CaseResult => {
  const found = cases.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
};
