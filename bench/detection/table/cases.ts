import { readRule } from "../../../agent/config/rule-schema.ts";
import { bucketOf, bucketValue, upperEdge } from "../../../core/histogram.ts";
import type { Rule } from "../../../core/migration.ts";
import type { Measured } from "../comparators/comparator.ts";
import { klBernoulli } from "../formulas.ts";
import { type Distribution, distributionOf, lognormalWeights, scaledLognormal } from "../streams/distribution.ts";
import { type ArmMinute, drawn, rates, type Stream } from "../streams/stream.ts";
import { labelsBound, meansBound, rateBound, twoRatesBound } from "./bounds.ts";
import type { Case } from "./case.ts";

const DAY = 24 * 60;
const FOURTEEN_DAYS = 14 * DAY;
/** alpha of a migration with a single rollback rule, of one with a single pause rule, and of a pass. */
const [ROLLBACK, PASS] = [0.01, 0.05];

type Written = Parameters<typeof readRule>[0];

/** A rule as users write it; what is written wrong is a bug of the bench. */
const ruleOf = (written: Omit<Written, "severity">, severity: Rule["severity"] = "rollback"): Rule => {
  const rule = readRule({ ...written, severity }, { cost_usd: 0.004 });
  if (!("id" in rule)) throw new Error(`${written.signal}: ${rule.text}`);
  return rule;
};

const constant =
  <T>(value: T) =>
  (): T =>
    value;
const fromDayFive =
  <T>(before: T, after: T) =>
  (minute: number): T =>
    minute < 5 * DAY ? before : after;

const rateMoments: Measured["moments"] = ({ n, sum }) => ({ n, sum, squares: sum });
const rateOf = ({ n, sum }: ArmMinute): number | null => (n > 0 ? sum / n : null);
const binMoments: Measured["moments"] = ({ n, bins }) => {
  let [sum, squares] = [0, 0];
  for (const bin in bins) {
    const [value, count] = [bucketValue(Number(bin)), bins[bin] ?? 0];
    sum += count * value;
    squares += count * value * value;
  }
  return { n, sum, squares };
};
/** Highest value but `1 - q` of a minute's: what a p99 over twenty calls is. */
const quantileOf =
  (q: number) =>
  ({ n, bins }: ArmMinute): number | null => {
    const buckets = Object.keys(bins)
      .map(Number)
      .sort((a, b) => a - b);
    let below = 0;
    const found = buckets.find((bucket) => {
      below += bins[bucket] ?? 0;
      return below >= q * n;
    });
    return found === undefined ? null : upperEdge(found);
  };

interface Row extends Pick<Case, "name" | "stream" | "asked"> {
  readonly minutes?: number;
  readonly runs: number;
  readonly onset?: number;
  readonly bound?: number;
}

const section = (name: string, rule: Rule, measured: Measured | null, rows: readonly Row[]): readonly Case[] =>
  rows.map((row) => ({
    section: name,
    rule,
    measured,
    minutes: row.minutes ?? FOURTEEN_DAYS,
    onset: row.onset ?? 0,
    bound: row.bound ?? null,
    name: row.name,
    stream: row.stream,
    asked: row.asked,
    runs: row.runs,
  }));

// A. Error rate against an absolute limit of 5%.
const errorRule = ruleOf({ signal: "error", limit: "5%", unit: "absolute" });
const errors = (canary: (minute: number) => number, baseline = 0.01): Stream =>
  rates("error", canary, constant(baseline));
const errorMeasured: Measured = { value: rateOf, moments: rateMoments, threshold: 0.05, margin: null };
const errorBound = (rate: number): number =>
  Math.max(rateBound(ROLLBACK, rate, 0.05), twoRatesBound(ROLLBACK, rate, 0.01, { ratio: 1, delta: 0 }));
const late = { minutes: 7 * DAY, onset: 5 * DAY, asked: "alarm" } as const;

const errorCases = section("A. error rate, at most 5%", errorRule, errorMeasured, [
  { name: "1% in both arms", stream: errors(constant(0.01)), asked: "no alarm", runs: 200 },
  { name: "canary exactly at 5%, baseline 1%", stream: errors(constant(0.05)), asked: "no alarm", runs: 200 },
  { name: "10% in both arms (provider ill)", stream: errors(constant(0.1), 0.1), asked: "no alarm", runs: 200 },
  { name: "1% to 6%", stream: errors(constant(0.06)), asked: "alarm", runs: 60, bound: errorBound(0.06) },
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
  { name: "1% to 10% on day five", stream: errors(fromDayFive(0.01, 0.1)), ...late, runs: 100, bound: errorBound(0.1) },
  { name: "1% to 20% on day five", stream: errors(fromDayFive(0.01, 0.2)), ...late, runs: 100, bound: errorBound(0.2) },
]);

