import type { Arm } from "./cohort.ts";

/** Sums over the calls of one arm, in one segment, that one model answered. Costs in US dollars. */
export interface CostCell {
  readonly arm: Arm;
  /** The values of the migration's segments, as one text; empty where it has none. Only compared with itself. */
  readonly segment: string;
  /** The model that answered and the one that was asked for; empty where it is unknown. */
  readonly model: string;
  readonly askedModel: string;
  /** All calls, also those of which nothing below is known. */
  readonly calls: number;
  /** Calls whose prompt or answer tokens are unknown. */
  readonly withoutUsage: number;
  /** Calls with known usage and no price. */
  readonly withoutPrice: number;
  /** Calls whose cost is known, and nothing but they in the sums below. */
  readonly priced: number;
  readonly costUsd: number;
  /** Prompt tokens, those read from the cache and written to it among them. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly writtenTokens: number;
  /** Answer tokens, reasoning among them. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** Answer tokens, less reasoning, and characters of the answers that are text and nothing else. */
  readonly textTokens: number;
  readonly textChars: number;
}

/** List prices of one model in US dollars per token. */
export interface CellPrices {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
}

/** The list prices of the model that answered, else of the one that was asked for; null where there are none. */
export type CellPricesOf = (cell: Pick<CostCell, "model" | "askedModel">) => CellPrices | null;
