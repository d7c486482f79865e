/** A count with its noun: `1 tick`, `2 ticks`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