// B. Differences in points.
const refusalRule = ruleOf({ signal: "refusal", limit: 5, unit: "points", direction: "increase" });
const refusals = (canary: (minute: number) => number, baseline = 0.03): Stream =>
  rates("refusal", canary, constant(baseline));
const points = { ratio: 1, delta: 0.05 };
const refusalMeasured: Measured = { value: rateOf, moments: rateMoments, threshold: 0.08, margin: points };
const refusalBound = twoRatesBound(ROLLBACK, 0.13, 0.03, points);
const anyWorse = ruleOf({ signal: "refusal", limit: 0, unit: "points", direction: "increase" });
const same = { ratio: 1, delta: 0 };

const pointCases = [
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
      ...late,
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
      runs: 100,
      bound: twoRatesBound(ROLLBACK, 0.02, 0.01, same),
    },
  ]),
];

// C. Ratio of rare events.
const ratioRule = ruleOf({ signal: "support_tickets", limit: "15%", unit: "relative", direction: "increase" });
const tickets = (canary: number): Stream => rates("support_tickets", constant(canary), constant(0.02));
const fifteen = { ratio: 1.15, delta: 0 };
const ticketCases = section(
  "C. tickets, at most 15% more",
  ratioRule,
  { value: rateOf, moments: rateMoments, threshold: 0.023, margin: fifteen },
  [
    { name: "2% in both arms", stream: tickets(0.02), asked: "no alarm", runs: 100 },
    { name: "2% and 2.3%, exactly 15%", stream: tickets(0.023), asked: "no alarm", runs: 100 },
    {
      name: "2% to 3%",
      stream: tickets(0.03),
      asked: "alarm",
      runs: 60,
      bound: twoRatesBound(ROLLBACK, 0.03, 0.02, fifteen),
    },
    {
      name: "2% to 4%",
      stream: tickets(0.04),
      asked: "alarm",
      runs: 100,
      bound: twoRatesBound(ROLLBACK, 0.04, 0.02, fifteen),
    },
  ],
);

// D. Means of heavy-tailed amounts.
const tokenRule = ruleOf({ signal: "tokens_total", limit: "20%", unit: "relative", direction: "increase" });
const twenty = { ratio: 1.2, delta: 0 };
const MEDIAN_TOKENS = 600;
const tokensAt = (sd: number, ratio: number): Distribution => scaledLognormal(MEDIAN_TOKENS, sd, ratio);
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
const tokenCases = [
  ...tokenSection(0.5, [
    { name: "equal arms", ratio: 1, asked: "no alarm", runs: 40 },
    { name: "exactly 20% more", ratio: 1.2, asked: "no alarm", runs: 80 },
    { name: "25% more", ratio: 1.25, asked: "alarm", runs: 60 },
    { name: "40% more", ratio: 1.4, asked: "alarm", runs: 100, minutes: 3 * DAY },
    { name: "40% more on day five", ratio: 1.4, ...late, runs: 30 },
  ]),
  ...tokenSection(1, [
    { name: "exactly 20% more", ratio: 1.2, asked: "no alarm", runs: 50 },
    { name: "40% more", ratio: 1.4, asked: "alarm", runs: 100, minutes: 7 * DAY },
  ]),
];

// E. Quantiles of latency; the baseline's p99 is about a second.
const latencyRule = (quantile: number): Rule =>
  ruleOf({ signal: "latency_ms", quantile, limit: "200ms", unit: "absolute-increase", direction: "increase" });
