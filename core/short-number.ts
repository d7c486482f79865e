/** A number with three significant digits, or `digits`, as text for people: more would pretend to be known. */
export const shortNumber = (value: number, digits = 3): string => String(Number(value.toPrecision(digits)));
