/** What a run may cost and has cost, US dollars. */
export interface Spend {
  /** Sets the most aside that a question can cost; false where the limit does not have it any more. */
  readonly reserve: (highest: number) => boolean;
  /** What it cost, in the place of what was set aside; null = unknown: then it counts as that. */
  readonly settle: (highest: number, cost: number | null) => void;
  readonly spent: () => number;
  /** True while nothing is set aside. */
  readonly isIdle: () => boolean;
  /** Calls whose cost is not known. */
  readonly unknown: () => number;
}

/** Counts from `before`, what earlier runs cost. `limit` null = there is none. */
export const createSpend = (limit: number | null, before: number): Spend => {
  let [spent, reserved, open, unknown] = [before, 0, 0, 0];
  return {
    reserve: (highest) => {
      if (limit !== null && spent + reserved + highest > limit) return false;
      reserved += highest;
      open += 1;
      return true;
    },
    settle: (highest, cost) => {
      open -= 1;
      reserved = open === 0 ? 0 : reserved - highest;
      if (cost === null) unknown += 1;
      spent += cost ?? (limit === null ? 0 : highest);
    },
    spent: () => spent,
    isIdle: () => open === 0,
    unknown: () => unknown,
  };
};
