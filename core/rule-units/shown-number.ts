/** A number that somebody wrote down, without the noise of binary fractions. */
export const shownNumber = (value: number): string => String(Number(value.toPrecision(6)));
