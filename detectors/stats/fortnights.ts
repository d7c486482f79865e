/** Hours of 14 days, in which most of a migration's alpha is spent. */
export const FORTNIGHT_HOURS = 336;

/** Part of what there is to spend that the first 14 days get: a ramp is over by then, mostly, and nearly as soon found out. */
const FIRST_PART = 0.75;

/** Which 14 days a whole hour since the beginning (from 0) belongs to, from 0. */
export const fortnightOf = (hour: number): number => Math.floor(hour / FORTNIGHT_HOURS);

/**
 * Part of what is spent on looking anew that the 14 days number `fortnight` (from 0) get: 3/4, then 1/8, 1/24, 1/48, … of 1 / k(k+1).
 * All of them together sum to 1, so that a false-alarm rate holds however long a migration lasts.
 */
export const fortnightPart = (fortnight: number): number =>
  fortnight === 0 ? FIRST_PART : (1 - FIRST_PART) / (fortnight * (fortnight + 1));
