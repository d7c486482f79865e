/** Numbers and dates of a text, each as often as it stands there. */
export interface Figures {
  readonly numbers: readonly string[];
  readonly dates: readonly string[];
}

/** No more are looked at. */
const MAX_FIGURES = 2000;

const MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
const ISO = "\\d{4}-\\d{1,2}-\\d{1,2}";
const NUMERIC = "\\d{1,2}[./]\\d{1,2}[./](?:\\d{4}|\\d{2})";
const DAY_FIRST = `\\d{1,2}(?:st|nd|rd|th)? (?:${MONTHS})[a-z]{0,6}\\.?,? \\d{4}`;
const MONTH_FIRST = `(?:${MONTHS})[a-z]{0,6}\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}`;
const DATE = new RegExp(`(?<![\\w.])(?:${ISO}|${NUMERIC}|${DAY_FIRST}|${MONTH_FIRST})(?!\\w)`, "g");

const MONTH = new RegExp(`(${MONTHS})`);

/** `1.` at the beginning of a line counts lines, not things. */
const LIST_MARK = /^[ \t]{0,12}\d{1,3}[.)][ \t]/gm;
const NUMBER = /(?:(?<![\w.])-)?\d+(?:[.,']\d+| \d{3}(?!\d))*/g;

/** How numbers are written: which separators part thousands, and which one the decimals. */
const SPELLINGS: readonly (readonly [RegExp, (digits: string) => string])[] = [
  [/^\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?$/, (digits) => digits.replaceAll(/[,' ]/g, "")],
  [/^\d{1,3}(?:\.\d{3})+,\d+$/, (digits) => digits.replaceAll(".", "").replace(",", ".")],
  [/^\d+,\d+$/, (digits) => digits.replace(",", ".")],
  [/^\d{1,3}(?:\.\d{3}){2,}$/, (digits) => digits.replaceAll(".", "")],
];

const MAX_DIGITS = 15;

const numberIn = (text: string): string => {
  const digits = text.replace("-", "");
  const spelling = SPELLINGS.find(([pattern]) => pattern.test(digits));
  const plain = spelling === undefined ? digits : spelling[1](digits);
  // Of more digits a double keeps not all; what is no number (a version, an address) stays what it is.
  const value = plain.length <= MAX_DIGITS ? Number(plain) : Number.NaN;
  return (text.startsWith("-") ? "-" : "") + (Number.isNaN(value) ? plain : String(value));
};

/** Dates that name their month in one spelling; all others as they stand, since which number is the month nobody knows. */
const dateIn = (text: string): string => {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return [iso[1], Number(iso[2]), Number(iso[3])].join("-");
  const named = MONTH.exec(text);
  if (named === null) return text;
  const month = MONTHS.split("|").indexOf(named[1] ?? "") + 1;
  const [day, year] = [/\d{1,2}(?!\d)/.exec(text)?.[0], /\d{4}/.exec(text)?.[0]];
  return [year, month, Number(day)].join("-");
};

/**
 * The numbers and dates of a text, in one spelling each: `1,234.50` and `1234.5` are the same number, `March 5,
 * 2024` and `2024-03-05` the same date. Months by their English names. Numbers of dates and of list marks are not counted.
 * Looks at 2000 of each; linear.
 */
export const figuresOf = (written: string): Figures => {
  const text = written.normalize("NFKC").toLowerCase();
  const dates = (text.match(DATE) ?? []).slice(0, MAX_FIGURES);
  const rest = text.replace(DATE, " ").replace(LIST_MARK, " ");
  const numbers = (rest.match(NUMBER) ?? []).slice(0, MAX_FIGURES);
  return { numbers: numbers.map(numberIn), dates: dates.map(dateIn) };
};

/** How many entries of two lists have no equal in the other. */
export const countUnshared = (a: readonly string[], b: readonly string[]): number => {
  const left = new Map<string, number>();
  for (const each of a) left.set(each, (left.get(each) ?? 0) + 1);
  let shared = 0;
  for (const each of b) {
    const count = left.get(each) ?? 0;
    if (count === 0) continue;
    left.set(each, count - 1);
    shared += 1;
  }
  return a.length + b.length - 2 * shared;
};
