/** A number with three significant digits, as text for people: more would pretend to be known. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(3)));
