import type { PairOutcome } from "../../core/pair-row.ts";
import { createAllowance } from "./allowance.ts";
import { createBreaker } from "./breaker.ts";

/** What one migration's second calls are held back by. */
export interface Lane {
  readonly allowance: ReturnType<typeof createAllowance>;
  readonly breaker: ReturnType<typeof createBreaker>;
  /** Second calls under way. */
  active: number;
  /** Functions of the app that nobody waits for any more, and that have not come to their end. */
  overdue: number;
}

/** More functions that do not end are not begun: what they hold stays in memory. */
const MAX_OVERDUE = 16;

/** Why nothing would be asked now; null = it would. */
export const heldBy = (lane: Lane): PairOutcome | null =>
  lane.overdue >= MAX_OVERDUE || lane.breaker.isPaused() ? "breaker-open" : lane.allowance.usedUp();

/** Why nothing may be asked now; null = it may, and is counted. */
export const takeTurn = (lane: Lane): PairOutcome | null => {
  if (lane.overdue >= MAX_OVERDUE || lane.breaker.isOpen()) return "breaker-open";
  return lane.allowance.take();
};

/** A lane for each migration, made when it is asked for. `tick`: monotonic ms; `day`: number of the budget's day. */
export const createLanes = ({
  tick,
  day,
}: {
  readonly tick: () => number;
  readonly day: () => number;
}): ((migration: string) => Lane) => {
  const lanes = new Map<string, Lane>();
  return (migration) => {
    const found = lanes.get(migration);
    if (found !== undefined) return found;
    const made = { allowance: createAllowance(day), breaker: createBreaker(tick), active: 0, overdue: 0 };
    lanes.set(migration, made);
    return made;
  };
};
