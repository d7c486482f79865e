import { type RuleUnitType, readAmount, refusesNothing } from "./rule-unit.ts";

/** The signal's own unit above the reference, e.g. 200 ms. */
export const absoluteIncrease: RuleUnitType = {
  direction: "increase",
  reference: null,
  read: readAmount,
  distance: (limit) => ({ ratio: 0, delta: limit }),
  refuse: refusesNothing,
  words: (limit, amount) => amount(limit),
  level: ({ baseline, limit, factor, valueAt }) => baseline + (limit * factor) / valueAt,
};
