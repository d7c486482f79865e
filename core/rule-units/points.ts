import { exactNumber } from "../short-number.ts";
import type { RuleUnitType } from "./rule-unit.ts";

/** Percentage points of a share or score, against the reference. */
export const points: RuleUnitType = {
  direction: null,
  reference: null,
  read: (limit) =>
    typeof limit === "number" && limit >= 0 && limit < 100
      ? limit / 100
      : { expected: "points, a number from 0 to below 100" },
  distance: (limit) => ({ ratio: 0, delta: limit }),
  refuse: (name, { kind, unit }) =>
    kind === "value"
      ? {
          problem: `points are for shares and scores; ${name} is in ${unit}`,
          expected: "unit: relative or absolute-increase",
        }
      : null,
  words: (limit) => `${exactNumber(limit * 100)} points`,
  level: ({ baseline, limit, factor, sign }) => Math.min(1, Math.max(0, baseline + sign * limit * factor)),
};
