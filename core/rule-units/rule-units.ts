import type { RuleUnit } from "../migration.ts";
import { absolute } from "./absolute.ts";
import { absoluteIncrease } from "./absolute-increase.ts";
import { points } from "./points.ts";
import { relative } from "./relative.ts";
import type { RuleUnitType } from "./rule-unit.ts";

/** Every unit, in the order in which people are told of them; a new one is a file of this folder and a line here. */
export const RULE_UNITS: Readonly<Record<RuleUnit, RuleUnitType>> = {
  points,
  relative,
  absolute,
  "absolute-increase": absoluteIncrease,
};