const LATENCY_SD = 0.5176;
const latencies = (buckets: number): Distribution => distributionOf(lognormalWeights(300, LATENCY_SD, buckets, 1));
const usual = latencies(0);
/** Shift in buckets that takes the baseline's quantile x up to the upper edge at or above x + ms. */
const shiftBy = (x: number, ms: number): number => (ms === 0 ? 0 : bucketOf(x + ms) + 1 - bucketOf(x * 1.005));
const latencySection = (
  quantile: number,
  rows: readonly (Omit<Row, "stream" | "bound"> & { readonly ms: number })[],
): readonly Case[] => {
  const q = quantile / 100;
  const x = usual.quantile(q);
  const limit = upperEdge(bucketOf(x + 200));
  const measured: Measured = { value: quantileOf(q), moments: null, threshold: x + 200, margin: null };
  return section(
    `E. p${quantile} latency, at most 200 ms more`,
    latencyRule(quantile),
    measured,
    rows.map(({ ms, ...row }) => {
      const canary = latencies(shiftBy(x, ms));
      const tail = { canary: canary.above(limit), baseline: usual.above(x) };
      return {
        ...row,
        stream: drawn(
          "latency_ms",
          row.onset === undefined ? constant(canary) : fromDayFive(usual, canary),
          constant(usual),
        ),
        ...(row.asked === "alarm" ? { bound: twoRatesBound(ROLLBACK, tail.canary, tail.baseline, same) } : {}),
      };
    }),
  );
};
/** Every 33rd hour is three times slower for both arms. */
const slow = latencies(111);
const incidentHour = (minute: number): Distribution => (Math.floor(minute / 60) % 33 === 17 ? slow : usual);
const latencyCases = [
  ...latencySection(99, [
    { name: "equal arms", ms: 0, asked: "no alarm", runs: 40 },
    { name: "exactly 200 ms more", ms: 200, asked: "no alarm", runs: 80 },
    { name: "500 ms more", ms: 500, asked: "alarm", runs: 100 },
    { name: "a second more", ms: 1000, asked: "alarm", runs: 100, minutes: 3 * DAY },
    { name: "a second more on day five", ms: 1000, ...late, runs: 30 },
  ]),
  ...section("E. p99 latency, at most 200 ms more", latencyRule(99), null, [
    {
      name: "equal arms, 3% of the hours slow for both",
      stream: drawn("latency_ms", incidentHour, incidentHour),
      asked: "no alarm",
      runs: 60,
    },
  ]),
  ...latencySection(50, [
    { name: "exactly 200 ms more", ms: 200, asked: "no alarm", runs: 40 },
    { name: "300 ms more", ms: 300, asked: "alarm", runs: 60, minutes: 3 * DAY },
  ]),
  ...latencySection(95, [{ name: "500 ms more", ms: 500, asked: "alarm", runs: 60, minutes: 3 * DAY }]),
];

// F. Distribution shift.
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
const shapeCases = section("F. output shape", shapeRule, null, [
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

// G. Gates: the same rules called clear, or never while they are violated.
const passBound = (rate: number, limit: number): number => -Math.log(PASS) / klBernoulli(rate, limit);
const gateCases = [
  ...section("G. clear: error rate below 5%", errorRule, null, [
    { name: "exactly at 5%", stream: errors(constant(0.05), 0.05), asked: "never clear", runs: 200 },
    { name: "1%", stream: errors(constant(0.01)), asked: "clear", runs: 200, bound: passBound(0.01, 0.05) },
  ]),
  ...section("G. clear: refusals within 5 points", refusalRule, null, [
    { name: "3% and 8%, exactly 5 points", stream: refusals(constant(0.08)), asked: "never clear", runs: 100 },
    {
      name: "3% in both arms",
      stream: refusals(constant(0.03)),
      asked: "clear",
      runs: 200,
      bound: twoRatesBound(PASS, 0.03, 0.03, points),
    },
  ]),
  ...section("G. clear: tokens within 20%", tokenRule, null, [
    {
      name: "exactly 20% more, log-sd 0.5",
      stream: drawn("tokens_total", constant(tokensAt(0.5, 1.2)), constant(tokensAt(0.5, 1))),
      asked: "never clear",
      runs: 60,
    },
    {
      name: "equal arms, log-sd 0.5",
      stream: drawn("tokens_total", constant(tokensAt(0.5, 1)), constant(tokensAt(0.5, 1))),
      asked: "clear",
      runs: 100,
      bound: meansBound(PASS, tokensAt(0.5, 1), tokensAt(0.5, 1), twenty),
    },
  ]),
  ...section("G. clear: p99 latency within 200 ms", latencyRule(99), null, [
    {
      name: "equal arms",
      stream: drawn("latency_ms", constant(usual), constant(usual)),
      asked: "clear",
      runs: 60,
      bound: twoRatesBound(PASS, usual.above(usual.quantile(0.99) + 200), usual.above(usual.quantile(0.99)), same),
    },
  ]),
];

/** Every row of the table, in its order. */
export const CASES: readonly Case[] = [
  ...errorCases,
  ...pointCases,
  ...ticketCases,
  ...tokenCases,
  ...latencyCases,
  ...shapeCases,
  ...gateCases,
];
