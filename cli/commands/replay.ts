import { openAnswersFile } from "../../agent/replay/answers-file.ts";
import { askedModel } from "../../agent/replay/asker.ts";
import { readCorpus } from "../../agent/replay/corpus.ts";
import { createPace } from "../../agent/replay/pace.ts";
import type { ReplayPlan } from "../../agent/replay/replay-plan.ts";
import { type ReplayResult, runReplay } from "../../agent/replay/run-replay.ts";
import { createSpend } from "../../agent/replay/spend.ts";
import { type Survey, surveyCorpus } from "../../agent/replay/survey.ts";
import type { Arm } from "../../core/cohort.ts";
import { LeewayError } from "../../core/errors.ts";
import { shortNumber } from "../../core/short-number.ts";
import { ANY, clock, invalid, listen, PATIENCE_MS, positive, pricesOf, timeoutOf, whole } from "../asking.ts";
import type { ExitCode } from "../exit-code.ts";
import { createProgress } from "../render/progress.ts";
import { renderReplay, renderSurvey } from "../render/replay.ts";
import type { Terminal } from "../terminal.ts";

/** What `leeway replay` is told; texts as they were typed. */
export interface ReplayOptions {
  readonly model?: string;
  readonly out?: string;
  readonly provider?: string;
  readonly baseUrl?: string;
  readonly keyEnv?: string;
  readonly cohort?: string;
  readonly repeat?: string;
  readonly seed?: string;
  readonly maxTokens?: string;
  readonly maxUsd?: string;
  readonly concurrency?: string;
  readonly rate?: string;
  readonly timeout?: string;
  readonly retries?: string;
  readonly prices?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Where it prints, and what it can be ended by. */
export interface ReplayConsole {
  readonly output: Terminal;
  readonly errors: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const cohortOf = (text: string | undefined): Arm => {
  if (text === undefined || text === "canary") return "canary";
  if (text === "baseline") return text;
  throw invalid("cohort", "baseline or canary", text);
};

const planOf = (corpus: string, options: ReplayOptions, { environment }: ReplayConsole): ReplayPlan => {
  const { model, provider = null, baseUrl = null, keyEnv = null, seed, maxTokens, repeat } = options;
  if (model === undefined || model === "") throw invalid("model", "the name of the model to ask");
  return {
    entries: () => readCorpus(corpus),
    asked: askedModel({ model, provider, baseUrl, keyVariable: keyEnv }, environment),
    cohort: cohortOf(options.cohort),
    repeat: whole("repeat", repeat, [1, 1000]) ?? 1,
    beside: { maxTokens: whole("max-tokens", maxTokens, ANY), seed: whole("seed", seed, [0, ANY[1]]) },
    concurrency: whole("concurrency", options.concurrency, [1, 256]) ?? 16,
    retries: whole("retries", options.retries, [0, 20]) ?? 3,
    timeoutMs: timeoutOf(options.timeout),
    patienceMs: PATIENCE_MS,
  };
};

/** Everything has its answer: 0; something cannot be asked or is refused: 1; something is left to be asked: 4. */
const exitOf = ({ notAskable }: Survey, { refused, failed, stopped }: ReplayResult): ExitCode => {
  if (stopped !== "" || failed.length > 0) return 4;
  return notAskable.length > 0 || refused.length > 0 ? 1 : 0;
};

const MAX_USD_WITHOUT_PRICE =
  "the model has no price, so that no limit could be kept; give one with --prices, or leave the limit out";

/**
 * `leeway replay`: asks a model the questions of a corpus. Exit 0 when all are answered, 1 when some cannot be asked or are refused,
 * 2 for bad input, 4 when some are left for the next run.
 */
export const replay = async (corpus: string, options: ReplayOptions, parts: ReplayConsole): Promise<ExitCode> => {
  const { output, errors } = parts;
  const plan = planOf(corpus, options, parts);
  const { price } = pricesOf(options.prices);
  const maxUsd = positive("max-usd", options.maxUsd);
  const rate = positive("rate", options.rate);
  const survey = await surveyCorpus(plan.entries(), plan.asked, plan.beside, price);
  if (options.dryRun === true) {
    const dry = { ...survey, repeat: plan.repeat, model: plan.asked.model, provider: plan.asked.name };
    output.print(
      options.json === true ? `${JSON.stringify({ schema: "leeway.replay-plan/1", ...dry })}\n` : renderSurvey(dry),
    );
    return survey.notAskable.length > 0 ? 1 : 0;
  }
  if (maxUsd !== null && survey.highestUsd === null)
    throw new LeewayError("config-invalid", `--max-usd: ${MAX_USD_WITHOUT_PRICE}`);
  if (options.out === undefined) throw invalid("out", "the file that the answers go to");
  const file = await openAnswersFile(options.out);
  const spend = createSpend(maxUsd, file.earlier.usd);
  const progress = createProgress(errors, Date.now);
  const { stop, ...signals } = listen(errors);
  const wanted = survey.questions * plan.repeat;
  let result: ReplayResult | null = null;
  try {
    result = await runReplay(plan, {
      ...{ file, spend, price, clock, now: Date.now, pace: createPace(clock, rate), ...signals },
      progress: (dealtWith) => progress.show(dealtWith / Math.max(1, wanted), `$${shortNumber(spend.spent())}`),
    });
  } finally {
    progress.end();
    stop();
    await file.close(result !== null && result.stopped === "" && result.failed.length === 0);
  }
  const told = {
    ...{ ...result, model: plan.asked.model, out: options.out, wanted, notAskable: survey.notAskable },
    ...{ repeated: survey.repeated, askedAgain: file.earlier.lost.size, usd: spend.spent(), unpriced: spend.unknown() },
  };
  output.print(
    options.json === true ? `${JSON.stringify({ schema: "leeway.replay/1", ...told })}\n` : renderReplay(told),
  );
  return exitOf(survey, result);
};
