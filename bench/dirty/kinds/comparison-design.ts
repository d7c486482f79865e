import { measuresFor } from "../../../agent/compare/measures.ts";
import { observe } from "../../../agent/compare/observe.ts";
import type { AnswerRecord } from "../../../agent/compare/record.ts";
import { normalFrom, seededRandom } from "../../../core/seeded-random.ts";
import { compare } from "../../../detectors/compare/compare.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

type Random = () => number;

const WORDS =
  "the order was shipped on Monday please check the tracking page or write to our team about a refund".split(" ");

const text = (random: Random, words: number): string =>
  `${Array.from({ length: Math.max(3, words) }, () => WORDS[Math.floor(random() * WORDS.length)]).join(" ")}.`;

type Make = (random: Random) => readonly AnswerRecord[];

const RUNS = 10;

/** In how many of ten seeded runs drift is found. */
const driftIn = (make: Make): string => {
  const runs = Array.from({ length: RUNS }, (_, seed) => make(seededRandom(seed + 1)));
  const found = runs.filter((records) => compare(measuresFor(records), observe(records)).verdict === "drift");
  return `drift in ${found.length} of ${RUNS}`;
};

const ARMS = ["baseline", "canary"] as const;

/** Prompts that ask for answers of their own length, each asked several times. */
const repeats =
  (prompts: number, times: Readonly<Record<(typeof ARMS)[number], number>>): Make =>
  (random) =>
    Array.from({ length: prompts }, (_, prompt) => {
      const words = 15 + Math.floor(random() * 60);
      return ARMS.flatMap((cohort) =>
        Array.from({ length: times[cohort] }, () => ({
          ...{ cohort, prompt_id: `p${prompt}`, latency_ms: Math.max(1, 20 * words + 200 * normalFrom(random)) },
          output: text(random, Math.round(words + 6 * normalFrom(random))),
        })),
      );
    }).flat();

const fields =
  (n: number, of: (isCanary: boolean, random: Random) => Partial<AnswerRecord>): Make =>
  (random) =>
    ARMS.flatMap((cohort) =>
      Array.from({ length: n }, () => ({
        ...{ cohort, output: text(random, 15 + Math.floor(20 * random())) },
        ...of(cohort === "canary", random),
      })),
    );

const unanswered: Make = (random) =>
  repeats(100, { baseline: 1, canary: 1 })(random).filter(({ cohort }) => cohort === "baseline" || random() >= 0.4);

const equal = (input: string, before: string, make: Make): DirtyCase => ({
  ...{ input, right: "drift in at most 2 of 10", before, measure: () => driftIn(make) },
  isRight: (said) => Number(said.split(" ")[2]) <= 2,
});

const different = (input: string, before: string, make: Make): DirtyCase => ({
  ...{ input, right: "drift in at least 9 of 10", before, measure: () => driftIn(make) },
  isRight: (said) => Number(said.split(" ")[2]) >= 9,
});

const timeouts = (before: number, after: number) => (isCanary: boolean, random: Random) => ({
  latency_ms: random() < (isCanary ? after : before) ? 30_000 : 700 + 300 * random(),
});

/** Repeats and conversations are not so many answers; what moves in a tail, or is missing, is a change. */
export const comparisonDesign: DirtyKind = {
  kind: "compare: how answers hang together, tails, and what is missing",
  cases: [
    equal("equal arms, 10 prompts x 20 each", "drift in 2 of 10", repeats(10, { baseline: 20, canary: 20 })),
    equal("equal arms, 50 prompts, 1 and 10 each", "drift in 0 of 10", repeats(50, { baseline: 1, canary: 10 })),
    equal("equal arms, 200 prompts x 1", "drift in 0 of 10", repeats(200, { baseline: 1, canary: 1 })),
    different("30 s timeouts from 1% to 5%, 1000 a side", "drift in 0 of 10", fields(1000, timeouts(0.01, 0.05))),
    different(
      "scores of 0 from 1% to 6%, 1000 a side",
      "drift in 0 of 10",
      fields(1000, (isCanary, random) => ({
        scores: { judge: random() < (isCanary ? 0.06 : 0.01) ? 0 : 0.7 + 0.3 * random() },
      })),
    ),
    different(
      "16000 tokens from 1% to 5%, 1000 a side",
      "drift in 0 of 10",
      fields(1000, (isCanary, random) => ({
        output_tokens: random() < (isCanary ? 0.05 : 0.01) ? 16_000 : 40 + Math.floor(20 * random()),
      })),
    ),
    different("40% of the prompts unanswered in one arm", "drift in 0 of 10", unanswered),
    different(
      "latency known of half of one arm",
      "drift in 0 of 10",
      fields(200, (isCanary, random) => (isCanary && random() < 0.5 ? {} : { latency_ms: 700 + 300 * random() })),
    ),
  ],
};
