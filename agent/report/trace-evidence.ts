import type { LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { TracedJudgement } from "../../status/report/rule-records.ts";
import type { StoreReader } from "../../store/open-reader.ts";
import { livesOf } from "../backtest/recorded-history.ts";
import { createReplay } from "../backtest/replay.ts";
import { replayStored } from "../backtest/replay-stored.ts";

/** About as many judgements are worth their time: a plot is a few hundred pixels wide. */
const MOST_TICKS = 1_500;
const HOUR_MS = 3_600_000;
/** Later than any tick, and still a time that ClickHouse knows. */
const FAR = 8_000_000_000_000;

const everyOf = (from: number, to: number, tickMs: number): number =>
  Math.min(Math.max(tickMs, HOUR_MS), Math.ceil((to - from) / MOST_TICKS / tickMs) * tickMs);

/**
 * The evidence between the moments that are on record: the stored ticks judged again, merged so that there are not too
 * many. Empty where none is stored any more.
 */
export const traceEvidence = async (
  reader: Pick<StoreReader, "tickSpan" | "mergedTicks" | "pastTicks">,
  migration: Migration,
  entries: readonly LedgerEntry[],
  { tickMs, settleMs }: { readonly tickMs: number; readonly settleMs: number },
): Promise<readonly TracedJudgement[]> => {
  const lives = livesOf(migration, entries, { from: null, until: FAR });
  const [first, end] = [lives[0]?.since, lives.at(-1)?.until ?? FAR];
  if (first === undefined) return [];
  const origin = Math.floor(first / tickMs) * tickMs;
  const span = await reader.tickSpan({ migration: migration.name, origin, until: end });
  if (span === null) return [];
  const traced: TracedJudgement[] = [];
  const numbers = new Map(lives.map(({ since }, i) => [since, i + 1]));
  const judged = (judgement: TracedJudgement["judgement"], since: number): void =>
    void traced.push({ judgement, life: numbers.get(since) ?? 1 });
  const replay = createReplay(migration, entries, { tickMs, settleMs, from: null, judged });
  const everyMs = everyOf(origin, span.last, tickMs);
  await replayStored(reader, { migration, lives, tickMs, everyMs, last: span.last }, replay, () => undefined);
  return traced;
};
