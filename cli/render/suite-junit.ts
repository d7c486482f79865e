import type { CaseResult } from "../../agent/suite/judge-suite.ts";
import type { SuiteReport } from "../../agent/suite/suite-report.ts";
import { printableLine } from "../../core/printable.ts";
import { escapeHtml } from "../../status/html.ts";
import { chanceText, suiteLines } from "./suite.ts";

/** XML has no place for control characters, not even escaped: they are written out. */
const xml = (text: string): string => escapeHtml(printableLine(text).replaceAll(/[\ufffe\uffff]/g, "?"));

const passes = (of: string, { passes: count, runs }: CaseResult["baseline"]): string => `${of} ${count} of ${runs}`;

const detail = ({ baseline, candidate, verdict }: CaseResult): string =>
  `${passes("baseline", baseline)}, ${passes("candidate", candidate)}, noise ${chanceText(verdict.noise)}`;

/** A worse case is a failure, an unknown one an error; a flaky one passes, and says so. */
const outcome = (each: CaseResult): string => {
  const reasons = [...each.candidate.reasons, ...each.baseline.reasons].map(xml).join("&#10;");
  const message = xml(detail(each));
  if (each.verdict.word === "worse") return `<failure type="worse" message="${message}">${reasons}</failure>`;
  if (each.verdict.word === "unknown") return `<error type="unknown" message="${message}">${reasons}</error>`;
  return each.verdict.word === "same" ? "" : `<system-out>${each.verdict.word}: ${message}</system-out>`;
};

/** A suite as JUnit XML: a test suite a kind of case, and one with the verdict of the whole. */
export const renderJunit = (report: SuiteReport): string => {
  const name = xml(report.suite);
  const kinds = [...new Set(report.cases.map(({ kind }) => kind))];
  const suites = kinds.map((kind) => {
    const cases = report.cases.filter((each) => each.kind === kind);
    const count = (word: string): number => cases.filter(({ verdict }) => verdict.word === word).length;
    const lines = cases.map(
      (each) => `    <testcase classname="${name}.${kind}" name="${xml(each.id)}">${outcome(each)}</testcase>`,
    );
    return [
      `  <testsuite name="${name}.${kind}" tests="${cases.length}" failures="${count("worse")}" errors="${count("unknown")}">`,
      ...lines,
      "  </testsuite>",
    ].join("\n");
  });
  const isWorse = report.verdict === "not-equivalent";
  const isOpen = report.verdict === "undecided";
  const words = suiteLines(report).map(xml);
  const inner =
    isWorse || isOpen ? `<${isWorse ? "failure" : "error"} type="${report.verdict}" message="${words[0] ?? ""}"/>` : "";
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="${name}">`,
    `  <testsuite name="${name}" tests="1" failures="${isWorse ? 1 : 0}" errors="${isOpen ? 1 : 0}">`,
    `    <testcase classname="${name}" name="the candidate is equivalent">${inner}<system-out>${words.join("&#10;")}</system-out></testcase>`,
    "  </testsuite>",
    ...suites,
    "</testsuites>\n",
  ].join("\n");
};
