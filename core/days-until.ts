import { DAY_MS } from "./retention.ts";

/** Whole days from `now` (epoch ms) to the first moment of `day`, rounded up; 0 or less = it has come. */
export const daysUntil = (day: string, now: number): number => Math.ceil((Date.parse(day) - now) / DAY_MS);
