import { CALLS } from "../schema/samples.ts";

/**
 * Sufficient statistics of one signal (or of the calls themselves, signal `calls`) for one minute, arm and segment:
 * the unit the fold adds up and subtracts.
 */
export interface Cell {
  /** Start of the minute the calls ended in, epoch ms. */
  readonly slot: number;
  readonly cohort: string;
  readonly segment: string;
  readonly signal: string;
  readonly n: number;
  readonly sum: number;
  readonly bins: Readonly<Record<string, number>>;
}

/** Milliseconds of a slot. */
export const SLOT_MS = 60_000;

const keyOf = ({ slot, cohort, segment, signal }: Cell): string => JSON.stringify([slot, cohort, segment, signal]);

/** Labels come from production text, so a lookup must not find what every object inherits, `constructor` for one. */
const binsLess = (bins: Cell["bins"], less: Cell["bins"]): Cell["bins"] => {
  const before = new Map(Object.entries(less));
  const left = Object.entries(bins).map(([bin, count]) => [bin, count - (before.get(bin) ?? 0)] as const);
  return Object.fromEntries(left.filter(([, count]) => count > 0));
};

/** The cells of `visible` less what `stored` has of them already; cells with nothing new are left out. */
export const newCells = (visible: readonly Cell[], stored: readonly Cell[]): readonly Cell[] => {
  const known = new Map(stored.map((cell) => [keyOf(cell), cell]));
  return visible.flatMap((cell) => {
    const before = known.get(keyOf(cell));
    if (before === undefined) return cell.n > 0 ? [cell] : [];
    if (cell.n <= before.n) return [];
    return [{ ...cell, n: cell.n - before.n, sum: cell.sum - before.sum, bins: binsLess(cell.bins, before.bins) }];
  });
};

/** A row that says how many calls of an arm there were, nothing else. */
export const callsCell = (slot: number, cohort: string, segment: string, calls: number): Cell => ({
  slot,
  cohort,
  segment,
  signal: CALLS,
  n: calls,
  sum: 0,
  bins: {},
});
