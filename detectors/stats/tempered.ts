import type { GridVector } from "./grid.ts";

/** No evidence, whatever made it: what is not a number has nothing to say, and would stay in the wealth for ever. */
export const told = (increment: number): number =>
  Number.isNaN(increment) || increment === Number.POSITIVE_INFINITY ? 0 : increment;

/**
 * Increments of evidence divided by the design effect, as if every call counted for 1/d. A power of at most 1 keeps an
 * e-value valid (Jensen), and takes back what correlated calls pretend to know. All evidence passes here before it becomes
 * wealth, so that no wealth is ever NaN: where an increment, or the effect, is none, there was no evidence.
 */
export const tempered = (increments: GridVector, designEffect: number): GridVector =>
  increments.map((increment) => told(designEffect === 1 ? increment : increment / designEffect));
