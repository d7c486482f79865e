/** Sum of the counts that are known; undefined when the first, the one that must be there, is not. */
export const sumOfKnown = (first: number | undefined, ...more: readonly (number | undefined)[]): number | undefined =>
  first === undefined ? undefined : more.reduce<number>((sum, count) => sum + (count ?? 0), first);
