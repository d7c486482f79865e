import { exactPercent } from "../percent.ts";
import { type RuleUnitType, readPercent, refusesNothing } from "./rule-unit.ts";

/** A share of the reference's value, e.g. 20% above it. */
export const relative: RuleUnitType = {
  direction: null,
  reference: null,
  // A drop of all or more can never be seen, so a rule about it would never fire.
  read: (limit, _signal, direction) => {
    const share = readPercent(limit);
    return direction === "increase" || typeof share !== "number" || share < 1
      ? share
      : { expected: "less than 100% for a drop" };
  },
  distance: (limit) => ({ ratio: limit, delta: 0 }),
  refuse: refusesNothing,
  words: (limit) => exactPercent(limit),
  level: ({ baseline, limit, factor, sign }) => baseline * (1 + sign * limit * factor),
};
