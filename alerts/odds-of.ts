/**
 * What a log e-value means: by Ville's inequality a candidate that respects the limit ever reaches it with
 * probability at most e^-logE.
 */
export const oddsOf = (logE: number): string => {
  if (logE <= 0) return "no evidence";
  if (logE > Math.log(1e9)) return "less than 1 in a billion";
  return `at most 1 in ${Number(Math.exp(logE).toPrecision(2)).toLocaleString("en-US")}`;
};
