import type { CellPrices, CellPricesOf, CostCell } from "../../core/cost-cell.ts";
import { unreachable } from "../../core/exhaustive.ts";

/** What a call of one arm costs in one segment, as a product of what can differ. Token counts are means over calls. */
export interface CostProfile {
  readonly calls: number;
  /** US dollars a token, as they were really paid. */
  readonly prices: CellPrices;
  readonly promptTokens: number;
  /** Shares of the prompt's tokens; null where there are none. */
  readonly cachedShare: number | null;
  readonly writtenShare: number | null;
  /** Tokens per character of text; null where there was no text. */
  readonly tokensPerChar: number | null;
  /** Characters of text. */
  readonly chars: number;
  /** Answer tokens that are neither reasoning nor of an answer of nothing but text. */
  readonly otherTokens: number;
  readonly reasoningTokens: number;
}

/** The sums of a cell with what its model lists, and how much more or less than that was paid. */
interface ListedCell {
  readonly cell: CostCell;
  readonly list: CellPrices;
  readonly factor: number;
}

type Kind = keyof CellPrices;

/** Tokens of one kind; cached and written ones cannot be more than the prompt had. */
const tokensOf = (cell: CostCell, kind: Kind): number => {
  const cached = Math.min(cell.inputTokens, cell.cachedTokens);
  const written = Math.min(cell.inputTokens - cached, cell.writtenTokens);
  switch (kind) {
    case "input":
      return cell.inputTokens - cached - written;
    case "cached":
      return cached;
    case "written":
      return written;
    case "output":
      return cell.outputTokens;
    default:
      return unreachable(kind);
  }
};

const KINDS: readonly Kind[] = ["input", "cached", "written", "output"];

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0);

/**
 * The cell with its model's list prices; null where they cannot tell its cost: the model has none, or they make nothing
 * of it. The factor holds what the list does not say (tier, length of the prompt, audio).
 */
export const listedCell = (cell: CostCell, pricesOf: CellPricesOf): ListedCell | null => {
  const list = pricesOf(cell);
  if (list === null) return null;
  const listed = sum(KINDS, (kind) => tokensOf(cell, kind) * list[kind]);
  if (listed > 0) return { cell, list, factor: cell.costUsd / listed };
  return cell.costUsd === 0 ? { cell, list, factor: 1 } : null;
};

/** What was paid for a token of one kind; where there was none, what one would have cost. */
const paid = (cells: readonly ListedCell[], kind: Kind): number => {
  const tokens = sum(cells, ({ cell }) => tokensOf(cell, kind));
  const weight = ({ cell }: ListedCell): number => (tokens > 0 ? tokensOf(cell, kind) : cell.priced);
  return sum(cells, (each) => weight(each) * each.list[kind] * each.factor) / sum(cells, weight);
};

const shareOf = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** The profile of the cells of one arm in one segment, whose models may differ; null where no call is among them. */
export const costProfile = (cells: readonly ListedCell[]): CostProfile | null => {
  const calls = sum(cells, ({ cell }) => cell.priced);
  if (calls === 0) return null;
  const total = (of: (cell: CostCell) => number): number => sum(cells, ({ cell }) => of(cell));
  const prompt = total((cell) => cell.inputTokens);
  const reasoning = total((cell) => Math.min(cell.outputTokens, cell.reasoningTokens));
  const answer = total((cell) => cell.outputTokens) - reasoning;
  const text = Math.min(
    answer,
    total((cell) => (cell.textChars > 0 ? cell.textTokens : 0)),
  );
  const chars = total((cell) => cell.textChars);
  const [input, cached, written, output] = [
    paid(cells, "input"),
    paid(cells, "cached"),
    paid(cells, "written"),
    paid(cells, "output"),
  ];
  return {
    calls,
    prices: { input, cached, written, output },
    promptTokens: prompt / calls,
    cachedShare: shareOf(
      total((cell) => tokensOf(cell, "cached")),
      prompt,
    ),
    writtenShare: shareOf(
      total((cell) => tokensOf(cell, "written")),
      prompt,
    ),
    tokensPerChar: shareOf(text, chars),
    chars: chars / calls,
    otherTokens: (answer - text) / calls,
    reasoningTokens: reasoning / calls,
  };
};
