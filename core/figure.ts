import { percent } from "./percent.ts";
import { shortNumber } from "./short-number.ts";

/** How figures are written in one kind of place. */
interface FigureStyle {
  readonly unknown: string;
  readonly number: (value: number) => string;
  readonly ms: (value: number) => string;
}

/** Three digits each: a sentence is read by itself. */
const SENTENCE: FigureStyle = {
  unknown: "unknown",
  number: (value) => shortNumber(value),
  ms: (value) => (Math.abs(value) >= 1000 ? `${shortNumber(value / 1000)} s` : `${shortNumber(value)} ms`),
};

/** Figures of one column are compared: the same unit as long as it is readable, and thousands separated. */
const TABLE: FigureStyle = {
  unknown: "–",
  number: (value) =>
    value.toLocaleString(
      "en-US",
      Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
    ),
  ms: (value) => (Math.abs(value) >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`),
};

const write = (value: number | null, unit: string, { unknown, number, ms }: FigureStyle): string => {
  if (value === null || !Number.isFinite(value)) return unknown;
  if (unit === "share") return percent(value);
  if (unit === "ms") return ms(value);
  return unit === "USD" ? `$${shortNumber(value)}` : `${number(value)} ${unit}`.trim();
};

/** A value of a signal in its unit (`share`, `ms`, `USD`, `tokens`, …; "" = none), for a sentence; `unknown` where it is. */
export const figure = (value: number | null, unit: string): string => write(value, unit, SENTENCE);

/** The same for a table, whose figures stand one below the other; `–` where it is unknown. */
export const tableFigure = (value: number | null, unit: string): string => write(value, unit, TABLE);
