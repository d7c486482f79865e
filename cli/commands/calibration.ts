import type { CalibrationRecord } from "../../agent/calibration/calibration-record.ts";
import { type ConfidenceKind, usualKind } from "../../agent/calibration/confidence-of.ts";
import { confidentAnswers } from "../../agent/calibration/confident-answers.ts";
import type { OutcomeRule } from "../../agent/calibration/outcome-of.ts";
import { readCalibrationRecord } from "../../agent/calibration/read-calibration-record.ts";
import type { ToldCalibration } from "../../agent/calibration/told-calibration.ts";
import { readCohorts } from "../../agent/compare/read-records.ts";
import { reportLines } from "../../agent/compare/read-report.ts";
import { LeewayError } from "../../core/errors.ts";
import { parsePercent } from "../../core/parse-amount.ts";
import { printableValues } from "../../core/printable-values.ts";
import { type Calibration, calibrate } from "../../detectors/calibration/calibrate.ts";
import type { Kept } from "../../detectors/calibration/threshold.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderCalibration } from "../render/calibration.ts";
import { renderCalibrationPage } from "../render/calibration-page.ts";
import { writePage } from "../write-page.ts";

/** What `leeway calibration` is told, as the command line has it. */
export interface CalibrationFlags {
  readonly baseline?: string;
  readonly canary?: string;
  readonly confidence?: string;
  readonly score?: string;
  readonly atLeast: string;
  readonly threshold: string;
  readonly keep: string;
  readonly margin: string;
  readonly json?: boolean;
  readonly html?: string;
  readonly allowUndecided?: boolean;
  readonly strict?: boolean;
}

const EXIT: Readonly<Record<Calibration["verdict"], ExitCode>> = { drift: 1, none: 0, undecided: 4 };
/** The same files give the same result. */
const SEED = 20_260;

const wrong = (option: string, given: string, expected: string): LeewayError =>
  new LeewayError("config-invalid", `${option}: ${JSON.stringify(given)}; expected ${expected}`);

const readShare = (option: string, text: string): number => {
  const share = parsePercent(text) ?? (text.trim() === "" ? Number.NaN : Number(text));
  if (share >= 0 && share <= 1) return share;
  throw wrong(option, text, "0 to 1, or a percentage, such as 0.85 or 85%");
};

const readMargin = (text: string): number => {
  const margin = readShare("--margin", text);
  if (margin > 0) return margin;
  throw wrong("--margin", text, "more than 0: no number of answers shows that nothing differs at all");
};

const readKind = (text: string): ConfidenceKind => {
  if (text === "stated" || text === "logprob") return text;
  throw wrong("--confidence", text, "stated or logprob");
};

const readKept = (text: string): readonly Kept[] => {
  if (text === "both") return ["precision", "recall"];
  if (text === "precision" || text === "recall") return [text];
  throw wrong("--keep", text, "precision, recall or both");
};

const readRule = ({ score, atLeast }: CalibrationFlags): OutcomeRule => {
  if (score === undefined) return null;
  const number = atLeast.trim() === "" ? Number.NaN : Number(atLeast);
  if (!Number.isFinite(number)) throw wrong("--at-least", atLeast, "a number");
  return { score, atLeast: number };
};

const ruleText = (rule: OutcomeRule): string =>
  rule === null ? "correct, or output equal to label" : `score ${rule.score} of at least ${rule.atLeast}`;

const nothing = (records: readonly CalibrationRecord[], notes: readonly string[]): LeewayError =>
  new LeewayError(
    "records-invalid",
    [
      `leeway calibration: none of ${records.length} answers has both a confidence and an outcome; expected confidence (or mean_logprob) and correct (or label, or --score)`,
      ...notes,
    ].join("\n"),
  );

/** `leeway calibration`: exit 0 nothing differs, 1 the confidence means something else, 2 bad input, 4 too few answers to say. */
export const runCalibration = async (
  records: string | null,
  flags: CalibrationFlags,
  print: (text: string) => void,
): Promise<ExitCode> => {
  const { baseline = null, canary = null, strict = false } = flags;
  const [rule, keeps, margin] = [readRule(flags), readKept(flags.keep), readMargin(flags.margin)];
  const thresholds = flags.threshold.split(",").map((text) => readShare("--threshold", text));
  const given = flags.confidence === undefined ? null : readKind(flags.confidence);
  const read = await readCohorts("calibration", { records, baseline, canary, strict }, readCalibrationRecord);
  const kind = given ?? usualKind(read.records);
  const { answers, notes: noticed } = confidentAnswers(read.records, kind, rule);
  const notes = [...noticed, ...reportLines(read.report)];
  if (answers.length === 0) throw nothing(read.records, notes);
  const calibration = calibrate(answers, { margin, thresholds, keeps, seed: SEED });
  const told: ToldCalibration = { ...calibration, confidence: kind, outcome: ruleText(rule), margin, notes };
  if (flags.html !== undefined) writePage(flags.html, renderCalibrationPage(told));
  print(
    flags.json === true
      ? `${JSON.stringify({ schema: "leeway.calibration/1", ...told, seed: SEED, read: read.report })}\n`
      : `${renderCalibration(printableValues(told))}\n`,
  );
  return told.verdict === "undecided" && flags.allowUndecided === true ? 0 : EXIT[told.verdict];
};
