import type { CaseResult } from "../../agent/suite/judge-suite.ts";
import type { SuiteReport } from "../../agent/suite/suite-report.ts";
import { printableLine } from "../../core/printable.ts";
import { reasonText, suiteLines } from "./suite.ts";

/** GitHub ends a message at a line break, and a property at a comma or colon. */
const data = (text: string): string =>
  printableLine(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** `suite.yaml:12`, as GitHub has places. */
const placeOf = (place: string): string => {
  const [, file = place, line] = /^(.*):(\d+)$/.exec(place) ?? [];
  return `file=${property(file)}${line === undefined ? "" : `,line=${line}`}`;
};

/** GitHub shows ten of a kind and step. */
const MOST = 10;

const caseLine = (each: CaseResult, level: "error" | "warning"): string =>
  `::${level} ${placeOf(each.place)},title=${property(`${each.id}: ${each.verdict.word}`)}::${data(reasonText(each))}\n`;

const VERDICT: Readonly<Record<SuiteReport["verdict"], "error" | "warning" | "notice">> = {
  equivalent: "notice",
  better: "notice",
  "not-equivalent": "error",
  undecided: "warning",
};

/** Annotations of GitHub Actions: the verdict, worse cases where they stand, and what is wrong with the suite. */
export const renderAnnotations = (report: SuiteReport): string => {
  const level = report.verdict === "not-equivalent" ? "error" : "warning";
  const of = (word: string): readonly CaseResult[] => report.cases.filter(({ verdict }) => verdict.word === word);
  return [
    `::${VERDICT[report.verdict]} title=${property(report.suite)}::${data(suiteLines(report).join(". "))}\n`,
    ...of("worse")
      .slice(0, MOST)
      .map((each) => caseLine(each, level)),
    ...report.problems.slice(0, MOST).map((problem) => `::error title=${property(report.suite)}::${data(problem)}\n`),
  ].join("");
};
