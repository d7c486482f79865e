import { shortNumber } from "../../core/short-number.ts";

/** A share as people read it: 0.0512 = `5.12%`. */
export const percent = (share: number): string => `${shortNumber(share * 100)}%`;
