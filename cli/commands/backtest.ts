import { dirname, resolve } from "node:path";
import { type BacktestRequest, backtest as replayTicks } from "../../agent/backtest/backtest.ts";
import { loadDocument, loadMigration } from "../../agent/config/load-migration.ts";
import { loadStoreAccess } from "../../agent/config/read-settings.ts";
import { parseDuration } from "../../agent/config/units.ts";
import { createLog } from "../../agent/create-log.ts";
import { LeewayError } from "../../core/errors.ts";
import type { Migration } from "../../core/migration.ts";
import { openReader, type StoreReader } from "../../store/open-reader.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderBacktest } from "../render/backtest.ts";
import { createProgress } from "../render/progress.ts";

/** What `leeway backtest` is told; texts as they were typed, null = left out. */
export interface BacktestOptions {
  readonly config: string;
  readonly migration: string;
  readonly document: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly every: string | null;
  readonly json: boolean;
}

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

/** The rules to judge by, under the name of the migration whose ticks they judge. */
const chooseRules = (options: BacktestOptions, targets: readonly string[]): Migration => {
  const { config, migration, document } = options;
  if (document === null) return loadMigration(dirname(resolve(config)), migration, targets);
  return { ...loadDocument(document, targets), name: migration };
};

const run = async (
  reader: StoreReader,
  request: BacktestRequest,
  json: boolean,
  print: (text: string) => void,
): Promise<ExitCode> => {
  const progress = createProgress(process.stderr, Date.now);
  const result = await replayTicks(reader, request, progress.show).finally(progress.end);
  if ("problem" in result) throw new LeewayError("migration-unknown", result.problem);
  print(`${json ? JSON.stringify(result) : renderBacktest(result, request.migration)}\n`);
  return result.rules.some(({ breach }) => breach !== null) ? 1 : 0;
};

/**
 * `leeway backtest`: judges the stored ticks again. Exit 0 no rule was breached, 1 one was, 2 bad input, 3 an agent holds
 * the store and does not answer.
 */
export const backtest = async (options: BacktestOptions, print: (text: string) => void): Promise<ExitCode> => {
  const access = loadStoreAccess(options.config, process.env);
  const { tick: tickMs, settle: settleMs } = access.agent;
  const now = Date.now();
  const request: BacktestRequest = {
    migration: chooseRules(options, access.targets),
    from: readMoment("from", options.from, now),
    to: readMoment("to", options.to, now),
    everyMs: readEvery(options.every, tickMs),
    tickMs,
    settleMs,
  };
  const log = createLog((line) => process.stderr.write(line), Date.now);
  const reader = await openReader(access.store, { log, now: Date.now });
  try {
    return await run(reader, request, options.json, print);
  } finally {
    await reader.close();
  }
};
