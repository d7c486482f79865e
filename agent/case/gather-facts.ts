import { dirname, resolve } from "node:path";
import { LeewayError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Migration, ModelConfiguration } from "../../core/migration.ts";
import type { CallUsage } from "../../store/baseline-usage.ts";
import { openReader } from "../../store/open-reader.ts";
import { formatProblem } from "../config/problem.ts";
import { type Environment, type StoreAccess, shownPath } from "../config/read-settings.ts";
import type { FindLife } from "../models/find-life.ts";
import { loadLives } from "../models/load-lives.ts";
import { loadPrices } from "../prices/load-prices.ts";
import type { CaseFacts, ModelEnd } from "./case.ts";
import { measuredCost } from "./measured-cost.ts";
import { readSuiteResult } from "./suite-result.ts";

/** Where facts are looked for. */
export interface GatherParts {
  /** Path of leeway.yaml; the files that documents name are found from its folder. */
  readonly config: string;
  readonly environment: Environment;
  readonly access: StoreAccess;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: number;
}

/** Calls of this time say what a call uses. */
const USAGE_DAYS = 7;

interface Read {
  readonly usage: CallUsage | { readonly unknown: string };
  readonly startedAt: number | null;
}

/** What the store knows, or why it was not asked: the rest is weighed without. */
const readStore = async (migration: Migration, { store }: StoreAccess, log: Log, now: number): Promise<Read> => {
  try {
    const reader = await openReader(store, { log, now: Date.now });
    try {
      const usage = await reader.baselineUsage(migration, { from: now - USAGE_DAYS * 86_400_000, to: now });
      const entries = await reader.readLedger(migration.name);
      return { usage, startedAt: entries.find(({ event }) => event.type === "started")?.at ?? null };
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (!(error instanceof LeewayError)) throw error;
    return { usage: { unknown: `the spans were not read: ${error.message}` }, startedAt: null };
  }
};

const endsOf = (migration: Migration, find: FindLife): CaseFacts["ends"] => {
  const end = ({ model, provider }: ModelConfiguration): ModelEnd | null => {
    const life = find(model, provider);
    if (life === null) return null;
    return { retires: life.retires, notBefore: life.notBefore, source: life.source === "" ? life.table : life.source };
  };
  return { baseline: end(migration.baseline), candidate: end(migration.candidate) };
};

const suiteOf = ({ why }: Migration, config: string): CaseFacts["suite"] => {
  const named = why?.improvement?.suite;
  if (named === undefined) return null;
  const path = resolve(dirname(resolve(config)), named);
  try {
    const read = readSuiteResult(path, shownPath(path));
    return "result" in read ? read.result : { unknown: read.problems.map(formatProblem).join("; ") };
  } catch (error) {
    if (error instanceof LeewayError) return { unknown: error.message };
    throw error;
  }
};

/** Everything that is known of a migration before it begins; what cannot be had is in it with its reason. */
export const gatherFacts = async (
  migration: Migration,
  { config, environment, access, log, now }: GatherParts,
): Promise<CaseFacts> => {
  const { usage, startedAt } = await readStore(migration, access, log, now);
  const { find } = loadPrices(config, environment);
  const cost = "unknown" in usage ? usage : measuredCost(migration, usage, { find, days: USAGE_DAYS, now });
  const ends = endsOf(migration, loadLives(config, environment));
  return { migration, now, ends, suite: suiteOf(migration, config), cost, startedAt };
};
