import { percent } from "../core/percent.ts";

const withUnit: Readonly<Record<string, (value: number) => string>> = {
  share: (value) => percent(value),
  ms: (value) => (Math.abs(value) >= 1000 ? `${Number((value / 1000).toPrecision(3))} s` : `${rounded(value)} ms`),
  USD: (value) => `$${Number(value.toPrecision(3))}`,
};

const rounded = (value: number): number => Number(value.toPrecision(3));

/** A value of a signal in its unit (`share`, `ms`, `USD`, `tokens`, …; "" = none), three digits; null is `unknown`. */
export const figure = (value: number | null, unit: string): string => {
  if (value === null) return "unknown";
  return withUnit[unit]?.(value) ?? `${rounded(value)} ${unit}`.trim();
};

/** A count with thousands separated: `12,940`. */
export const count = (n: number): string => Math.round(n).toLocaleString("en-US");

/** A duration as seconds, one decimal: `3.4 s`. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/**
 * What a log e-value means: by Ville's inequality a candidate that respects the limit ever reaches it with
 * probability at most e^-logE.
 */
export const oddsOf = (logE: number): string => {
  if (logE <= 0) return "no evidence";
  if (logE > Math.log(1e9)) return "less than 1 in a billion";
  return `at most 1 in ${Number(Math.exp(logE).toPrecision(2)).toLocaleString("en-US")}`;
};
