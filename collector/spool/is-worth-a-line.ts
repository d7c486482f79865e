/** True for the 1st, 2nd, 4th, 8th … failure in a row: an outage of hours is told in a dozen lines. */
export const isWorthALine = (failuresInARow: number): boolean => (failuresInARow & (failuresInARow - 1)) === 0;
