import type { Rule } from "../../../../core/migration.ts";
import type { Measured } from "../../comparators/comparator.ts";
import { type Distribution, scaledLognormal } from "../../streams/distribution.ts";
import { drawn } from "../../streams/stream.ts";
import { meansBound } from "../bounds.ts";
import type { Case } from "../case.ts";
import { binMoments } from "./measures.ts";
import { constant, DAY, fromDayFive, LATE, ROLLBACK, type Row, ruleOf, section } from "./section.ts";

/** Tokens at most 20% above the baseline's. */
export const tokenRule: Rule = ruleOf({
  signal: "tokens_total",
  limit: "20%",
  unit: "relative",
  direction: "increase",
});
/** What tokenRule allows. */
export const twenty: { readonly ratio: number; readonly delta: number } = { ratio: 1.2, delta: 0 };
const MEDIAN_TOKENS = 600;
/** Tokens of a call: a lognormal, its mean `ratio` times the baseline's. */
export const tokensAt = (sd: number, ratio: number): Distribution => scaledLognormal(MEDIAN_TOKENS, sd, ratio);
const tokenSection = (sd: number, rows: readonly (Omit<Row, "stream" | "bound"> & { readonly ratio: number })[]) => {
  const baseline = tokensAt(sd, 1);
  const measured: Measured = {
    value: (minute) => (minute.n > 0 ? minute.sum / minute.n : null),
    moments: binMoments,
    threshold: 1.2 * baseline.mean,
    margin: twenty,
  };
  return section(
    `D. tokens, at most 20% more (log-sd ${sd})`,
    tokenRule,
    measured,
    rows.map(({ ratio, ...row }) => {
      const canary = tokensAt(sd, ratio);
      const at = row.onset === undefined ? constant(canary) : fromDayFive(baseline, canary);
      return {
        ...row,
        stream: drawn("tokens_total", at, constant(baseline)),
        ...(row.asked === "alarm" ? { bound: meansBound(ROLLBACK, canary, baseline, twenty) } : {}),
      };
    }),
  );
};
/** D. Means of heavy-tailed amounts. */
export const tokenCases: readonly Case[] = [
  ...tokenSection(0.5, [
    { name: "equal arms", ratio: 1, asked: "no alarm", runs: 40 },
    { name: "exactly 20% more", ratio: 1.2, asked: "no alarm", runs: 80 },
    { name: "25% more", ratio: 1.25, asked: "alarm", runs: 200 },
    { name: "40% more", ratio: 1.4, asked: "alarm", runs: 200, minutes: 3 * DAY },
    { name: "40% more on day five", ratio: 1.4, ...LATE, runs: 30 },
  ]),
  ...tokenSection(1, [
    { name: "exactly 20% more", ratio: 1.2, asked: "no alarm", runs: 50 },
    { name: "40% more", ratio: 1.4, asked: "alarm", runs: 200, minutes: 7 * DAY },
  ]),
];
