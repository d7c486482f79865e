const DURATION_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  y: 31_536_000_000,
};

/** Milliseconds of "200ms", "5s", "4h", "14d", "2y" (of 365 days); null for anything else. */
export const parseDuration = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|y)$/.exec(text.trim());
  return match === null ? null : Number(match[1]) * (DURATION_MS[match[2] ?? ""] ?? Number.NaN);
};

/** 0.05 of "5%"; null for anything else. */
export const parsePercent = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  // Divided as text: 7 / 100 is exact where 7 * 0.01 is not.
  return match === null ? null : Number(match[1]) / 100;
};
