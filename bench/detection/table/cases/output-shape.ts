import { type Distribution, distributionOf, scaledLognormal } from "../../streams/distribution.ts";
import { drawn } from "../../streams/stream.ts";
import { labelsBound } from "../bounds.ts";
import type { Case } from "../case.ts";
import { constant, ROLLBACK, ruleOf, section } from "./section.ts";

const shapeRule = ruleOf({ signal: "output_shape" }, "rollback");
const [chars, longer] = [scaledLognormal(400, 0.6, 1), scaledLognormal(400, 0.6, 1.25)];
const labels = (shares: readonly number[]): Distribution =>
  distributionOf(new Map(shares.map((share, i) => [i, share])));
const FORMS = [0.6, 0.25, 0.1, 0.05];
const OTHER_FORMS = [0.5, 0.25, 0.15, 0.1];
/** Shares of a distribution in the tenths of another. */
const tenths = (of: Distribution, reference: Distribution): readonly number[] =>
  Array.from({ length: 10 }, (_, i) => {
    const [low, high] = [
      i === 0 ? 0 : reference.quantile(i / 10),
      i === 9 ? Infinity : reference.quantile((i + 1) / 10),
    ];
    return (low === 0 ? 1 : of.above(low)) - (high === Infinity ? 0 : of.above(high));
  });
/** F. Distribution shift. */
export const shapeCases: readonly Case[] = section("F. output shape", shapeRule, null, [
  {
    name: "equal lengths",
    stream: drawn("output_chars", constant(chars), constant(chars)),
    asked: "no alarm",
    runs: 60,
  },
  {
    name: "25% longer",
    stream: drawn("output_chars", constant(longer), constant(chars)),
    asked: "alarm",
    runs: 100,
    bound: labelsBound(ROLLBACK, tenths(longer, chars), tenths(chars, chars)),
  },
  {
    name: "other forms of answer",
    stream: drawn("answer_form", constant(labels(OTHER_FORMS)), constant(labels(FORMS))),
    asked: "alarm",
    runs: 100,
    bound: labelsBound(ROLLBACK, OTHER_FORMS, FORMS),
  },
]);
