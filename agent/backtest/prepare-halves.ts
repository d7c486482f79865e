import type { Migration } from "../../core/migration.ts";
import type { CallRange } from "../../store/fold/call-range.ts";
import type { Injected } from "../../store/fold/injected-column.ts";
import type { StoreReader } from "../../store/open-reader.ts";
import type { NoBacktest } from "./backtest.ts";
import { alterationFor, type Injection } from "./injection.ts";

/** What is to be measured on random halves of the baseline. Times are epoch ms, durations ms. */
export interface FalseAlarmRequest {
  readonly migration: Migration;
  /** Null = fourteen days before `to`. */
  readonly from: number | null;
  /** Null = the newest call of the baseline. */
  readonly to: number | null;
  readonly runs: number;
  /** Names the dealing: the same seed on the same calls gives the same result. */
  readonly seed: number;
  /** Part of the traffic that stands for the canary, 0-1. */
  readonly share: number;
  readonly everyMs: number;
  /** Regressions put into the half that stands for the canary; empty = none, two equal arms. */
  readonly injections: readonly Injection[];
  /** How long after the beginning they are put in, ms. */
  readonly injectAfterMs: number;
}

/** What is dealt, in numbers of this baseline. */
export interface PreparedHalves {
  readonly range: CallRange;
  /** Calls of the baseline in that time. */
  readonly calls: number;
  readonly injected: readonly Injected[];
  /** When the regressions are put in, epoch ms; later than every call where there are none. */
  readonly since: number;
}

const FOURTEEN_DAYS_MS = 14 * 86_400_000;
/** Later than any call, and still a time that ClickHouse knows. */
const FAR = 8_000_000_000_000;

const rangeOf = async (reader: StoreReader, request: FalseAlarmRequest): Promise<CallRange | NoBacktest> => {
  const migration = request.migration.name;
  const wanted = { migration, from: request.from ?? 0, to: request.to ?? FAR };
  const found = await reader.baselineCalls(wanted);
  if (found === null)
    return { problem: `${migration}: no call of the baseline is stored in this time; expected some thousands` };
  const to = Math.min(wanted.to, found.last + 1);
  const from = request.from ?? Math.max(found.first, to - FOURTEEN_DAYS_MS);
  return { migration, from: Math.floor(from / request.everyMs) * request.everyMs, to };
};

/** The regression in numbers of the baseline of a range. */
const injectedOver = async (
  reader: StoreReader,
  range: CallRange,
  injection: Injection,
  since: number,
): Promise<Injected | NoBacktest> => {
  const { signal, quantile, text } = injection;
  const shown = await reader.baselineValue(range, { signal, quantile: quantile ?? 0.5 });
  if (shown === null)
    return {
      problem: `--inject ${text}: no call of the baseline carries ${signal} in this time; expected some thousands`,
    };
  const alteration = alterationFor(injection, shown);
  return typeof alteration === "string" ? { problem: alteration } : { signal, alteration, since };
};

/** Finds the time that is dealt and what the regressions mean there; the problem where that cannot be. */
export const prepareHalves = async (
  reader: StoreReader,
  request: FalseAlarmRequest,
): Promise<PreparedHalves | NoBacktest> => {
  const range = await rangeOf(reader, request);
  if ("problem" in range) return range;
  const { calls } = (await reader.baselineCalls(range)) ?? { calls: 0 };
  const since = request.injections.length === 0 ? FAR : range.from + request.injectAfterMs;
  if (request.injections.length > 0 && since >= range.to)
    return {
      problem: `--at: the calls end before that; expected less than ${Math.floor((range.to - range.from) / 60_000)}m`,
    };
  const injected: Injected[] = [];
  for (const injection of request.injections) {
    const each = await injectedOver(reader, range, injection, since);
    if ("problem" in each) return each;
    injected.push(each);
  }
  return { range, calls, injected, since };
};
