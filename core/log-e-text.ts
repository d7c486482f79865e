/** Natural logs: how much evidence there is, and how much was asked for. */
interface Weighed {
  readonly logE: number;
  readonly threshold: number;
}

/** Evidence beside what was asked for: `2.3 of 4.6`. */
export const logEText = ({ logE, threshold }: Weighed, decimals = 1, between = " of "): string =>
  `${logE.toFixed(decimals)}${between}${threshold.toFixed(decimals)}`;
