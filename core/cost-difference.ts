import type { Arm } from "./cohort.ts";

/**
 * What a difference of cost can come from. `price`: the price of a token; `tokenizer`: tokens per character of the answer's
 * text; `length`: how much is answered; `prompt`: tokens of the prompt; `reasoning`: tokens of reasoning; `cache`: shares of
 * the prompt that are read from the cache and written to it; `mix`: how calls spread over the segments; `unlisted`: calls
 * whose cost is known and whose model has no list price, so that it cannot be taken apart.
 */
export type CostFactor = "price" | "tokenizer" | "length" | "prompt" | "reasoning" | "cache" | "mix" | "unlisted";

/** What one factor makes of the difference. */
export interface CostPart {
  readonly factor: CostFactor;
  /** US dollars a call, canary minus baseline. */
  readonly usd: number;
  /** The same as a share of the baseline's cost a call; null where that is 0. */
  readonly relative: number | null;
  /** What changed, in each arm, in `unit`; null where it has no figure. */
  readonly figures: Readonly<Record<Arm, number | null>>;
  readonly unit: string;
}

/** Calls of one arm: all of them, and those that are in no mean because something of them is unknown. */
export interface CostCalls {
  readonly calls: number;
  readonly priced: number;
  readonly withoutUsage: number;
  readonly withoutPrice: number;
}

/** Why a difference of cost is not taken apart. */
export type CostUnknown =
  | "no-baseline-calls"
  | "no-canary-calls"
  | "no-baseline-costs"
  | "no-canary-costs"
  | "no-list-price";

interface CostBase {
  readonly counts: Readonly<Record<Arm, CostCalls>>;
}

/** The difference of cost a call between the arms, taken apart; or why it cannot be. */
export type CostDifference =
  | (CostBase & {
      readonly outcome: "explained";
      /** US dollars a call, of calls whose cost is known. */
      readonly costUsd: Readonly<Record<Arm, number>>;
      /** Canary minus baseline; what the parts sum to. */
      readonly differenceUsd: number;
      /** The same as a share of the baseline's; null where that is 0. */
      readonly relative: number | null;
      /** One for each factor, the one that makes most of it first. */
      readonly parts: readonly CostPart[];
    })
  | (CostBase & {
      readonly outcome: "unknown";
      readonly why: CostUnknown;
      /** Models without a list price, of `no-list-price`. */
      readonly models: readonly string[];
    });
