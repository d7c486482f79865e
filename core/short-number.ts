/** A number with three significant digits, or `digits`, as text for people: more would pretend to be known. */
export const shortNumber = (value: number, digits = 3): string => String(Number(value.toPrecision(digits)));

/** A number that somebody wrote down, to the last digit, without the noise of binary fractions. */
export const exactNumber = (value: number): string => shortNumber(value, 6);
