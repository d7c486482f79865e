import type { AttributeValue } from "./attributes.ts";

/** Longest text kept in a column. Names are far shorter; this bounds what a broken sender can store. */
const MAX_CHARS = 256;

/** Largest count a column holds. */
const MAX_COUNT = 4_294_967_295;

type Value = AttributeValue | undefined;

const first = (value: Value): Value => (Array.isArray(value) ? value[0] : value);

/**
 * The first characters of a text, as a text of its own: a slice would keep all of the text it was cut from in memory, and
 * some of these are kept for as long as the agent runs.
 */
const cut = (text: string): string =>
  text.length <= MAX_CHARS ? text : Buffer.from(text.slice(0, MAX_CHARS), "utf16le").toString("utf16le");

/** Text of at most 256 characters: a string, a number or boolean as text, or the first of a list; else empty. */
export const textOf = (value: Value): string => {
  const one = first(value);
  if (typeof one === "string") return cut(one);
  return typeof one === "number" || typeof one === "boolean" ? String(one) : "";
};

/** A finite number at or above zero, given as a number or as its text; else null. */
export const amountOf = (value: Value): number | null => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : null;
};

/** A whole number from 0 to 2^32 - 1; else null: what cannot be a count is unknown. */
export const countOf = (value: Value): number | null => {
  const amount = amountOf(value);
  return amount !== null && Number.isInteger(amount) && amount <= MAX_COUNT ? amount : null;
};

/** A yes or no as 1 or 0; else null. */
export const flagOf = (value: Value): 0 | 1 | null => {
  if (value === true || value === 1 || value === "true") return 1;
  return value === false || value === 0 || value === "false" ? 0 : null;
};
