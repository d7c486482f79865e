import { isRecord } from "../is-record.ts";
import { normalised } from "./normalised.ts";

const NEAR = 1e-9;

/** Numbers that differ by less than 1e-9, or by that part of the larger one, are equal. */
const nearlyEqual = (a: number, b: number): boolean =>
  Math.abs(a - b) <= NEAR * Math.max(1, Math.abs(a), Math.abs(b)) || a === b;

/** Two JSON values that hold no others; texts are compared normalised. */
export const equalScalars = (a: unknown, b: unknown): boolean => {
  if (typeof a === "number" && typeof b === "number") return nearlyEqual(a, b);
  if (typeof a === "string" && typeof b === "string") return a === b || normalised(a) === normalised(b);
  return a === b;
};

/** What a JSON value is, a number's and a null's included. */
export const typeOf = (value: unknown): "null" | "list" | "object" | "text" | "number" | "flag" => {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "flag";
  return typeof value === "string" ? "text" : "object";
};

/** How many values may be spelled yet; below 0 what was spelled is not the whole. */
export interface SpellingBudget {
  left: number;
}

const spelled = (value: unknown, depth: number, budget: SpellingBudget): unknown => {
  budget.left -= 1;
  if (depth > 32 || budget.left < 0) return null;
  if (typeof value === "number") return Number(value.toPrecision(10));
  if (typeof value === "string") return normalised(value);
  if (Array.isArray(value)) return value.map((each) => spelled(each, depth + 1, budget));
  if (!isRecord(value)) return value;
  const names = Object.keys(value).sort();
  return names.map((name) => [name, spelled(value[name], depth + 1, budget)]);
};

/**
 * A parsed JSON value as a text that is the same for equal values: key order, blanks, the format of numbers and the spelling of
 * texts left aside. Below 32 levels, and beyond the budget, nothing is told apart.
 */
export const spelling = (value: unknown, budget: SpellingBudget = { left: Number.POSITIVE_INFINITY }): string =>
  JSON.stringify([typeOf(value), spelled(value, 0, budget)]);
