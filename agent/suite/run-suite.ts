import { mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { PriceCall } from "../prices/prices.ts";
import { type AnswersFile, openAnswersFile } from "../replay/answers-file.ts";
import type { AskedModel } from "../replay/asker.ts";
import { createPace, type PaceClock } from "../replay/pace.ts";
import { createSpend } from "../replay/spend.ts";
import { createAnswerIndex } from "./answer-index.ts";
import { type AskedSide, askSuite } from "./ask-suite.ts";
import type { BothAnswers, Side } from "./asked-case.ts";
import { judgeSuite } from "./judge-suite.ts";
import { createSandbox } from "./sandbox.ts";
import type { Suite } from "./suite.ts";
import { type SuiteReport, suiteReport } from "./suite-report.ts";

/** What is run, and how. */
export interface SuitePlan {
  readonly suite: Suite;
  readonly models: Readonly<Record<Side, AskedModel>>;
  /** Files of answers. */
  readonly paths: Readonly<Record<Side, string>>;
  /** How often each case is asked. */
  readonly runs: number;
  /** Answers of earlier runs are put aside. */
  readonly isFresh: boolean;
  /** Limit of this run, US dollars; null = none. */
  readonly maxUsd: number | null;
  /** Questions a second to each model; null = as many as it takes. */
  readonly rate: number | null;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly patienceMs: number;
}

/** What a run works with. */
export interface SuiteParts {
  readonly price: PriceCall;
  readonly clock: PaceClock;
  /** Epoch ms. */
  readonly now: () => number;
  readonly ending: AbortSignal;
  readonly breaking: AbortSignal;
  /** Told how much of the asking, then of the judging is done, and US dollars that were spent. */
  readonly progress: (done: {
    readonly of: "asking" | "judging";
    readonly count: number;
    readonly usd: number;
  }) => void;
}

const putAside = async (path: string, now: number): Promise<void> => {
  await rename(
    path,
    path.replace(/\.jsonl$/, `.until-${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}.jsonl`),
  ).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
};

const openBoth = async ({ paths, isFresh }: SuitePlan, now: number): Promise<Readonly<Record<Side, AnswersFile>>> => {
  await mkdir(dirname(paths.baseline), { recursive: true });
  if (isFresh) await Promise.all([putAside(paths.baseline, now), putAside(paths.candidate, now)]);
  const baseline = await openAnswersFile(paths.baseline);
  try {
    return { baseline, candidate: await openAnswersFile(paths.candidate) };
  } catch (error) {
    await baseline.close(false);
    throw error;
  }
};

/**
 * Runs a suite: asks both models what is not answered yet, judges all answers, and says what they come to. What was answered stays in the
 * files, whatever happens afterwards.
 */
export const runSuite = async (plan: SuitePlan, parts: SuiteParts): Promise<SuiteReport> => {
  const { suite, models, paths, runs, concurrency, timeoutMs, retries, patienceMs } = plan;
  const { price, clock, now, ending, breaking, progress } = parts;
  const files = await openBoth(plan, now());
  const answers: BothAnswers = {
    baseline: createAnswerIndex(paths.baseline),
    candidate: createAnswerIndex(paths.candidate),
  };
  const spend = createSpend(plan.maxUsd, 0);
  const side = (of: Side): AskedSide => ({
    plan: { asked: models[of], concurrency, timeoutMs, retries, patienceMs },
    file: files[of],
    parts: { spend, price, clock, now, ending, breaking, pace: createPace(clock, plan.rate) },
  });
  const asked = { cases: suite.cases, runs };
  const sandbox = createSandbox();
  let isDone = false;
  try {
    const sides = { baseline: side("baseline"), candidate: side("candidate") };
    const told = await askSuite(asked, sides, answers, (count) =>
      progress({ of: "asking", count, usd: spend.spent() }),
    );
    isDone = Object.values(told).every(({ stopped, failed }) => stopped === "" && failed.length === 0);
    const judged = await judgeSuite(asked, answers, {
      sandbox,
      progress: (count) => progress({ of: "judging", count, usd: spend.spent() }),
    });
    const names = { baseline: models.baseline.model, candidate: models.candidate.model };
    return suiteReport(judged, { suite, runs, names, asked: told, usd: spend.spent(), now: now() });
  } finally {
    await Promise.all([sandbox.close(), files.baseline.close(isDone), files.candidate.close(isDone)]);
  }
};
