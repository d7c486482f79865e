import { exactNumber, shortNumber } from "./short-number.ts";

/** A measured share as people read it: 0.198 is `19.8%`, 0.00012 is `0.012%`; null is `unknown`. */
export const percent = (share: number | null): string => (share === null ? "unknown" : `${shortNumber(share * 100)}%`);

/** A share that somebody wrote down, to the last digit, without the noise of binary fractions: 0.07 is `7%`. */
export const exactPercent = (share: number): string => `${exactNumber(share * 100)}%`;

/** A share to so many decimals, where more of them stand beside one another: 0.198 is `20%`. */
export const fixedPercent = (share: number, decimals = 0): string => `${(share * 100).toFixed(decimals)}%`;
