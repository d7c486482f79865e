import type { CaseWord } from "../../detectors/suite/case-verdict.ts";
import { expectedByNoise } from "../../detectors/suite/case-verdict.ts";
import { leastCases } from "../../detectors/suite/more-needed.ts";
import { type SuiteVerdict, suiteVerdict } from "../../detectors/suite/suite-verdict.ts";
import type { SideReport } from "./ask-suite.ts";
import type { Side } from "./asked-case.ts";
import type { CaseResult, JudgedSuite } from "./judge-suite.ts";
import type { Suite } from "./suite.ts";

/** Everything that a run of a suite came to: what all its reports are made of, and what `--json` prints. */
export interface SuiteReport extends JudgedSuite {
  readonly schema: "leeway.suite-result/1";
  readonly suite: string;
  /** As `leeway decide` reads it: worse is not equivalent. */
  readonly verdict: "equivalent" | "not-equivalent" | "better" | "undecided";
  /** Names of the models. */
  readonly baseline: string;
  readonly candidate: string;
  /** Cases that count, and of them those that are better and worse. */
  readonly n: number;
  readonly better: number;
  readonly worse: number;
  /** Day, UTC. */
  readonly date: string;
  readonly runs: number;
  readonly words: Readonly<Record<CaseWord, number>>;
  /** How many cases noise alone would make better, and worse. */
  readonly by_noise: { readonly better: number; readonly worse: number };
  readonly statistics: SuiteVerdict;
  /** Fewest cases, all of them equal, that can be equivalent; null = none can, at a margin of 0. */
  readonly least_cases: number | null;
  /** True where the runs of most telling cases differ: more runs of each would say more. */
  readonly is_noisy: boolean;
  readonly asked: Readonly<Record<Side, SideReport>>;
  /** US dollars of this run. */
  readonly usd: number;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const WORDS: Readonly<Record<SuiteVerdict["word"], SuiteReport["verdict"]>> = {
  equivalent: "equivalent",
  worse: "not-equivalent",
  better: "better",
  undecided: "undecided",
};

const countWords = (cases: readonly CaseResult[]): Readonly<Record<CaseWord, number>> => {
  const counts = { same: 0, better: 0, worse: 0, flaky: 0, unknown: 0 };
  for (const { verdict } of cases) counts[verdict.word] += 1;
  return counts;
};

/** What a report is made of beside the answers. */
export interface ReportParts {
  readonly suite: Suite;
  readonly runs: number;
  readonly names: Readonly<Record<Side, string>>;
  readonly asked: Readonly<Record<Side, SideReport>>;
  readonly usd: number;
  /** Epoch ms. */
  readonly now: number;
}

/** Cases of which a check could never be said: the check is wrong, or what it needs is missing. */
const brokenCases = (cases: readonly CaseResult[]): readonly string[] =>
  cases
    .filter(({ baseline, candidate }) => baseline.broken + candidate.broken > 0)
    .map(({ place, id, baseline, candidate }) => {
      const [reason = "not known"] = [...candidate.reasons, ...baseline.reasons];
      const count = baseline.broken + candidate.broken;
      return `${place}: ${id}: ${count} answers could not be judged: ${reason}; expected a check that can be said`;
    });

/** True where questions are left that the same command would still ask: a part of the runs decides nothing. */
const isCutShort = (asked: SuiteReport["asked"]): boolean =>
  Object.values(asked).some(({ stopped, failed }) => stopped !== "" || failed.length > 0);

/** The report of a run. Where a model answered nothing, or not everything that was to be asked, it is undecided. */
export const suiteReport = (judged: JudgedSuite, parts: ReportParts): SuiteReport => {
  const { suite, runs, names, asked, usd, now } = parts;
  const words = countWords(judged.cases);
  const counts = judged.cases.map(({ baseline, candidate }) => ({ baseline, candidate }));
  const found = suiteVerdict(counts, suite.margin);
  const isPart = judged.silent.length > 0 || isCutShort(asked);
  const statistics = isPart ? { ...found, word: "undecided" as const, casesNeeded: null } : found;
  const least = leastCases(suite.margin);
  return {
    ...{ schema: "leeway.suite-result/1", suite: suite.name, verdict: WORDS[statistics.word] },
    ...{ baseline: names.baseline, candidate: names.candidate, n: statistics.cases },
    ...{ better: words.better, worse: words.worse, date: new Date(now).toISOString().slice(0, 10), runs, words },
    by_noise: expectedByNoise(counts),
    ...{
      statistics,
      least_cases: Number.isFinite(least) ? least : null,
      is_noisy: words.flaky > words.better + words.worse,
    },
    ...{ asked, usd, problems: [...suite.problems, ...brokenCases(judged.cases)], warnings: suite.warnings, ...judged },
  };
};
