import { createReadLog, type ReadProblem } from "../compare/read-report.ts";
import { answerKey } from "./answers-file.ts";
import type { CorpusEntry } from "./corpus.ts";
import { costOfAnswer, recordOf, refusedRecord } from "./record-of.ts";
import type { ReplayParts, ReplayPlan } from "./replay-plan.ts";
import { requestOf } from "./request-of.ts";
import { highestCost } from "./survey.ts";
import { createTries, type Trial, type TryContext } from "./try-question.ts";

/** How a run ended. */
export interface ReplayResult {
  /** Answers of this run, and of earlier ones. */
  readonly answered: number;
  readonly earlier: number;
  /** Questions that the provider will not answer: on record without an answer. */
  readonly refused: readonly ReadProblem[];
  /** Questions that failed for what may pass; the next run asks them again. */
  readonly failed: readonly ReadProblem[];
  /** Why the run ended before everything was asked; empty = it did not. */
  readonly stopped: string;
}

/** The wait before a try after the `tries`-th failure, ms. */
const waitAfter = (tries: number): number => Math.min(30_000, 500 * 2 ** (tries - 1));

interface Job {
  readonly entry: CorpusEntry;
  readonly repetition: number;
}

async function* jobsOf({ entries, repeat }: ReplayPlan): AsyncGenerator<Job> {
  for await (const read of entries()) {
    if (!("entry" in read)) continue;
    const { entry } = read;
    if (entry.repetition !== undefined) yield { entry, repetition: entry.repetition };
    else for (let repetition = 0; repetition < repeat; repetition += 1) yield { entry, repetition };
  }
}

/** What became of a question. */
type Fate =
  | { readonly is: "answered" | "earlier" | "unasked" }
  | { readonly is: "refused" | "failed"; readonly what: string };

interface RunContext extends TryContext {
  readonly plan: ReplayPlan;
  readonly parts: ReplayParts;
}

const createQuestioner = (context: RunContext): ((job: Job) => Promise<Fate>) => {
  const { plan, parts, stop, end } = context;
  const { asked, cohort, beside, retries } = plan;
  const { file, spend, price, clock } = parts;
  const tryOnce = createTries(context);

  const untilAnswered = async ({ entry, repetition }: Job, trial: Trial): Promise<Fate> => {
    for (let failures = 0; ; ) {
      const place = { entry, repetition, cohort, at: parts.now() };
      const reply = await tryOnce(trial);
      if (reply === null) return { is: "unasked" };
      if (reply.outcome === "answered") {
        const cost = costOfAnswer(asked, reply, price);
        spend.settle(trial.highest, cost);
        await file.answered(recordOf(asked, place, reply, cost));
        return { is: "answered" };
      }
      if (reply.outcome === "limited") continue;
      const { is, what } = reply;
      if (is === "stop") {
        end(`${asked.name} refuses it: ${what}`);
        return { is: "unasked" };
      }
      if (is === "final") {
        await file.answered(refusedRecord(asked, place, what));
        return { is: "refused", what };
      }
      failures += 1;
      if (failures > retries) return { is: "failed", what };
      await clock.sleep(waitAfter(failures), stop);
    }
  };

  return async (job) => {
    const { entry, repetition } = job;
    const key = answerKey(entry.promptId, repetition);
    if (file.earlier.done.has(key)) return { is: "earlier" };
    const request = requestOf(asked, entry.asked, beside, repetition);
    // Told by the survey.
    if ("notAskable" in request) return { is: "unasked" };
    const { body, maxTokens } = request;
    const bytes = Buffer.byteLength(JSON.stringify(body));
    return untilAnswered(job, { key, body, highest: highestCost(asked, { bytes, maxTokens }, price) ?? 0 });
  };
};

/**
 * Asks every question that has no answer yet. Each is on record before it is asked, and its answer on disk before it counts, so that a
 * run that dies asks nothing twice but what was under way. Rejects with the disk's error.
 */
export const runReplay = async (plan: ReplayPlan, parts: ReplayParts): Promise<ReplayResult> => {
  const { ending, progress } = parts;
  const over = new AbortController();
  const stop = AbortSignal.any([ending, over.signal]);
  let stopped = "";
  const end = (why: string): void => {
    stopped ||= why;
    over.abort();
  };
  const dealWith = createQuestioner({ plan, parts, stop, end });
  const jobs = jobsOf(plan);
  const counts = { answered: 0, earlier: 0, unasked: 0, refused: 0, failed: 0 };
  const [refused, failed] = [createReadLog(), createReadLog()];
  let dealt = 0;

  const work = async (): Promise<void> => {
    while (!stop.aborted) {
      const { done, value: job } = await jobs.next();
      if (done === true) return;
      const fate = await dealWith(job);
      counts[fate.is] += 1;
      if (fate.is === "refused") refused.add(fate.what, job.entry.place);
      if (fate.is === "failed") failed.add(fate.what, job.entry.place);
      dealt += 1;
      progress(dealt);
    }
  };
  try {
    await Promise.all(Array.from({ length: plan.concurrency }, work));
  } finally {
    over.abort();
    await jobs.return(undefined);
  }
  if (ending.aborted) stopped ||= "it was told to end";
  const { answered, earlier } = counts;
  return { answered, earlier, refused: refused.list(), failed: failed.list(), stopped };
};
