import type { Rule } from "../../../../core/migration.ts";
import type { Measured } from "../../comparators/comparator.ts";
import { rates, type Stream } from "../../streams/stream.ts";
import { rateBound, twoRatesBound } from "../bounds.ts";
import type { Case } from "../case.ts";
import { rateMoments, rateOf } from "./measures.ts";
import { constant, DAY, fromDayFive, LATE, ROLLBACK, ruleOf, section } from "./section.ts";

/** Errors at most 5%. */
export const errorRule: Rule = ruleOf({ signal: "error", limit: "5%", unit: "absolute" });
/** Errors in the canary, minute by minute, and in the baseline. */
export const errors = (canary: (minute: number) => number, baseline = 0.01): Stream =>
  rates("error", canary, constant(baseline));
const errorMeasured: Measured = { value: rateOf, moments: rateMoments, threshold: 0.05, margin: null };
const errorBound = (rate: number): number =>
  Math.max(rateBound(ROLLBACK, rate, 0.05), twoRatesBound(ROLLBACK, rate, 0.01, { ratio: 1, delta: 0 }));

/** A. Error rate against an absolute limit of 5%. */
export const errorCases: readonly Case[] = section("A. error rate, at most 5%", errorRule, errorMeasured, [
  { name: "1% in both arms", stream: errors(constant(0.01)), asked: "no alarm", runs: 200 },
  { name: "canary exactly at 5%, baseline 1%", stream: errors(constant(0.05)), asked: "no alarm", runs: 200 },
  { name: "10% in both arms (provider ill)", stream: errors(constant(0.1), 0.1), asked: "no alarm", runs: 200 },
  { name: "1% to 6%", stream: errors(constant(0.06)), asked: "alarm", runs: 200, bound: errorBound(0.06) },
  {
    name: "1% to 10%",
    stream: errors(constant(0.1)),
    asked: "alarm",
    runs: 300,
    minutes: 3 * DAY,
    bound: errorBound(0.1),
  },
  {
    name: "1% to 20%",
    stream: errors(constant(0.2)),
    asked: "alarm",
    runs: 300,
    minutes: 3 * DAY,
    bound: errorBound(0.2),
  },
  { name: "1% to 10% on day five", stream: errors(fromDayFive(0.01, 0.1)), ...LATE, runs: 100, bound: errorBound(0.1) },
  { name: "1% to 20% on day five", stream: errors(fromDayFive(0.01, 0.2)), ...LATE, runs: 100, bound: errorBound(0.2) },
]);
