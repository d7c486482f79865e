import { answerForm, putAnswerFormat } from "./answer-format.ts";
import { putCodeFence } from "./code-fence.ts";
import { putDegeneration } from "./degeneration.ts";
import { languageOf } from "./language.ts";
import { putLength } from "./length.ts";
import { scanLines } from "./line-scan.ts";
import { putManner } from "./manner.ts";
import { putMarkdown } from "./markdown.ts";
import { normaliseText } from "./refusal/normalise.ts";
import { dominantScript, putScript } from "./script.ts";
import { scanText } from "./text-scan.ts";
import type { WrittenFeatures, WrittenLabels } from "./written-features.ts";

/** The families that need the text alone. */
export interface TextFeatures {
  readonly codeFence: boolean;
  /** The beginning of the text, normalised; see normaliseText. */
  readonly plain: string;
  /** Of this answer alone, as the labels are: the caller may write further families to them. */
  readonly features: WrittenFeatures;
  readonly labels: WrittenLabels;
}

/** Measures a text of at most 18 Ki characters, as sampleText() gives it. Linear. */
export const textFeatures = (text: string): TextFeatures => {
  const scan = scanText(text);
  const lines = scanLines(text);
  const plain = normaliseText(text, scan.marks);
  const trimmed = text.trim();
  const script = dominantScript(scan);
  const language = script === null ? null : languageOf(plain, script);
  const features: WrittenFeatures = {};
  putLength(features, scan, lines);
  putAnswerFormat(features, trimmed, lines);
  putCodeFence(features, lines);
  putMarkdown(features, text, lines, scan.marks);
  putManner(features, plain, trimmed, scan);
  putDegeneration(features, scan);
  putScript(features, text, scan);
  const labels: WrittenLabels = { answer_form: answerForm(trimmed, lines) };
  if (script !== null) labels.script = script;
  if (language !== null) labels.language = language;
  return { codeFence: lines.fences > 0, plain, features, labels };
};
