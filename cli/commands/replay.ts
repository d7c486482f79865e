import { setTimeout as wait } from "node:timers/promises";
import { configInvalid } from "../../agent/config/problem.ts";
import { builtInPrices, type Prices, readPrices } from "../../agent/prices/prices.ts";
import { openAnswersFile } from "../../agent/replay/answers-file.ts";
import { askedModel } from "../../agent/replay/asker.ts";
import { createPace, type PaceClock } from "../../agent/replay/pace.ts";
import type { ReplayPlan } from "../../agent/replay/replay-plan.ts";
import { type ReplayResult, runReplay } from "../../agent/replay/run-replay.ts";
import { createSpend } from "../../agent/replay/spend.ts";
import { type Survey, surveyCorpus } from "../../agent/replay/survey.ts";
import type { Arm } from "../../core/cohort.ts";
import { LeewayError } from "../../core/errors.ts";
import { parseDuration } from "../../core/parse-amount.ts";
import { shortNumber } from "../../core/short-number.ts";
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

const invalid = (option: string, expected: string, found?: string): LeewayError =>
  new LeewayError(
    "config-invalid",
    `--${option}: ${found === undefined ? "missing" : JSON.stringify(found)}; expected ${expected}`,
  );

const whole = (option: string, text: string | undefined, [least, most]: readonly [number, number]): number | null => {
  if (text === undefined) return null;
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number >= least && number <= most) return number;
  throw invalid(option, `a whole number from ${least} to ${most}`, text);
};

const positive = (option: string, text: string | undefined): number | null => {
  if (text === undefined) return null;
  const number = Number(text);
  if (/^[\d.]+$/.test(text) && Number.isFinite(number) && number > 0) return number;
  throw invalid(option, "a number above 0", text);
};

const cohortOf = (text: string | undefined): Arm => {
  if (text === undefined || text === "canary") return "canary";
  if (text === "baseline") return text;
  throw invalid("cohort", "baseline or canary", text);
};

const timeoutOf = (text: string | undefined): number => {
  const ms = text === undefined ? 120_000 : parseDuration(text);
  if (ms !== null && ms >= 1000 && ms <= 3_600_000) return ms;
  throw invalid("timeout", "a duration from 1s to 1h", text);
};

const PATIENCE_MS = 600_000;
const ANY = [1, 2 ** 31 - 1] as const;

const planOf = (corpus: string, options: ReplayOptions, { environment }: ReplayConsole): ReplayPlan => {
  const { model, provider = null, baseUrl = null, keyEnv = null, seed, maxTokens, repeat } = options;
  if (model === undefined || model === "") throw invalid("model", "the name of the model to ask");
  return {
    corpus,
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

const pricesOf = (path: string | undefined): Prices => {
  if (path === undefined) return builtInPrices;
  const read = readPrices(path, path);
  if ("problems" in read) throw configInvalid(read.problems);
  return read;
};

const clock: PaceClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
};

/** The first request to end lets what is under way come in; the second waits for nothing. */
const listen = (errors: Terminal) => {
  const [ending, breaking] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (ending.signal.aborted) breaking.abort();
    else errors.print("\nending: what was asked is waited for; once more to wait for nothing\n");
    ending.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  return {
    ending: ending.signal,
    breaking: breaking.signal,
    stop: () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
    },
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
  const survey = await surveyCorpus(corpus, plan.asked, plan.beside, price);
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
