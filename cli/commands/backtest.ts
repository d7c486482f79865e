import { dirname, resolve } from "node:path";
import { type Backtest, backtest as replayTicks } from "../../agent/backtest/backtest.ts";
import { type FalseAlarms, falseAlarms } from "../../agent/backtest/false-alarms.ts";
import { type Injection, readInjection } from "../../agent/backtest/injection.ts";
import { loadDocument, loadMigration } from "../../agent/config/load-migration.ts";
import { loadStoreAccess, type StoreAccess } from "../../agent/config/read-settings.ts";
import { createLog } from "../../agent/create-log.ts";
import { LeewayError } from "../../core/errors.ts";
import type { Migration } from "../../core/migration.ts";
import { parseDuration, parsePercent } from "../../core/parse-amount.ts";
import { printableValues } from "../../core/printable-values.ts";
import { firstCanaryShare } from "../../lifecycle/stages.ts";
import { openReader, type StoreReader } from "../../store/open-reader.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderBacktest } from "../render/backtest.ts";
import { renderFalseAlarms } from "../render/false-alarms.ts";
import { createProgress } from "../render/progress.ts";
import type { Terminal } from "../terminal.ts";

/** What `leeway backtest` is told; texts as they were typed, null = left out. */
export interface BacktestOptions {
  readonly config: string;
  readonly migration: string;
  readonly document: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly every: string | null;
  /** Runs over random halves of the baseline; true = as many as is usual; null = the stored ticks are judged. */
  readonly aa: string | true | null;
  readonly inject: readonly string[];
  /** How long after the beginning the regressions are put in. */
  readonly at: string | null;
  readonly share: string | null;
  readonly seed: string | null;
  readonly json: boolean;
}

const DEFAULT_RUNS = 20;
const MINUTE_MS = 60_000;

const invalid = (option: string, text: string, expected: string): LeewayError =>
  new LeewayError("config-invalid", `--${option}: ${JSON.stringify(text)}; expected ${expected}`);

/** A moment: RFC 3339 (UTC where no zone is given), or a duration before now. */
const readMoment = (option: string, text: string | null, now: number): number | null => {
  if (text === null) return null;
  const ago = parseDuration(text);
  if (ago !== null) return now - ago;
  const hasZone = /T.*(Z|[+-]\d\d:?\d\d)$/i.test(text);
  const at = /^\d{4}-\d\d-\d\d/.test(text)
    ? Date.parse(hasZone || !text.includes("T") ? text : `${text}Z`)
    : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw invalid(option, text, "a moment such as 2026-11-20, 2026-11-20T09:30Z, or 2d (before now)");
};

const readEvery = (text: string | null, tickMs: number): number | null => {
  if (text === null) return null;
  const ms = parseDuration(text);
  if (ms !== null && ms >= tickMs && ms <= 3_600_000) return ms;
  throw invalid("every", text, `a duration from the tick (${tickMs / 1000}s) to 1h`);
};

const readWhole = (option: string, text: string, least: number): number => {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least) return number;
  throw invalid(option, text, `a whole number of at least ${least}`);
};

const readShare = (text: string | null, { stages }: Migration): number => {
  if (text === null) return firstCanaryShare(stages) || 0.5;
  const share = parsePercent(text);
  if (share !== null && share > 0 && share < 1) return share;
  throw invalid("share", text, "a percentage such as 5%, above 0% and below 100%");
};

const readAfter = (text: string | null): number => {
  if (text === null) return 0;
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw invalid("at", text, "a duration after the beginning, such as 2h");
};

const readInjections = (texts: readonly string[]): readonly Injection[] =>
  texts.map((text) => {
    const read = readInjection(text);
    if ("injection" in read) return read.injection;
    throw new LeewayError("config-invalid", read.problem);
  });

/** The rules to judge by, under the name of the migration whose ticks they judge. */
const chooseRules = (options: BacktestOptions, targets: readonly string[]): Migration => {
  const { config, migration, document } = options;
  if (document === null) return loadMigration(dirname(resolve(config)), migration, targets);
  return { ...loadDocument(document, targets), name: migration };
};

type Work = (reader: StoreReader, progress: (done: number) => void) => Promise<Backtest | FalseAlarms>;

const orThrow = <T extends object>(result: T | { readonly problem: string }): T => {
  if ("problem" in result) throw new LeewayError("migration-unknown", result.problem);
  return result;
};

/** What is to be done, every option read before anything is opened. */
const planWork = (options: BacktestOptions, { agent, targets }: StoreAccess): [Work, Migration] => {
  const migration = chooseRules(options, targets);
  const now = Date.now();
  const range = { from: readMoment("from", options.from, now), to: readMoment("to", options.to, now) };
  const everyMs = readEvery(options.every, agent.tick);
  const injections = readInjections(options.inject);
  const { aa, seed } = options;
  if (aa === null && injections.length === 0) {
    const request = { migration, ...range, everyMs, tickMs: agent.tick, settleMs: agent.settle };
    return [async (reader, progress) => orThrow(await replayTicks(reader, request, progress)), migration];
  }
  const request = {
    migration,
    ...range,
    everyMs: everyMs ?? MINUTE_MS,
    runs: typeof aa === "string" ? readWhole("aa", aa, 1) : DEFAULT_RUNS,
    seed: seed === null ? 1 : readWhole("seed", seed, 0),
    share: readShare(options.share, migration),
    injections,
    injectAfterMs: readAfter(options.at),
  };
  return [async (reader, progress) => orThrow(await falseAlarms(reader, request, progress)), migration];
};

/** 1 where the answer is "no": a rule was breached; more false alarms than promised; a regression mostly not found. */
const exitCodeFor = (result: Backtest | FalseAlarms): ExitCode => {
  if (result.schema === "leeway.backtest/1") return result.rules.some(({ breach }) => breach !== null) ? 1 : 0;
  const isBroken = Object.values(result.alarms).some(({ interval, promised }) => interval.lower > promised);
  return isBroken || (result.detection !== null && result.detection.any.median === null) ? 1 : 0;
};

const render = (result: Backtest | FalseAlarms, migration: Migration): string =>
  result.schema === "leeway.backtest/1"
    ? renderBacktest(printableValues(result), printableValues(migration))
    : renderFalseAlarms(printableValues(result));

/**
 * `leeway backtest`: judges the stored ticks again, or random halves of the baseline. Exit 0 all is well, 1 a rule was
 * breached (or more false alarms than promised, or a regression that is mostly not found), 2 bad input, 3 an agent holds
 * the store and does not answer.
 */
export const backtest = async (
  options: BacktestOptions,
  { print, errors }: Pick<Terminal, "print"> & { readonly errors: Terminal },
): Promise<ExitCode> => {
  const access = loadStoreAccess(options.config, process.env);
  const [work, migration] = planWork(options, access);
  const log = createLog(errors.print, Date.now);
  const reader = await openReader(access.store, { log, now: Date.now });
  try {
    const progress = createProgress(errors, Date.now);
    const result = await work(reader, progress.show).finally(progress.end);
    print(`${options.json ? JSON.stringify(result) : render(result, migration)}\n`);
    return exitCodeFor(result);
  } finally {
    await reader.close();
  }
};
