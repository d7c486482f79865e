import type { CaseResult } from "../../agent/suite/judge-suite.ts";
import type { SuiteReport } from "../../agent/suite/suite-report.ts";
import { countText } from "../../core/count-text.ts";
import { exactPercent, percent } from "../../core/percent.ts";
import { printableLine } from "../../core/printable.ts";
import { shortNumber } from "../../core/short-number.ts";
import type { Share } from "../../detectors/suite/share-of.ts";
import { renderTable } from "./table.ts";

const plural = (n: number, one: string): string => `${countText(n)} ${one}${n === 1 ? "" : "s"}`;

/** A chance for people: below a thousandth it is small enough. */
export const chanceText = (chance: number | null): string => {
  if (chance === null) return "unknown";
  return chance < 0.001 ? "below 0.1%" : percent(chance);
};

/** How many more cases an undecided suite would take. */
const moreText = ({ statistics, least_cases: least, n, is_noisy: isNoisy, runs }: SuiteReport): string => {
  const needed = statistics.casesNeeded;
  const cases =
    needed === null
      ? "no number of cases like these is foreseen to decide it: a wider margin, or other cases"
      : `about ${countText(needed - n)} more cases like these would decide it`;
  const floor =
    least !== null && n < least ? `; less than ${countText(least)} are never equivalent at this margin` : "";
  return `${cases}${floor}${isNoisy ? `; or more runs of each than ${runs}, as most differences are of runs` : ""}`;
};

/** The verdict of a suite in one sentence, and what it rests on. */
export const suiteLines = (report: SuiteReport): readonly string[] => {
  const { verdict, statistics, silent, asked } = report;
  const { noise, atMargin, difference, margin } = statistics;
  const within = `within ${exactPercent(margin)}`;
  const isWorse = noise.worse <= 0.025;
  const isBetter = noise.better <= 0.025;
  const side = isWorse ? ", and worse by less than that" : isBetter ? ", and better by less than that" : "";
  const stopped = Object.entries(asked).flatMap(([of, { stopped: why }]) =>
    why === "" ? [] : [`the ${of} was not asked everything: ${why}`],
  );
  const failed = Object.entries(asked).flatMap(([of, { failed: all }]) =>
    all.map(({ reason, count }) => `${plural(count, "question")} to the ${of} failed: ${reason}`),
  );
  const undecided = [...silent.map((of) => `the ${of} answered nothing`), ...stopped, ...failed];
  const words: Readonly<Record<SuiteReport["verdict"], string>> = {
    equivalent: `EQUIVALENT ${within}${side}: chance of such cases if they were ${exactPercent(margin)} apart ${chanceText(Math.max(atMargin.worse, atMargin.better))} at most`,
    "not-equivalent": `NOT EQUIVALENT: the candidate is worse; chance of this if it was not ${chanceText(noise.worse)}`,
    better: `BETTER: the candidate passes more; chance of this if it did not ${chanceText(noise.better)}`,
    undecided: `UNDECIDED: ${undecided.length > 0 ? undecided.join("; ") : moreText(report)}`,
  };
  const change =
    difference === null ? "unknown" : `${difference > 0 ? "+" : ""}${shortNumber(difference * 100)} points`;
  return [
    words[verdict],
    `${report.baseline} passes ${percent(statistics.baseline)}, ${report.candidate} ${percent(statistics.candidate)} (${change}; ${plural(report.n, "case")}, ${plural(report.runs, "run")} each)`,
  ];
};

const passesText = ({ passes, runs }: CaseResult["baseline"]): string => `${passes}/${runs}`;

/** A case and why, in one line. */
export const reasonText = ({ baseline, candidate, verdict }: CaseResult): string =>
  (verdict.word === "better"
    ? [...baseline.reasons, ...candidate.reasons]
    : [...candidate.reasons, ...baseline.reasons])[0] ?? "";

const ORDER = ["worse", "unknown", "better", "flaky"] as const;

/** Cases that a table of the terminal has. */
const MOST_ROWS = 40;

const caseRows = (cases: readonly CaseResult[]): readonly (readonly string[])[] =>
  ORDER.flatMap((word) => cases.filter(({ verdict }) => verdict.word === word)).map((each) => [
    each.verdict.word,
    each.id,
    each.kind,
    passesText(each.baseline),
    passesText(each.candidate),
    chanceText(each.verdict.noise),
    each.incident === "" ? reasonText(each) : `${reasonText(each)} (${each.incident})`,
  ]);

const shareText = ({ share, lower, upper, of }: Share): string =>
  share === null ? "none" : `${percent(share)} (${percent(lower)} to ${percent(upper)}, of ${of})`;

/** Tables of labelled tasks. */
export const groupLines = ({ groups }: SuiteReport): readonly string[] =>
  groups.flatMap(({ group, labels, fields }) => [
    "",
    `${group}: 95% intervals, an example counts once, by what most of its runs say`,
    ...(labels === null
      ? []
      : renderTable(
          ["label", "precision baseline", "candidate", "recall baseline", "candidate"],
          labels.baseline.map(({ label, precision, recall }, at) => {
            const other = labels.candidate[at];
            return [
              label,
              shareText(precision),
              other ? shareText(other.precision) : "",
              shareText(recall),
              other ? shareText(other.recall) : "",
            ];
          }),
        )),
    ...(fields === null
      ? []
      : renderTable(
          ["field", "accuracy baseline", "candidate"],
          fields.baseline.map(({ field, accuracy }) => {
            const other = fields.candidate.find((each) => each.field === field);
            return [field, shareText(accuracy), other ? shareText(other.accuracy) : ""];
          }),
        )),
  ]);

/** `12 same, 3 worse …`, with how many noise alone would make. */
export const wordsLine = ({ words, by_noise: noise }: SuiteReport): string =>
  `${words.same} same, ${words.better} better, ${words.worse} worse, ${words.flaky} flaky, ${words.unknown} unknown (noise alone: ${shortNumber(noise.better, 2)} better, ${shortNumber(noise.worse, 2)} worse)`;

/** What was left out, could not be asked or was refused. */
export const troubleLines = ({ problems, warnings, asked }: SuiteReport): readonly string[] => [
  ...warnings.map((warning) => `warning: ${warning}`),
  ...problems.map((problem) => `problem: ${problem}`),
  ...Object.entries(asked).flatMap(([of, { notAskable, refused }]) => [
    ...notAskable.map(
      ({ reason, count, first }) => `${countText(count)} cannot be asked of the ${of}: ${reason} (first ${first})`,
    ),
    ...refused.map(
      ({ reason, count, first }) => `${countText(count)} were refused by the ${of}: ${reason} (first ${first})`,
    ),
  ]),
];

/** `leeway suite run` for people. */
export const renderSuite = (report: SuiteReport): string => {
  const rows = caseRows(report.cases);
  const more = rows.length - MOST_ROWS;
  return [
    `${report.suite}: ${suiteLines(report).join("\n")}`,
    wordsLine(report),
    ...(rows.length === 0
      ? []
      : ["", ...renderTable(["", "case", "kind", "baseline", "candidate", "noise", "why"], rows.slice(0, MOST_ROWS))]),
    ...(more > 0 ? [`and ${countText(more)} more: --json, --html or --junit has all`] : []),
    ...groupLines(report),
    "",
    ...troubleLines(report),
    `spent: $${shortNumber(report.usd)} by this run`,
  ]
    .flatMap((line) => line.split("\n"))
    .map((line) => `${printableLine(line)}\n`)
    .join("");
};
