import { unreachable } from "../../core/exhaustive.ts";
import type { Normalisation } from "../../core/normalisations.ts";
import { quoteText } from "../quote.ts";

/** Blanks as JavaScript's trim() knows them; ClickHouse's own knows the space alone. */
const BLANKS = String.raw`[\s\x0B\x{FEFF}\p{Z}]+`;

const normalised = (value: string, how: Normalisation): string => {
  switch (how) {
    case "trim":
      return `replaceRegexpAll(${value}, ${quoteText(`^${BLANKS}|${BLANKS}$`)}, '')`;
    case "lower":
      return `lowerUTF8(${value})`;
    default:
      return unreachable(how);
  }
};

/** SQL for the value that a call with a `segments` map has of a name, normalised; empty where it has none. */
export const normalisedSql = (name: string, normalise: readonly Normalisation[] = []): string =>
  normalise.reduce(normalised, `segments[${quoteText(name)}]`);
