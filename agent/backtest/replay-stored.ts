import type { Migration } from "../../core/migration.ts";
import { LEARN_MS } from "../../detectors/plan.ts";
import type { StoreReader } from "../../store/open-reader.ts";
import type { Life } from "./recorded-history.ts";
import type { Replay } from "./replay.ts";
import { signalsOf } from "./signals-of.ts";

/** What is replayed. Times are epoch ms, durations ms. */
export interface StoredRange {
  readonly migration: Migration;
  readonly lives: readonly Life[];
  readonly tickMs: number;
  /** Length the stored ticks are merged to; null = as they are stored. */
  readonly everyMs: number | null;
  /** End of the last tick. */
  readonly last: number;
}

/** Feeds a replay with the stored ticks of each life, and the hour before it. `seen` is told of the end of each tick. */
export const replayStored = async (
  reader: Pick<StoreReader, "mergedTicks" | "pastTicks">,
  { migration, lives, tickMs, everyMs, last }: StoredRange,
  replay: Replay,
  seen: (to: number) => void,
): Promise<void> => {
  const signals = signalsOf(migration.rules);
  for (const { since, until } of lives) {
    const begin = Math.floor(since / tickMs) * tickMs;
    const wanted = { migration: migration.name, everyMs, signals };
    const before = { ...wanted, origin: begin - LEARN_MS, until: begin };
    for await (const tick of reader.pastTicks(before)) replay.learn(tick);
    for await (const tick of reader.mergedTicks(before)) replay.learn(tick);
    const life = { ...wanted, origin: begin, until: Math.min(until, last) };
    for await (const tick of reader.mergedTicks(life)) {
      replay.step(tick);
      seen(tick.to);
    }
  }
};
