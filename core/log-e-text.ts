/** Natural logs: how much evidence there is, and how much was asked for. */
interface Weighed {
  readonly logE: number;
  readonly threshold: number;
}

/** Earlier versions wrote this, or less, where nothing had been weighed. */
const EARLIER_LOWEST = -1e9;

/** True where calls were weighed: before the first of them a log e-value is 0, and no number of it says anything. */
export const isWeighed = (logE: number): boolean => Number.isFinite(logE) && logE > EARLIER_LOWEST && logE !== 0;

/** The next lower figure where rounding would look as if enough had been reached. */
const belowText = ({ logE, threshold }: Weighed, decimals: number): string => {
  const [rounded, needed] = [logE.toFixed(decimals), threshold.toFixed(decimals)];
  if (logE >= threshold || Number(rounded) < Number(needed)) return rounded;
  return (Number(needed) - 10 ** -decimals).toFixed(decimals);
};

/** Evidence beside what was asked for: `2.3 of 4.6`; `none yet, 4.6 needed` before there is any. */
export const logEText = (weighed: Weighed, decimals = 1, between = " of ", after = ""): string => {
  const needed = weighed.threshold.toFixed(decimals);
  return isWeighed(weighed.logE)
    ? `${belowText(weighed, decimals)}${between}${needed}${after}`
    : `none yet, ${needed} needed`;
};

/** A part of the evidence by itself: `2.3`, or `none yet`. */
export const logEPartText = (logE: number, decimals = 1): string =>
  isWeighed(logE) ? logE.toFixed(decimals) : "none yet";
