import { shortNumber } from "../short-number.ts";

/** A number that somebody wrote down, without the noise of binary fractions. */
export const shownNumber = (value: number): string => shortNumber(value, 6);
