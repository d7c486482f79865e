import {
  judgeWordOf,
  type OrderWord,
  orderWordOf,
  type PreferenceWord,
  preferenceWordOf,
} from "../../../core/pair-measures.ts";
import type { PairRow } from "../../../core/pair-row.ts";
import { rateInterval } from "../../stats/one-sample.ts";

/** A share with what it is counted on, and a time-uniform 95% interval; null where nothing is counted. */
export interface JudgeShare {
  readonly n: number;
  readonly value: number | null;
  readonly lower: number;
  readonly upper: number;
}

/** A pair that a person read without knowing which answer is which, and what the person preferred. */
export interface ReadPair {
  readonly row: PairRow;
  readonly word: PreferenceWord;
}

/** Whether a judge may speak: not before it is known to treat the baseline's answers to one request alike. */
export type JudgeFitness = "fit" | "unfit" | "unknown";

/** What is known of the judge that counts now. */
export interface JudgeReading {
  /** Which one: model, prompt and rubric; empty before the first. */
  readonly version: string;
  readonly fitness: JudgeFitness;
  /** Why it is not fit, or not known to be; empty where it is. */
  readonly reason: string;
  /** Pairs of a candidate, and reruns, that it has read. */
  readonly pairs: number;
  readonly reruns: number;
  /** Of reruns on which it had a preference: those on which it preferred the second answer. 0.5 is right. */
  readonly rerunsPreferSecond: JudgeShare;
  /** Of its preferences in single orders: those for the answer that came first. 0.5 is right. */
  readonly prefersFirst: JudgeShare;
  /** Of reruns whose lengths differ by a tenth, with a preference: those on which it preferred the longer answer. */
  readonly prefersLonger: JudgeShare;
  /** Of all it read: those on which the orders disagree. */
  readonly inconsistent: JudgeShare;
  /** Of those a person read too: those on which both say the same (better, worse, neither). */
  readonly agrees: JudgeShare;
}

/** Reruns it has to have read. */
const MIN_RERUNS = 30;
const ALPHA = 0.025;
/** What makes answers longer and shorter, and a taste for either that a judge may not have. */
const LONGER = 1.1;
const TASTE = 0.15;
/** Versions that are remembered, so that a late row of an earlier one does not begin it anew. */
const MAX_VERSIONS = 100;

interface Count {
  n: number;
  sum: number;
}

const none = (): Count => ({ n: 0, sum: 0 });

const shareOf = ({ n, sum }: Count): JudgeShare => ({
  ...{ n, value: n > 0 ? sum / n : null },
  ...(rateInterval(sum, n, ALPHA) ?? { lower: 0, upper: 1 }),
});

const createCounts = (version: string) => ({
  ...{
    version,
    pairs: 0,
    reruns: 0,
    second: none(),
    first: none(),
    longer: none(),
    inconsistent: none(),
    agrees: none(),
  },
});

type Counts = ReturnType<typeof createCounts>;

const count = (into: Count, isIn: boolean): void => {
  into.n += 1;
  into.sum += Number(isIn);
};

const FIRST: Readonly<Record<OrderWord, boolean | null>> = { baseline: true, candidate: false, tie: null };

/** Counts whether the answer that came first was preferred, in each order. */
const countOrders = (counts: Counts, { labels }: PairRow): void => {
  const [one, two] = [orderWordOf(labels.judge_first), orderWordOf(labels.judge_second)];
  const [inOne, inTwo] = [one && FIRST[one], two && FIRST[two]];
  if (inOne !== null) count(counts.first, inOne);
  if (inTwo !== null) count(counts.first, !inTwo);
};

const countRerun = (counts: Counts, { labels, numbers }: PairRow): void => {
  counts.reruns += 1;
  const word = judgeWordOf(labels.judge);
  if (word !== "prefers-candidate" && word !== "prefers-baseline") return;
  const prefersOther = word === "prefers-candidate";
  count(counts.second, prefersOther);
  const ratio = numbers.length_ratio ?? 1;
  if (ratio >= LONGER || ratio <= 1 / LONGER) count(counts.longer, ratio > 1 === prefersOther);
};

const take = (counts: Counts, row: PairRow): void => {
  const word = judgeWordOf(row.labels.judge);
  countOrders(counts, row);
  count(counts.inconsistent, word === "inconsistent");
  if (row.kind === "rerun") countRerun(counts, row);
  else counts.pairs += 1;
  const person = preferenceWordOf(row.labels.person);
  if (person !== null) count(counts.agrees, person === word);
};

const fitnessOf = ({ reruns, second, longer }: Counts): readonly [JudgeFitness, string] => {
  const [even, taste] = [shareOf(second), shareOf(longer)];
  if (even.lower > 0.5 || even.upper < 0.5)
    return ["unfit", "it prefers one of two answers of the same model to the same request"];
  if (taste.lower > 0.5 + TASTE) return ["unfit", "it prefers the longer answer, whatever it says"];
  if (taste.upper < 0.5 - TASTE) return ["unfit", "it prefers the shorter answer, whatever it says"];
  if (reruns < MIN_RERUNS) return ["unknown", `it has read ${reruns} of the ${MIN_RERUNS} reruns it is tried on`];
  return ["fit", ""];
};

/** What is known of a judge, as rows come in. */
export interface JudgeRecord {
  /** Takes in a row; true where its judge is the one that counts. A new version makes what the earlier one said void. */
  readonly add: (row: PairRow) => boolean;
  readonly version: () => string;
  /** `read`: pairs that a person read after they were taken in. */
  readonly reading: (read?: readonly ReadPair[]) => JudgeReading;
}

/** A judge of which nothing is known. */
export const createJudgeRecord = (): JudgeRecord => {
  const seen = new Set<string>();
  let counts = createCounts("");
  const isCurrent = (version: string): boolean => {
    if (version === counts.version) return true;
    if (seen.has(version) || seen.size >= MAX_VERSIONS) return false;
    seen.add(version);
    counts = createCounts(version);
    return true;
  };
  return {
    add: (row) => {
      if (judgeWordOf(row.labels.judge) === null || !isCurrent(row.labels.judge_version ?? "")) return false;
      take(counts, row);
      return true;
    },
    version: () => counts.version,
    reading: (read = []) => {
      const agrees = { ...counts.agrees };
      for (const { row, word } of read) {
        const judged = (row.labels.judge_version ?? "") === counts.version ? judgeWordOf(row.labels.judge) : null;
        if (judged !== null) count(agrees, judged === word);
      }
      const [fitness, reason] = fitnessOf(counts);
      return {
        ...{ version: counts.version, fitness, reason, pairs: counts.pairs, reruns: counts.reruns },
        ...{ rerunsPreferSecond: shareOf(counts.second), prefersFirst: shareOf(counts.first) },
        ...{ prefersLonger: shareOf(counts.longer), inconsistent: shareOf(counts.inconsistent) },
        agrees: shareOf(agrees),
      };
    },
  };
};
