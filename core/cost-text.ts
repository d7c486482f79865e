import type { Arm } from "./cohort.ts";
import type { CostCalls, CostDifference, CostFactor, CostPart, CostUnknown } from "./cost-difference.ts";
import { countText } from "./count-text.ts";
import { figure, tableFigure } from "./figure.ts";
import { percent } from "./percent.ts";
import { shortNumber } from "./short-number.ts";

/** What each factor of a cost is, and what its figures are of, in words. */
export const COST_FACTORS: Readonly<Record<CostFactor, { readonly meaning: string; readonly figures: string }>> = {
  price: { meaning: "price of a token", figures: "the baseline's calls at this arm's prices" },
  tokenizer: { meaning: "tokens for the same text of the answer", figures: "answer tokens per character" },
  length: { meaning: "length of the answer, tool calls included", figures: "characters of the answer" },
  prompt: { meaning: "tokens of the prompt: its length and the tokenizer", figures: "prompt tokens" },
  reasoning: { meaning: "reasoning", figures: "reasoning tokens" },
  cache: { meaning: "use of the provider's cache", figures: "share of the prompt read from it" },
  mix: { meaning: "how calls spread over the segments", figures: "" },
  unlisted: { meaning: "calls of models without a list price", figures: "share of such calls" },
};

/** Why a difference of cost is not taken apart, in words. */
export const COST_UNKNOWN: Readonly<Record<CostUnknown, string>> = {
  "no-baseline-calls": "the baseline has no call in this time",
  "no-canary-calls": "the canary has no call in this time",
  "no-baseline-costs": "of no baseline call the cost is known",
  "no-canary-costs": "of no canary call the cost is known",
  "no-list-price": "an arm's costs are known, but not the prices they are made of",
};

/** Why a difference of cost is not taken apart, and what to do, in one sentence. */
export const costUnknownText = ({ why, models }: Extract<CostDifference, { outcome: "unknown" }>): string => {
  const named = models.filter((model) => model !== "");
  const which = named.length === 0 ? "" : ` (${named.join(", ")})`;
  const advice = why.endsWith("costs") || why === "no-list-price" ? "; name them in agent.prices (docs/prices.md)" : "";
  return `${COST_UNKNOWN[why]}${which}${advice}`;
};

/** Less than this a call is how sums of floating-point numbers end, US dollars. */
const DUST_USD = 1e-12;

const isSame = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** The parts of a difference that are something: others are left out where people read them. */
export const usedParts = (parts: readonly CostPart[]): readonly CostPart[] =>
  parts.filter(({ usd, figures: { canary, baseline } }) => Math.abs(usd) > DUST_USD || !isSame(canary, baseline));

/**
 * The figures of a part, canary and baseline, for a table in which `COST_FACTORS[…].figures` says what they are of; null where a part
 * has none.
 */
export const costFigures = ({ factor, figures, unit }: CostPart): Readonly<Record<Arm, string>> | null => {
  if (COST_FACTORS[factor].figures === "") return null;
  // What is counted stands beside them; money and shares are read by their signs.
  const shown = (value: number | null): string => tableFigure(value, unit === "USD" || unit === "share" ? unit : "");
  return { canary: shown(figures.canary), baseline: shown(figures.baseline) };
};

/** US dollars with their sign: `+$0.00275`. */
export const signedUsd = (usd: number): string => `${usd < 0 ? "-" : "+"}$${shortNumber(Math.abs(usd))}`;

/** A share with its sign: `+20%`; `unknown` for null. */
export const signedShare = (share: number | null): string =>
  share === null ? "unknown" : `${share < 0 ? "-" : "+"}${percent(Math.abs(share))}`;

/** `a call costs $0.00675 on the canary, $0.004 on the baseline: +$0.00275 (+68.8%)`. */
export const costSentence = ({
  costUsd,
  differenceUsd,
  relative,
}: Pick<Extract<CostDifference, { outcome: "explained" }>, "costUsd" | "differenceUsd" | "relative">): string =>
  `a call costs ${figure(costUsd.canary, "USD")} on the canary, ${figure(costUsd.baseline, "USD")} on the baseline: ${signedUsd(differenceUsd)}${relative === null ? "" : ` (${signedShare(relative)})`}`;

const leftOut = (arm: Arm, { calls, withoutUsage, withoutPrice }: CostCalls): readonly string[] =>
  withoutUsage + withoutPrice === 0
    ? []
    : [
        `${countText(withoutUsage + withoutPrice)} of ${countText(calls)} ${arm} calls (${countText(withoutUsage)} without usage, ${countText(withoutPrice)} without a price)`,
      ];

/** The calls that are in neither mean, in words; empty where there are none. */
export const costLeftOutText = ({ counts }: Pick<CostDifference, "counts">): string =>
  [...leftOut("canary", counts.canary), ...leftOut("baseline", counts.baseline)].join("; ");
