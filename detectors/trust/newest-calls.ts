import type { Arm } from "../../core/cohort.ts";
import { ARMS } from "./arms.ts";

/** Numbers that are added up over ticks, by name; missing is zero. */
export type Tally = ReadonlyMap<string, number>;

interface Block {
  readonly from: number;
  to: number;
  readonly calls: Record<Arm, number>;
  readonly sums: Record<Arm, Map<string, number>>;
}

/** Blocks that are kept; of more every two neighbours become one, so that months at little traffic stay small. */
const MAX_BLOCKS = 512;
const BLOCK_MS = 60_000;

/** The newest calls of both arms. */
export interface NewestCalls {
  readonly add: (
    tick: { readonly from: number; readonly to: number },
    arms: Readonly<Record<Arm, { readonly calls: number; readonly sums: Tally }>>,
  ) => void;
  readonly calls: (arm: Arm) => number;
  readonly sum: (arm: Arm, name: string) => number;
}

const addTo = (block: Block, arm: Arm, calls: number, sums: Tally): void => {
  block.calls[arm] += calls;
  for (const [name, value] of sums) block.sums[arm].set(name, (block.sums[arm].get(name) ?? 0) + value);
};

const newBlock = (from: number, to: number): Block => ({
  from,
  to,
  calls: { canary: 0, baseline: 0 },
  sums: { canary: new Map(), baseline: new Map() },
});

const joined = (a: Block, b: Block | undefined): Block => {
  if (b === undefined) return a;
  a.to = b.to;
  for (const arm of ARMS) addTo(a, arm, b.calls[arm], b.sums[arm]);
  return a;
};

/** The last ticks in which each arm has `minCalls` calls, and at least `minMs` of them. */
export const createNewestCalls = ({
  minCalls,
  minMs,
}: {
  readonly minCalls: number;
  readonly minMs: number;
}): NewestCalls => {
  let blocks: Block[] = [];
  const callsOf = (arm: Arm): number => blocks.reduce((sum, { calls }) => sum + calls[arm], 0);

  const forget = (): void => {
    const total = { canary: callsOf("canary"), baseline: callsOf("baseline") };
    const end = blocks.at(-1)?.to ?? 0;
    let first = 0;
    for (const block of blocks) {
      const left = ARMS.every((arm) => total[arm] - block.calls[arm] >= minCalls);
      if (!left || end - block.to < minMs) break;
      for (const arm of ARMS) total[arm] -= block.calls[arm];
      first += 1;
    }
    blocks = blocks.slice(first);
    if (blocks.length > MAX_BLOCKS)
      blocks = blocks.flatMap((block, at) => (at % 2 === 0 ? [joined(block, blocks[at + 1])] : []));
  };

  return {
    add: ({ from, to }, arms) => {
      const last = blocks.at(-1);
      const block = last !== undefined && from < last.from + BLOCK_MS ? last : newBlock(from, to);
      if (block !== last) blocks.push(block);
      block.to = to;
      for (const arm of ARMS) addTo(block, arm, arms[arm].calls, arms[arm].sums);
      forget();
    },
    calls: callsOf,
    sum: (arm, name) => blocks.reduce((sum, { sums }) => sum + (sums[arm].get(name) ?? 0), 0),
  };
};
