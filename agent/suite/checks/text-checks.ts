import { spelling } from "../../../features/pairs/equal-values.ts";
import { holds, type Outcome } from "../outcome.ts";
import type { WrittenCheck } from "../suite.ts";

type Cased = Pick<WrittenCheck, "ignoreCase">;

const inCase = (text: string, { ignoreCase = false }: Cased): string => (ignoreCase ? text.toLowerCase() : text);

/** A value as text: what is no text as JSON. */
export const asText = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

const isEqual = (value: unknown, wanted: unknown, check: Cased): boolean => {
  if (typeof value === "string" || typeof wanted === "string")
    return inCase(asText(value).trim(), check) === inCase(asText(wanted).trim(), check);
  return spelling(value) === spelling(wanted);
};

/** `equals`: texts without the blanks around them, else values whatever the order of their keys. */
export const equals = (value: unknown, check: WrittenCheck): Outcome =>
  holds(isEqual(value, check.equals, check), "equals: is another value");

const listOf = (texts: string | readonly string[] | undefined): readonly string[] =>
  typeof texts === "string" ? [texts] : (texts ?? []);

/** `contains`: every one of the texts. */
export const contains = (value: unknown, check: WrittenCheck): Outcome => {
  const text = inCase(asText(value), check);
  const missing = listOf(check.contains).find((each) => !text.includes(inCase(each, check)));
  return holds(missing === undefined, `contains: ${JSON.stringify(missing)} is not there`);
};

/** `containsAny`: at least one of the texts. */
export const containsAny = (value: unknown, check: WrittenCheck): Outcome => {
  const text = inCase(asText(value), check);
  const isThere = listOf(check.containsAny).some((each) => text.includes(inCase(each, check)));
  return holds(isThere, "containsAny: none of them is there");
};

/** `notContains`: none of the texts. */
export const notContains = (value: unknown, check: WrittenCheck): Outcome => {
  const text = inCase(asText(value), check);
  const found = listOf(check.notContains).find((each) => text.includes(inCase(each, check)));
  return holds(found === undefined, `notContains: ${JSON.stringify(found)} is there`);
};

/** A number, or a text that is one alone. */
const numberOf = (value: unknown): number => {
  if (typeof value === "string" && value.trim() !== "") return Number(value.trim());
  return typeof value === "number" ? value : Number.NaN;
};

/** `range`: a number from `min` to `max`. */
export const range = (value: unknown, check: WrittenCheck): Outcome => {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = check.range ?? {};
  const number = numberOf(value);
  if (Number.isNaN(number)) return holds(false, "range: is no number");
  return holds(number >= min && number <= max, `range: is ${number < min ? "below" : "above"}`);
};
