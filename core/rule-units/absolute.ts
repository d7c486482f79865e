import { unreachable } from "../exhaustive.ts";
import { type RuleUnitType, readAmount, readPercent } from "./rule-unit.ts";

/** The canary's own value may not pass the limit: a share as a percentage, an amount in the signal's unit. */
export const absolute: RuleUnitType = {
  direction: null,
  reference: "none",
  read: (limit, signal) => {
    switch (signal.kind) {
      case "value": {
        const amount = readAmount(limit, signal);
        return typeof amount !== "number" || amount > 0 ? amount : { expected: "more than 0" };
      }
      case "rate":
      case "score":
      case "category":
      case "labels": {
        const share = readPercent(limit);
        return typeof share !== "number" || (share > 0 && share < 1)
          ? share
          : { expected: "a percentage between 0% and 100%" };
      }
      default:
        return unreachable(signal.kind);
    }
  },
  distance: () => null,
  refuse: (_name, _signal, direction) =>
    direction === "either"
      ? { problem: "an absolute limit has one side", expected: "direction: increase or drop" }
      : null,
  words: () => null,
  level: ({ limit, factor, sign, isQuantile, valueAt }) => {
    if (isQuantile) return (limit * factor) / valueAt;
    return sign === 1 ? limit * factor : Math.max(0, 1 - (1 - limit) * factor);
  },
};
