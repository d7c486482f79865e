import { countText } from "../../core/count-text.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { DAY_MS } from "../../core/retention.ts";
import { binomialInterval } from "../../detectors/stats/binomial-interval.ts";
import type { CaseFacts, Point } from "./case.ts";
import type { SuiteResult } from "./suite-result.ts";

/** A result that is older says little of models behind names that move, and of prompts that were edited since. */
export const FRESH_DAYS = 90;

/** Chance of calling a candidate better that is not. */
const ALPHA = 0.05;

/** True where the cases that the models differ in are the candidate's too often to be chance: an exact sign test. */
const isBetter = ({ better = 0, worse = 0 }: SuiteResult): boolean =>
  better + worse > 0 && binomialInterval(better, better + worse, 2 * ALPHA).lower > 0.5;

const point = (speaks: Point["speaks"], text: string): readonly Point[] => [{ about: "suite", speaks, text }];

/** Why a result says nothing of this migration today; null where it does. */
const doubtOf = ({ migration, now }: CaseFacts, { baseline, candidate, date, n }: SuiteResult): string | null => {
  const [from, to] = [migration.baseline.model, migration.candidate.model];
  if (baseline !== from || candidate !== to)
    return `it is of ${baseline} and ${candidate}, and this is from ${from} to ${to}; run the suite on these`;
  const age = Math.floor((now - Date.parse(date)) / DAY_MS);
  if (age < 0) return `its date ${date} is still to come; look at the clock of whoever wrote it`;
  if (age > FRESH_DAYS) return `it is of ${date}, ${age} days ago; run it again, at most ${FRESH_DAYS} days count`;
  return n === 0 ? "it has no case" : null;
};

const verdictPoints = (result: SuiteResult): readonly Point[] => {
  const { verdict, n, date, better, worse } = result;
  const told = better === undefined || worse === undefined ? "" : `, better in ${better} and worse in ${worse}`;
  const of = `${countText(n)} ${n === 1 ? "case" : "cases"}${told}, of ${date}`;
  switch (verdict) {
    case "not-equivalent":
      return point(
        "forbids",
        `your suite finds the candidate not equivalent (${of}): mend the prompt, or take another candidate`,
      );
    case "better":
      return point("for", `your suite finds the candidate better (${of})`);
    case "undecided":
      return point("unknown", `your suite is undecided (${of}): run it longer`);
    case "equivalent":
      return isBetter(result)
        ? point("for", `your suite finds the candidate better (${of})`)
        : point(
            "note",
            `your suite finds the candidate equivalent (${of}): nothing against it, and no reason by itself`,
          );
    default:
      return unreachable(verdict);
  }
};

const suitePoints = (facts: CaseFacts): readonly Point[] => {
  const { suite } = facts;
  if (suite === null)
    return point(
      "unknown",
      "no suite of your own was put through both models: the ramp will be the first to measure the candidate",
    );
  if ("unknown" in suite) return point("unknown", `the suite's result cannot be had: ${suite.unknown}`);
  const doubt = doubtOf(facts, suite);
  return doubt === null ? verdictPoints(suite) : point("unknown", `the suite's result does not count: ${doubt}`);
};

/** What was measured of the answers, and what somebody else did: a benchmark is of other people's tasks, and never counts. */
export const improvementPoints = (facts: CaseFacts): readonly Point[] => {
  const benchmark = facts.migration.why?.improvement?.benchmark;
  return [
    ...suitePoints(facts),
    ...(benchmark === undefined
      ? []
      : [
          {
            about: "benchmark",
            speaks: "against",
            text: `a benchmark is of other people's tasks, and no reason: ${benchmark}`,
          } as const,
        ]),
  ];
};
