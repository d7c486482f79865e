import type { Rule } from "../../../../core/migration.ts";
import type { Measured } from "../../comparators/comparator.ts";
import { rates, type Stream } from "../../streams/stream.ts";
import { twoRatesBound } from "../bounds.ts";
import type { Case } from "../case.ts";
import { rateMoments, rateOf } from "./measures.ts";
import { constant, DAY, fromDayFive, LATE, ROLLBACK, ruleOf, section } from "./section.ts";

/** Refusals at most 5 points above the baseline's. */
export const refusalRule: Rule = ruleOf({ signal: "refusal", limit: 5, unit: "points", direction: "increase" });
/** Refusals in the canary, minute by minute, and in the baseline. */
export const refusals = (canary: (minute: number) => number, baseline = 0.03): Stream =>
  rates("refusal", canary, constant(baseline));
/** What refusalRule allows. */
export const points: { readonly ratio: number; readonly delta: number } = { ratio: 1, delta: 0.05 };
const refusalMeasured: Measured = { value: rateOf, moments: rateMoments, threshold: 0.08, margin: points };
const refusalBound = twoRatesBound(ROLLBACK, 0.13, 0.03, points);
const anyWorse = ruleOf({ signal: "refusal", limit: 0, unit: "points", direction: "increase" });
const same = { ratio: 1, delta: 0 };

/** B. Differences in points. */
export const refusalCases: readonly Case[] = [
  ...section("B. refusals, at most 5 points more", refusalRule, refusalMeasured, [
    { name: "3% in both arms", stream: refusals(constant(0.03)), asked: "no alarm", runs: 150 },
    { name: "3% and 8%, exactly 5 points", stream: refusals(constant(0.08)), asked: "no alarm", runs: 150 },
    {
      name: "3% to 13%",
      stream: refusals(constant(0.13)),
      asked: "alarm",
      runs: 200,
      minutes: 3 * DAY,
      bound: refusalBound,
    },
    {
      name: "3% to 13% on day five",
      stream: refusals(fromDayFive(0.03, 0.13)),
      ...LATE,
      runs: 60,
      bound: refusalBound,
    },
  ]),
  ...section("B. refusals, any worse", anyWorse, { ...refusalMeasured, threshold: 0.01, margin: same }, [
    { name: "1% in both arms", stream: refusals(constant(0.01), 0.01), asked: "no alarm", runs: 150 },
    {
      name: "1% to 2%",
      stream: refusals(constant(0.02), 0.01),
      asked: "alarm",
      runs: 300,
      bound: twoRatesBound(ROLLBACK, 0.02, 0.01, same),
    },
  ]),
];
