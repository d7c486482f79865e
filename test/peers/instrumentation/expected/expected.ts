/** What one attribute has to be: a value, a pattern its text matches, or (undefined) absent. */
export type Wanted = string | number | boolean | readonly (string | number)[] | RegExp | undefined;

/** Attributes of the one span a step has to give. */
export type ExpectedSpan = Readonly<Record<string, Wanted>>;

/** By step: its one span, or several in the order in which they began. */
export type Expected = Readonly<Record<string, ExpectedSpan | readonly ExpectedSpan[]>>;

/** Anything that is there. */
export const PRESENT: RegExp = /(?:)/;

const isAsWanted = (wanted: Wanted, found: unknown): boolean =>
  wanted instanceof RegExp
    ? found !== undefined && wanted.test(String(found))
    : JSON.stringify(wanted) === JSON.stringify(found);

/** One line per attribute that is not as expected. */
export const differences = (expected: ExpectedSpan, found: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(expected)
    .filter(([name, wanted]) => !isAsWanted(wanted, found[name]))
    .map(([name, wanted]) => `${name} is ${JSON.stringify(found[name])}; expected ${String(wanted)}`);
