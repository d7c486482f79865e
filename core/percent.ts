import { shortNumber } from "./short-number.ts";

/** A measured share as people read it: 0.198 is `19.8%`, 0.00012 is `0.012%`. */
export const percent = (share: number): string => `${shortNumber(share * 100)}%`;

/** A share that somebody wrote down, to the last digit, without the noise of binary fractions: 0.07 is `7%`. */
export const exactPercent = (share: number): string => `${Number((share * 100).toPrecision(6))}%`;
