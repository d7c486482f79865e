import type { Arm } from "../../../core/cohort.ts";
import type { Rule } from "../../../core/migration.ts";
import type { Sample, Tick } from "../../../core/sample.ts";
import { binomialFrom, seededRandom } from "../../../core/seeded-random.ts";
import type { Verdict } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { tick } from "../../../test/detectors/tick-builder.ts";
import { migrationOf } from "../../detection/one-rule.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const REFUSALS: Rule = {
  ...{ id: "refusal.by_input_type", signal: "refusal", quantile: null, limit: 0.05, unit: "points" },
  ...{ direction: "either", reference: "baseline", projection: null, by: "input_type", severity: "pause" },
};
const HOUR = 60;
const RATE = 0.03;

type Refusals = (segment: string, arm: Arm, n: number, rate?: number) => Sample;
type Minute = (minute: number, refusals: Refusals) => readonly Sample[];

/** Whose samples are all its calls. */
const tickOf = (minute: number, samples: readonly Sample[]): Tick =>
  tick(minute, samples, { calls: samples.map(({ cohort, segment, n }) => ({ cohort, segment, calls: n })) });

/** The last verdict over so many minutes, and how many segments it was made of at most. */
const judge = (minutes: number, seed: number, samplesOf: Minute): { last: Verdict | undefined; most: number } => {
  const random = seededRandom(seed);
  const engine = createEngine({ ...migrationOf([REFUSALS]), segments: ["input_type"] });
  const refusals: Refusals = (segment, cohort, n, rate = RATE) => ({
    ...{ signal: "refusal", cohort, n, sum: binomialFrom(random, n, rate), bins: {} },
    segment: segment === "" ? "" : `input_type=${segment}`,
  });
  let [last, most]: [Verdict | undefined, number] = [undefined, 0];
  for (let minute = 0; minute < minutes; minute++) {
    const samples = samplesOf(minute, refusals);
    last = engine.step(tickOf(minute, samples), minute === minutes - 1 ? "full" : "outcome").verdicts[0];
    most = Math.max(most, last?.evidence.parts.length ?? 0);
    if (last?.outcome === "breach") break;
  }
  return { last, most };
};

const healthy = (refusals: Refusals, values = ["faq", "billing"]): readonly Sample[] =>
  values.flatMap((value) => [refusals(value, "canary", 10), refusals(value, "baseline", 190)]);

const told = ({ last }: ReturnType<typeof judge>): string =>
  last === undefined ? "nothing" : last.outcome === "undecided" ? `undecided: ${last.why}` : last.outcome;

const says = (input: string, right: string, before: string, hours: number, samplesOf: Minute): DirtyCase => ({
  ...{ input, right, before },
  measure: () => told(judge(hours * HOUR, 4, samplesOf)),
  isRight: (said) => said === right,
});

const stray = (refusals: Refusals, value: string, arm: Arm): Sample => refusals(value, arm, 1, 0);

/** A dozen values new in each minute, each with a call an arm. */
const visitors = (minute: number, refusals: Refusals): readonly Sample[] =>
  Array.from({ length: 12 }, (_, i) => `visitor-${minute * 12 + i}`).flatMap((value) => [
    stray(refusals, value, "canary"),
    stray(refusals, value, "baseline"),
  ]);

const FIFTY = Array.from({ length: 50 }, (_, i) => `value-${i}`);

/** A stray value holds nothing up, a value that grows is judged, and there are never more segments than are meant. */
export const rareSegmentValues: DirtyKind = {
  kind: "segments: rare values of a name",
  cases: [
    says('one canary call of "FAQ " in two days', "clear", "undecided: no-data", 48, (minute, refusals) => [
      ...healthy(refusals),
      ...(minute === 30 ? [stray(refusals, "FAQ ", "canary")] : []),
    ]),
    says("one baseline call of a value, ever", "clear", "undecided: no-data", 48, (minute, refusals) => [
      ...healthy(refusals),
      ...(minute === 900 ? [stray(refusals, "spam", "baseline")] : []),
    ]),
    says("a value with a canary call an hour", "clear", "undecided: too-few", 48, (minute, refusals) => [
      ...healthy(refusals),
      ...(minute % HOUR === 5 ? [stray(refusals, "legal", "canary"), refusals("legal", "baseline", 19)] : []),
    ]),
    says("a value that was 5% for an hour, and is gone", "clear", "undecided: too-few", 96, (minute, refusals) => [
      ...healthy(refusals),
      ...(minute < HOUR ? [refusals("beta", "canary", 1), refusals("beta", "baseline", 19)] : []),
    ]),
    says("a value that grows to a third on day two, and refuses", "breach", "breach", 48, (minute, refusals) => [
      ...healthy(refusals),
      ...(minute < 24 * HOUR ? [] : [refusals("new", "canary", 10, 0.3), refusals("new", "baseline", 190)]),
    ]),
    says(
      "rare values that refuse, together a tenth",
      "breach",
      "undecided: baseline-warming-up",
      12,
      (minute, refusals) => [
        ...healthy(refusals),
        ...visitors(minute, refusals).map((sample) =>
          sample.cohort === "canary" ? { ...sample, n: 4, sum: minute % 2 === 0 ? 2 : 1 } : { ...sample, n: 4 },
        ),
      ],
    ),
    says(
      "what the app calls *other*, a tenth, baseline calls alone",
      "undecided: no-data",
      "clear",
      12,
      (_, refusals) => [...healthy(refusals), refusals("*other*", "baseline", 40)],
    ),
    says(
      "50 values of both arms, 20 smaller ones of the baseline alone",
      "undecided: no-data",
      "clear",
      4,
      (_, refusals) => [
        ...healthy(refusals, FIFTY),
        ...Array.from({ length: 20 }, (__, i) => refusals(`small-${i}`, "baseline", 180)),
      ],
    ),
    says(
      "two thirds of the calls in values too many to be told apart, without a canary call",
      "undecided: no-data",
      "clear",
      24,
      (_minute, refusals) => [...healthy(refusals), refusals("*other*", "baseline", 800)],
    ),
    {
      input: "12 values new in every minute of four hours",
      right: "at most 51 segments",
      before: "2882 segments",
      measure: () =>
        `${judge(4 * HOUR, 4, (minute, refusals) => [...healthy(refusals), ...visitors(minute, refusals)]).most} segments`,
      isRight: (said) => Number.parseInt(said, 10) <= 51,
    },
  ],
};
