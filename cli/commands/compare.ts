import { measuresFor } from "../../agent/compare/measures.ts";
import { observe } from "../../agent/compare/observe.ts";
import { readRecord } from "../../agent/compare/read-record.ts";
import { readCohorts } from "../../agent/compare/read-records.ts";
import { type ReadReport, reportLines } from "../../agent/compare/read-report.ts";
import type { AnswerRecord } from "../../agent/compare/record.ts";
import { withLosses } from "../../agent/compare/with-losses.ts";
import { LeewayError } from "../../core/errors.ts";
import { printableValues } from "../../core/printable-values.ts";
import { type Comparison, compare as compareAnswers } from "../../detectors/compare/compare.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderComparison } from "../render/comparison.ts";
import { renderComparisonPage } from "../render/comparison-page.ts";
import { writePage } from "../write-page.ts";

/** What `leeway compare` is told: one file with both cohorts, or one file each. */
export interface CompareOptions {
  readonly records: string | null;
  readonly baseline: string | null;
  readonly canary: string | null;
  readonly json: boolean;
  /** Where to write a report people can read; null = none. */
  readonly html: string | null;
  /** True where too few answers are to pass: exit 0 instead of 4. */
  readonly allowUndecided: boolean;
  /** True: anything that cannot be read as it is ends the command, instead of being left out and told. */
  readonly strict: boolean;
}

/** Too few answers are no pass: a gate must not open because a file was short. */
const EXIT: Readonly<Record<Comparison["verdict"], ExitCode>> = { drift: 1, none: 0, undecided: 4 };

const checkCohorts = (records: readonly AnswerRecord[], report: ReadReport): void => {
  for (const cohort of ["baseline", "canary"] as const) {
    if (records.some((record) => record.cohort === cohort)) continue;
    throw new LeewayError(
      "records-invalid",
      [
        `leeway compare: no ${cohort} answer among ${records.length}; expected both cohorts`,
        ...reportLines(report),
      ].join("\n"),
    );
  }
};

/** `leeway compare`: exit 0 nothing found, 1 drift found, 2 bad input, 4 too few answers to say. */
export const compare = async (options: CompareOptions, print: (text: string) => void): Promise<ExitCode> => {
  const { records, report } = await readCohorts("compare", options, readRecord);
  checkCohorts(records, report);
  const observations = observe(records);
  const comparison = withLosses(compareAnswers(measuresFor(records), observations), report, records);
  if (options.html !== null) writePage(options.html, renderComparisonPage(comparison, observations));
  print(
    options.json
      ? `${JSON.stringify({ schema: "leeway.compare/2", ...comparison, read: report })}\n`
      : `${renderComparison(printableValues(comparison), observations)}\n`,
  );
  return comparison.verdict === "undecided" && options.allowUndecided ? 0 : EXIT[comparison.verdict];
};
