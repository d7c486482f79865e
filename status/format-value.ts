const digits = (value: number): string =>
  value.toLocaleString(
    "en-US",
    Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );

const WRITE: Readonly<Record<string, (value: number) => string>> = {
  share: (value) => `${Number((value * 100).toPrecision(3))}%`,
  ms: (value) => (Math.abs(value) >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`),
  USD: (value) => `$${Number(value.toPrecision(3))}`,
};

/** A signal's value for people, in its unit (`share` as percent, `ms`, `USD`, others as `12.3 tokens`); `–` when unknown. */
export const formatValue = (value: number | null, unit: string): string => {
  if (value === null || !Number.isFinite(value)) return "–";
  const write = WRITE[unit];
  return write ? write(value) : `${digits(value)} ${unit}`.trim();
};
