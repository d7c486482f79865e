import type { CostDifference } from "../core/collector-stats.ts";

/** A cost that a sender states is another one from this share on; less is rounding, or a price of last week. */
const TOLERANCE = 0.05;

/** Calls whose sender says another cost than the price table. */
export interface CostDifferences {
  /** Takes note of a call's cost as it is stored and as its sender said it, US dollars; null = unknown. */
  readonly note: (model: string, costUsd: number | null, statedUsd: number | null) => void;
  /** By model, the first seen first. */
  readonly list: () => readonly CostDifference[];
}

/** Starts with none; of more than `maxModels`, which some sender makes up, the rest are one. */
export const createCostDifferences = (maxModels: number): CostDifferences => {
  const found = new Map<string, CostDifference>();
  return {
    note: (model, costUsd, statedUsd) => {
      if (costUsd === null || statedUsd === null || Math.abs(costUsd - statedUsd) <= TOLERANCE * statedUsd) return;
      const name = found.has(model) || found.size < maxModels ? model : "other";
      const before = found.get(name) ?? { calls: 0, pricedUsd: 0, statedUsd: 0 };
      found.set(name, {
        model: name,
        calls: before.calls + 1,
        pricedUsd: before.pricedUsd + costUsd,
        statedUsd: before.statedUsd + statedUsd,
      });
    },
    list: () => [...found.values()],
  };
};
