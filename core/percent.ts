import { shortNumber } from "./short-number.ts";

/** A share as people read it: 0.198 is `19.8%`, 0.00012 is `0.012%`. */
export const percent = (share: number): string => `${shortNumber(share * 100)}%`;
