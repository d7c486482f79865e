import type { Tick } from "../../../core/sample.ts";
import { type CatalogueSignal, SIGNALS } from "../../../core/signals.ts";
import { designEffect } from "../../../detectors/stats/cluster-effect.ts";
import { CALL_SIGNALS } from "./call-signals.ts";
import { type ConversationPool, SUMS } from "./conversation-pool.ts";

/** Hash buckets of conversations, calls looked at and how far back: as store/fold/design-effects.ts has them. */
export const BUCKETS = 256;
const MAX_CALLS = 100_000;
const LOOKBACK_MINUTES = 7 * 24 * 60;

/** Known only when they are told, and from another table: the store measures no likeness of them. */
const OUTCOMES: readonly CatalogueSignal[] = ["quality", "support_tickets"];

const WIDTH = CALL_SIGNALS.length * SUMS;

interface Block {
  readonly minute: number;
  calls: number;
  readonly sums: Float64Array;
}

/** Sums per bucket of conversations over the newest baseline calls: what design effects are estimated from. */
export interface LikenessWindow {
  /** Opens the block of the tick that begins at `minute`; what is older than the window falls out. */
  readonly begin: (minute: number) => void;
  /** A conversation of the pool that the baseline had, of `calls` calls, hashed into `bucket`. */
  readonly add: (conversation: number, calls: number, bucket: number) => void;
  /** The effects that the store would estimate now, by its own formula. */
  readonly effects: () => NonNullable<Tick["designEffects"]>;
}

const accumulate = (into: Float64Array, at: number, from: Float64Array, start: number, sign: 1 | -1): void => {
  for (let i = 0; i < WIDTH; i++) into[at + i] = (into[at + i] ?? 0) + sign * (from[start + i] ?? 0);
};

/** An empty window. */
export const createLikenessWindow = ({ sums }: ConversationPool): LikenessWindow => {
  const total = new Float64Array(BUCKETS * WIDTH);
  const blocks: Block[] = [];
  let calls = 0;
  const drop = (block: Block): void => {
    blocks.shift();
    calls -= block.calls;
    for (let bucket = 0; bucket < BUCKETS; bucket++) accumulate(total, bucket * WIDTH, block.sums, bucket * WIDTH, -1);
  };
  return {
    begin: (minute) => {
      for (let oldest = blocks[0]; oldest !== undefined; oldest = blocks[0]) {
        if (oldest.minute >= minute - LOOKBACK_MINUTES && calls - oldest.calls < MAX_CALLS) break;
        drop(oldest);
      }
      blocks.push({ minute, calls: 0, sums: new Float64Array(BUCKETS * WIDTH) });
    },
    add: (conversation, count, bucket) => {
      const block = blocks.at(-1);
      if (block === undefined) return;
      block.calls += count;
      calls += count;
      accumulate(block.sums, bucket * WIDTH, sums, conversation * WIDTH, 1);
      accumulate(total, bucket * WIDTH, sums, conversation * WIDTH, 1);
    },
    effects: () => {
      const found: Partial<Record<CatalogueSignal, number>> = {};
      CALL_SIGNALS.forEach((signal, s) => {
        if (OUTCOMES.includes(signal)) return;
        const buckets = Array.from({ length: BUCKETS }, (_, bucket) => {
          const at = bucket * WIDTH + s * SUMS;
          return { n: total[at] ?? 0, sum: total[at + 1] ?? 0, squares: total[at + 2] ?? 0 };
        });
        const effect = designEffect(buckets, SIGNALS[signal].kind === "rate");
        if (effect !== null) found[signal] = effect;
      });
      return found;
    },
  };
};
